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
  const { availability } = t;
  const open = view.verdict === 'not-proven';
  const facts = [
    view.norm !== null && availability.norm(f.percent(view.norm)),
    view.percent !== null &&
      view.coveragePercent !== null &&
      availability.coverage(f.percent(view.coveragePercent, 2)),
    view.percent !== null &&
      view.measuredSince !== null &&
      availability.since(f.date(view.measuredSince)),
  ].filter((fact) => fact !== false);
  const notes = [
    view.percent !== null && open && spread(view, t, f),
    view.percent !== null && !open && budget(view, t, f),
  ].filter((note) => note !== false && note !== null);
  return {
    label: t.part[view.part],
    figure: view.percent === null ? null : f.percent(view.percent),
    of: view.percent !== null && open ? availability.ofMeasured : null,
    verdict: view.percent === null ? t.verdict['no-data'] : t.verdict[view.verdict],
    facts,
    notes,
  };
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
