import type { Interval } from '@upheld/domain/time/interval.ts';
import type { CalendarDay, MaintenanceCalendar } from '@upheld/services/maintenance/calendar.ts';
import type { CalendarWindow } from '@upheld/services/maintenance/calendar-windows.ts';
import type { Formats } from '../format.ts';

/** The part of a window that is on a day; null where none is. */
export function onDay(day: Interval, window: Interval | null): Interval | null {
  if (!window) return null;
  const from = Math.max(day.from, window.from);
  const to = Math.min(day.to, window.to);
  return from < to ? { from, to } : null;
}

/** Hours of a day, such as `00:00–06:00, 21:00–24:00`. */
export function hoursText(day: Interval, spans: readonly Interval[], f: Formats): string {
  return spans
    .map(({ from, to }) =>
      from === day.from && to === day.to
        ? 'all day'
        : `${f.time(from)}–${to === day.to ? '24:00' : f.time(to)}`,
    )
    .join(', ');
}

/** What the bar of a day draws, in words. */
export function barWords(
  day: CalendarDay,
  { hasService, hasPreferred }: MaintenanceCalendar,
  planned: Interval | null,
  f: Formats,
): string {
  const own = onDay(day, planned);
  return [
    ...(own ? [`this work ${hoursText(day, [own], f)}`] : []),
    ...(hasService ? [`service ${hoursText(day, day.service, f) || 'none'}`] : []),
    ...(hasPreferred ? [`preferred ${hoursText(day, day.preferred, f) || 'none'}`] : []),
  ].join('; ');
}

/** What is special about a day: a holiday of contracts, a change of the clocks. */
export function dayMarks({ closed, extraSeconds }: CalendarDay): string[] {
  return [
    ...(closed ? [closed.name?.en ?? 'Closed by contract'] : []),
    ...(extraSeconds === 0 ? [] : [`Clocks change: ${24 + extraSeconds / 3600} hours`]),
  ];
}

/** Where a window is read of. */
export function windowHref({ id, state }: CalendarWindow): string {
  return state === 'announced' ? `/console/maintenance/${id}` : `/console/maintenance/series#${id}`;
}

/** Where preferred hours begin on a day: what goes on from the day before, or may, does not. */
export function preferredStarts(day: CalendarDay, before: CalendarDay | undefined): number[] {
  const goesOn = before === undefined || before.preferred.at(-1)?.to === day.from;
  return day.preferred.map(({ from }) => from).filter((from) => from !== day.from || !goesOn);
}

/** The month before or after another, as `YYYY-MM`. */
export function monthBeside(month: string, by: 1 | -1): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const months = year * 12 + number - 1 + by;
  const text = String(Math.floor(months / 12)).padStart(4, '0');
  return `${text}-${String((months % 12) + 1).padStart(2, '0')}`;
}
