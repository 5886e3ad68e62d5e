import type { ReadAs } from '@upheld/domain/correction/correction.ts';

/** What the address of a worksheet asks for; nothing else in it changes the page. */
export interface WorksheetQuery {
  agreement?: string;
  /** In one word; see the API. */
  period?: string;
  /** Local days YYYY-MM-DD, both included, in the place of a period. */
  from?: string;
  to?: string;
  /** `recorded`: without what was put right afterwards. */
  as?: string;
}

const NAMES = ['agreement', 'period', 'from', 'to', 'as'] as const;
/** The longest period is two moments. */
const LONGEST = 80;

/** The known parameters that say something, always in the same order. */
export function worksheetQuery(given: URLSearchParams): Record<string, string> & WorksheetQuery {
  return Object.fromEntries(
    NAMES.flatMap((name) => {
      const value = given.get(name)?.slice(0, LONGEST) ?? '';
      return value === '' ? [] : [[name, value]];
    }),
  );
}

/** Which truth is asked for. */
export function asAsked({ as }: WorksheetQuery): ReadAs {
  return as === 'recorded' ? as : 'corrected';
}

/** The period that is asked for; null when none is. */
export function periodAsked({ period, from, to }: WorksheetQuery): string | null {
  if (period !== undefined) return period;
  return from === undefined && to === undefined ? null : `${from ?? ''}/${to ?? ''}`;
}
