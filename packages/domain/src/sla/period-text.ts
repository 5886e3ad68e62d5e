import { z } from 'zod';
import type { FactsPeriod } from './facts.ts';
import { FIRST_YEAR, LAST_YEAR } from './period.ts';

/** The forms of a period in one word, for people who write one. */
export const PERIOD_FORMS =
  'write rolling-12-months:2026-11-01T00:00:00Z, a year (2026), a month (2026-10), contract-year:2024-03-01:2 or two moments, at most ten years apart, as from/to';

const moment = z.iso.datetime({ offset: true });

/** A period from the word that an address carries, such as `2026-10`; null when it is none. */
export function parsePeriod(text: string): FactsPeriod | null {
  // A word has one year or two, each where a date begins.
  const years = [...text.matchAll(/(?:^|[:/])(\d{4})(?!\d)/g)].map(([, year]) => Number(year));
  return years.some((year) => year < FIRST_YEAR || year > LAST_YEAR) ? null : formOf(text);
}

function formOf(text: string): FactsPeriod | null {
  const [kind = '', ...rest] = text.split(':');
  if (kind === 'rolling-12-months' && rest.length > 0) return rolling(rest.join(':'));
  if (kind === 'contract-year') return contractYear(rest);
  if (/^\d{4}$/.test(text)) return { kind: 'calendar-year', year: Number(text) };
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return { kind: 'calendar-month', month: text };
  const [from, to, ...more] = text.split('/');
  return from !== undefined && to !== undefined && more.length === 0 ? range(from, to) : null;
}

/** The word for a period, which `parsePeriod` reads. */
export function periodText(period: FactsPeriod): string {
  switch (period.kind) {
    case 'rolling-12-months':
      return `${period.kind}:${period.endingAt}`;
    case 'calendar-year':
      return String(period.year).padStart(4, '0');
    case 'calendar-month':
      return period.month;
    case 'contract-year':
      return `${period.kind}:${period.start}:${period.nth}`;
    case 'range':
      return `${period.from}/${period.to}`;
  }
}

function rolling(endingAt: string): FactsPeriod | null {
  return isMoment(endingAt) ? { kind: 'rolling-12-months', endingAt } : null;
}

function contractYear([start = '', nth = '']: readonly string[]): FactsPeriod | null {
  if (!z.iso.date().safeParse(start).success || !/^[1-9]\d?$/.test(nth)) return null;
  return { kind: 'contract-year', start, nth: Number(nth) };
}

/** Calendars are counted through day by day, so nobody may ask for all of time. */
const LONGEST_RANGE_MS = 10 * 366 * 86_400_000;

function range(from: string, to: string): FactsPeriod | null {
  if (!isMoment(from) || !isMoment(to)) return null;
  return Date.parse(to) - Date.parse(from) <= LONGEST_RANGE_MS ? { kind: 'range', from, to } : null;
}

const isMoment = (text: string): boolean => moment.safeParse(text).success;
