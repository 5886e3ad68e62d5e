import { clip } from '../time/interval.ts';
import type { Account } from './account.ts';
import { turnsOf } from './maintenance-verdict.ts';

/**
 * Where a maintenance of the facts stands to the period: `inside` when one of its windows or its work touches
 * it; `same-month` when it only uses a turn of a month in which one that is inside uses one too; and else
 * `elsewhere`, where it has no part in anything that is said of the period.
 */
export type MaintenancePlace = 'inside' | 'same-month' | 'elsewhere';

/** The place of each maintenance by its id. */
export function placesOf({
  rules,
  ledger,
  judged,
}: Account): ReadonlyMap<string, MaintenancePlace> {
  const turns = turnsOf(rules, judged);
  const months = new Set<string>();
  const inside = new Set(
    judged.filter(({ maintenance: { announcements, work } }) =>
      [...announcements, ...(work ? [work] : [])].some(
        (span) => clip([span], ledger.period).length > 0,
      ),
    ),
  );
  for (const one of inside) {
    const turn = turns.get(one);
    if (turn) months.add(turn.month);
  }
  return new Map(
    judged.map((one) => {
      const month = turns.get(one)?.month;
      const beside = month !== undefined && months.has(month) ? 'same-month' : 'elsewhere';
      return [one.maintenance.id, inside.has(one) ? 'inside' : beside];
    }),
  );
}
