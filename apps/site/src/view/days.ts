import type { ComponentView, DayView } from '@upheld/services/read/page-view.ts';
import type { Dictionary } from '../i18n/dictionary.ts';
import type { Formats } from './format.ts';

/**
 * What one stretch of the bar shows. Days of which there is nothing to tell are taken together, so
 * that a screen reader hears "no outage" once and not eighty times.
 */
export interface DayRun {
  kind: DayKind;
  from: string;
  to: string;
  length: number;
  /** The day, where there is something to tell of it. */
  day: DayView | null;
}

/** `partly`: nothing was seen to fail, but a good part of the day was not measured. */
export type DayKind = DayView['state'] | 'partly';

// Restarts and updates leave gaps of minutes, which say nothing about a day.
const PARTLY_FROM_SECONDS = 3600;

/** The bar as stretches, oldest first. */
export function dayRuns(days: readonly DayView[]): readonly DayRun[] {
  const runs: DayRun[] = [];
  for (const day of days) {
    const kind = kindOf(day);
    const last = runs.at(-1);
    const notable = isNotable(day);
    if (last?.kind === kind && !notable) {
      last.to = day.date;
      last.length += 1;
    } else runs.push({ kind, from: day.date, to: day.date, length: 1, day: notable ? day : null });
  }
  return runs;
}

/** Whether something happened on a day: a customer may want to know what. */
export function isNotable({ state, incidents }: DayView): boolean {
  return (
    state === 'down' || state === 'degraded' || state === 'maintenance' || incidents.length > 0
  );
}

function kindOf(day: DayView): DayKind {
  return day.state === 'up' && day.unmeasuredSeconds >= PARTLY_FROM_SECONDS ? 'partly' : day.state;
}

/** What a stretch shows, in words. */
export function describeRun(run: DayRun, t: Dictionary, f: Formats): string {
  const when = run.length === 1 ? f.day(run.from) : t.bar.range(f.day(run.from), f.day(run.to));
  return `${when}: ${run.day ? describeDay(run.day, t, f) : calm(run.kind, t)}`;
}

/** What happened on a day, worst first. */
export function describeDay(day: DayView, t: Dictionary, f: Formats): string {
  const { bar } = t;
  const parts = [
    day.downSeconds > 0 && bar.outage(f.duration(day.downSeconds)),
    day.degradedSeconds > 0 && bar.degraded(f.duration(day.degradedSeconds)),
    day.maintenanceSeconds > 0 && bar.maintenance(f.duration(day.maintenanceSeconds)),
    day.unmeasuredSeconds >= PARTLY_FROM_SECONDS &&
      bar.unmeasuredFor(f.duration(day.unmeasuredSeconds)),
  ].filter((part) => part !== false);
  return parts.length > 0 ? parts.join('; ') : calm(kindOf(day), t);
}

function calm(kind: DayKind, { bar }: Dictionary): string {
  if (kind === 'unmeasured') return bar.unmeasured;
  return kind === 'partly' ? bar.noOutageSeen : bar.noOutage;
}

/** The ninety days in one sentence. */
export function summariseDays({ days }: ComponentView, t: Dictionary, f: Formats): string {
  const { bar } = t;
  const count = (has: (day: DayView) => boolean): number => days.filter(has).length;
  const down = days.filter((day) => day.downSeconds > 0);
  const degraded = count((day) => day.degradedSeconds > 0);
  const maintenance = count((day) => day.maintenanceSeconds > 0);
  const unmeasured = count((day) => day.state === 'unmeasured');
  const downSeconds = down.reduce((sum, day) => sum + day.downSeconds, 0);
  const parts = [
    down.length > 0 && bar.sumOutage(bar.days(down.length), f.duration(downSeconds)),
    down.length === 0 && unmeasured < days.length && bar.noOutage,
    degraded > 0 && bar.sumDegraded(bar.days(degraded)),
    maintenance > 0 && bar.sumMaintenance(bar.days(maintenance)),
    unmeasured === days.length && bar.unmeasured,
    unmeasured > 0 && unmeasured < days.length && bar.sumUnmeasured(bar.days(unmeasured)),
  ].filter((part) => part !== false);
  return `${bar.summary}: ${parts.join('; ')}.`;
}
