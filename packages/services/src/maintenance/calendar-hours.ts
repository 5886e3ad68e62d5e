import type { Agreement } from '@upheld/domain/sla/agreement.ts';
import { closedDaysOf } from '@upheld/domain/sla/calendars.ts';
import { rulesUnder } from '@upheld/domain/sla/rules.ts';
import { versionAt } from '@upheld/domain/sla/version.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { openBetween } from '@upheld/domain/time/calendar.ts';
import { nameOfHoliday } from '@upheld/domain/time/holidays.ts';
import { intersect, setOf, type Interval, type IntervalSet } from '@upheld/domain/time/interval.ts';
import { dayOfWall, wallOf, type Wall } from '@upheld/domain/time/zoned.ts';
import type { Localised } from '@upheld/domain/text.ts';

/** A day on which agreements are closed. */
export interface ClosedDay {
  /** What people call it; null for one that only an agreement lists. */
  name: Localised | null;
  /** The names of the agreements that are closed. */
  agreements: string[];
}

export interface Hours {
  service: IntervalSet;
  preferred: IntervalSet;
  hasPreferred: boolean;
}

/** When any of the agreements serves, and what all that prefer hours prefer, over days in their order. */
export function hoursOf(agreements: readonly Agreement[], days: readonly Interval[]): Hours {
  const served: Interval[] = [];
  let preferred: IntervalSet | null = null;
  for (const agreement of agreements) {
    const own = hoursUnder(agreement, days);
    served.push(...own.service);
    if (!own.hasPreferred) continue;
    preferred = preferred === null ? own.preferred : intersect(preferred, own.preferred);
  }
  return { service: setOf(served), preferred: preferred ?? [], hasPreferred: preferred !== null };
}

function hoursUnder(agreement: Agreement, days: readonly Interval[]): Hours {
  const service: Interval[] = [];
  const preferred: Interval[] = [];
  let hasPreferred = false;
  for (const { version, from, to } of piecesOf(agreement, days)) {
    const rules = rulesUnder(version);
    const { maintenance, tickets } = rules.terms;
    const served = maintenance.notice?.whenTouching ?? tickets?.calendar;
    if (served !== undefined) service.push(...openBetween(rules.calendar(served), from, to));
    // A version that prefers nothing objects to nothing.
    if (!maintenance.preferred) preferred.push({ from, to });
    else {
      hasPreferred = true;
      preferred.push(...openBetween(rules.calendar(maintenance.preferred.calendar), from, to));
    }
  }
  return { service, preferred: setOf(preferred), hasPreferred };
}

/** Days in a row under one version of an agreement. */
function piecesOf(
  agreement: Agreement,
  days: readonly Interval[],
): (Interval & { version: Agreement })[] {
  const pieces: (Interval & { version: Agreement })[] = [];
  for (const { from, to } of days) {
    const version = versionAt(agreement, from);
    const last = pieces.at(-1);
    if (last?.version === version) pieces[pieces.length - 1] = { ...last, to };
    else pieces.push({ version, from, to });
  }
  return pieces;
}

const known = new WeakMap<Agreement, Map<number, ReadonlySet<Wall>>>();

/** Kept, as every day of a month asks for those of its year. */
function closedUnder(version: Agreement, year: number): ReadonlySet<Wall> {
  const years = known.get(version) ?? new Map<number, ReadonlySet<Wall>>();
  known.set(version, years);
  const days = years.get(year) ?? closedDaysOf(rulesUnder(version).terms, year);
  years.set(year, days);
  return days;
}

/** Which agreements are closed on the local day that begins at an instant; null where none is. */
export function closedOn(
  agreements: readonly Agreement[],
  from: Instant,
  zone: string,
): ClosedDay | null {
  const midnight = dayOfWall(wallOf(from, zone));
  const year = new Date(midnight).getUTCFullYear();
  const closed = agreements.filter((agreement) =>
    closedUnder(versionAt(agreement, from), year).has(midnight),
  );
  if (closed.length === 0) return null;
  return { name: nameOfHoliday(midnight), agreements: closed.map(({ name }) => name) };
}
