import type { Interval } from '../time/interval.ts';
import type { WeekHours } from '../time/calendar.ts';
import { WEEKDAYS } from './agreement-values.ts';

const MINUTE = 60_000;

/** "08:00-17:30" as milliseconds after midnight. */
export function spansOf(text: string): Interval {
  const [from = '', to = ''] = text.split('-');
  return { from: minutesOf(from) * MINUTE, to: minutesOf(to) * MINUTE };
}

function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

/** Opening hours by weekday or range of weekdays ("mon-fri") as the calendars want them. */
export function weekHours(hours: Readonly<Record<string, readonly string[]>>): WeekHours {
  const week: Record<number, Interval[]> = {};
  for (const [days, spans] of Object.entries(hours))
    for (const day of weekdaysOf(days)) (week[day] ??= []).push(...spans.map(spansOf));
  return week;
}

/** ISO weekdays of "mon" or "fri-mon"; a range may pass the end of the week. */
export function weekdaysOf(text: string): number[] {
  const [first = '', last = first] = text.split('-');
  const from = (WEEKDAYS as readonly string[]).indexOf(first);
  const length = ((WEEKDAYS as readonly string[]).indexOf(last) - from + 7) % 7;
  return Array.from({ length: length + 1 }, (_, index) => ((from + index) % 7) + 1);
}
