/** What the address of a worksheet asks for; nothing else in it changes the page. */
export interface WorksheetQuery {
  agreement?: string;
  /** In one word; see the API. */
  period?: string;
  /** Local days YYYY-MM-DD, both included, in the place of a period. */
  from?: string;
  to?: string;
}

const NAMES = ['agreement', 'period', 'from', 'to'] as const;
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

/** The period that is asked for; null when none is. */
export function periodAsked({ period, from, to }: WorksheetQuery): string | null {
  if (period !== undefined) return period;
  return from === undefined && to === undefined ? null : `${from ?? ''}/${to ?? ''}`;
}
