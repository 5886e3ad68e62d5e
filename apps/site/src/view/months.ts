import type { PageView } from '@upheld/services/read/page-view.ts';
import type { Formats } from './format.ts';

/** How far back the pages of the past go when no component is older: what a rolling year looks at. */
const ALWAYS = 12;

/**
 * The months before and after one, as far as there is something to see: from the oldest component,
 * or a year back, to this month. Null for a month outside of that.
 */
export function monthsAround(
  month: string,
  view: PageView,
  f: Formats,
): { earlier: string | null; later: string | null } | null {
  const current = f.monthOf(view.generatedAt);
  const made = view.groups.flatMap((group) =>
    group.components.flatMap(({ createdAt, availability }) => [
      createdAt,
      ...availability.map(({ from }) => from),
    ]),
  );
  const oldest = [step(current, -ALWAYS), ...made.map((at) => f.monthOf(at))].reduce((a, b) =>
    a < b ? a : b,
  );
  // A maintenance may be announced for the months to come.
  const newest = view.maintenances
    .map(({ to }) => f.monthOf(to))
    .reduce((a, b) => (a > b ? a : b), current);
  if (month < oldest || month > newest) return null;
  return {
    earlier: month > oldest ? step(month, -1) : null,
    later: month < newest ? step(month, 1) : null,
  };
}

/** A month YYYY-MM some months on or back. */
export function step(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const months = year * 12 + number - 1 + by;
  return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}`;
}
