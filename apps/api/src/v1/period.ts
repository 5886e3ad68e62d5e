import { z } from '@hono/zod-openapi';
import type { Instant } from '@upheld/domain/ports.ts';
import type { FactsPeriod } from '@upheld/domain/sla/facts.ts';

const FORMS =
  'write rolling-12-months, a year (2026), a month (2026-10), contract-year:2024-03-01:2 or two moments, at most ten years apart, as from/to';

/** A plus in an address that nobody escaped arrives as a space. */
const unescaped = (text: string): string => text.replaceAll(/ (\d\d:\d\d)(?=\/|$)/g, '+$1');

const moment = z.iso.datetime({ offset: true });

/** A moment in the address of a request. */
export const instantParameter = z
  .string()
  .transform(unescaped)
  .pipe(moment.transform((text): Instant => Date.parse(text)))
  .openapi({ type: 'string', format: 'date-time' });

/** A period in the address of a request, as a facts file writes it. */
export const periodParameter = z
  .string()
  .max(80)
  .transform((text, issues): FactsPeriod => {
    const period = parsePeriod(unescaped(text));
    if (period) return period;
    issues.addIssue({ code: 'custom', message: `is no period; ${FORMS}` });
    return z.NEVER;
  })
  .openapi({
    type: 'string',
    example: '2026-10',
    description: `By default that of the agreement. ${FORMS}.`,
  });

function parsePeriod(text: string): FactsPeriod | null {
  const [kind = '', ...rest] = text.split(':');
  if (kind === 'rolling-12-months' && rest.length > 0) return rolling(rest.join(':'));
  if (kind === 'contract-year') return contractYear(rest);
  if (/^\d{4}$/.test(text)) return { kind: 'calendar-year', year: Number(text) };
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return { kind: 'calendar-month', month: text };
  const [from, to, ...more] = text.split('/');
  return from !== undefined && to !== undefined && more.length === 0 ? range(from, to) : null;
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
