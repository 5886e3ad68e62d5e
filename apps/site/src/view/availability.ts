import type { AvailabilityView } from '@upheld/services/read/page-view.ts';
import type { Dictionary } from '../i18n/dictionary.ts';
import type { Formats } from './format.ts';

/** One availability figure in words. */
export interface AvailabilityText {
  label: string;
  /** Null where nothing was measured: then there is no figure, and certainly not 100%. */
  figure: string | null;
  /** What the figure is a part of, where that is not all of the time. */
  of: string | null;
  verdict: string;
  /** Norm, coverage and since when, in this order, as far as there is something to say. */
  facts: readonly string[];
  /** What the unmeasured time leaves open, and what is left of the norm. */
  notes: readonly string[];
}

export function describeAvailability(
  view: AvailabilityView,
  t: Dictionary,
  f: Formats,
): AvailabilityText {
  const norm = view.norm === null ? [] : [t.availability.norm(f.percent(view.norm))];
  if (view.percent === null)
    return {
      label: partLabel(view.part, t),
      figure: null,
      of: null,
      verdict: t.verdict['no-data'],
      facts: norm,
      notes: [],
    };
  const open = view.verdict === 'not-proven';
  const note = open ? spread(view, t, f) : budget(view, t, f);
  return {
    label: partLabel(view.part, t),
    figure: f.percent(view.percent),
    of: open ? t.availability.ofMeasured : null,
    verdict: t.verdict[view.verdict],
    facts: [...norm, ...measured(view, t, f)],
    notes: note === null ? [] : [note],
  };
}

/** What the figure of a part of time is called. An agreement may name parts of its own. */
export function partLabel(part: string, t: Dictionary): string {
  const known: Readonly<Record<string, string>> = t.part;
  const name = Object.hasOwn(known, part) ? known[part] : undefined;
  return name ?? `${t.part.all} (${part})`;
}

function measured(view: AvailabilityView, t: Dictionary, f: Formats): readonly string[] {
  const { coveragePercent, measuredSince } = view;
  return [
    ...(coveragePercent === null ? [] : [t.availability.coverage(coverage(coveragePercent, t, f))]),
    ...(measuredSince === null ? [] : [t.availability.since(f.date(measuredSince))]),
  ];
}

/** So little that two decimals cut it to nothing is still not nothing. */
function coverage(percent: string, t: Dictionary, f: Formats): string {
  const least = '0.01';
  return Number(percent) > 0 && Number(percent) < Number(least)
    ? t.availability.lessThan(f.percent(least, 2))
    : f.percent(percent, 2);
}

/** What the figure could become whatever happened while nobody measured. */
function spread(view: AvailabilityView, t: Dictionary, f: Formats): string | null {
  const { lowestPercent: low, highestPercent: high } = view;
  if (low === null || high === null) return null;
  const [from, to] = [f.percent(low), f.percent(high)];
  return from === to ? null : t.availability.between(from, to);
}

/** `budgetSeconds` is what is left; with what was used it is what the norm allows. */
function budget(view: AvailabilityView, t: Dictionary, f: Formats): string | null {
  if (view.budgetSeconds === null) return null;
  const allowed = f.hours(view.budgetSeconds + view.downSeconds);
  return view.budgetSeconds >= 0
    ? t.availability.left(f.hours(view.budgetSeconds), allowed)
    : t.availability.over(f.hours(-view.budgetSeconds), allowed);
}
