import { assertNever } from '../errors.ts';
import type { Instant } from '../ports.ts';
import { openMs, touches } from '../time/calendar.ts';
import {
  intersect,
  setOf,
  subtract,
  union,
  type Interval,
  type IntervalSet,
} from '../time/interval.ts';
import { addLocalDays, addLocalMonths, localMonth } from '../time/zoned.ts';
import type { KindRule } from './agreement-schema.ts';
import type { Amount } from './agreement-values.ts';
import type { Announcement, LedgerMaintenance } from './ledger.ts';
import type { Rules } from './rules.ts';
import type { MaintenanceVerdict } from './statement-types.ts';
import { openDayFrom, sameClockOn } from './working-days.ts';

const HOUR = 3_600_000;

/** What the agreement makes of one maintenance. */
export interface Judged {
  readonly maintenance: Maintenance;
  readonly verdict: MaintenanceVerdict;
  /** The part of the last announced window that was announced in time. */
  readonly inTime: IntervalSet;
  /** What is taken as maintenance, before any cut to a period. */
  readonly qualifying: IntervalSet;
  /** For the first announced window; null where there is no term. */
  readonly lastValidAnnouncement: Instant | null;
  /** Milliseconds of the last announced window. */
  readonly outsidePreferred: number;
}

type Maintenance = Omit<LedgerMaintenance, 'counts'>;

/** Judges every maintenance, the cap of a month over all of them included; in the order given. */
export function judgeAll(rules: Rules, maintenances: readonly Maintenance[]): Judged[] {
  return capped(
    rules,
    maintenances.map((maintenance) => judge(rules, maintenance)),
  );
}

/** Judges one maintenance, but for the cap. */
export function judge(rules: Rules, maintenance: Maintenance): Judged {
  const rule = rules.terms.maintenance.kinds[maintenance.kind];
  const inTime = inTimeOf(rules, maintenance.announcements);
  const verdict = verdictOf(rules, rule, maintenance, inTime);
  return {
    maintenance,
    verdict,
    inTime,
    qualifying: verdict === 'cancelled' ? [] : qualifyingOf(rule, maintenance, inTime),
    lastValidAnnouncement: lastValidOf(rules, rule, maintenance),
    outsidePreferred: outsidePreferredOf(rules, maintenance.announcements.at(-1)),
  };
}

function verdictOf(
  rules: Rules,
  rule: KindRule,
  maintenance: Maintenance,
  inTime: IntervalSet,
): MaintenanceVerdict {
  if (maintenance.cancelled) return 'cancelled';
  if (rule.judged === 'free') return rule.verdict;
  if (rule.judged === 'counts') return 'counts';
  const last = maintenance.announcements.at(-1);
  if (!last || inTime.length === 0) {
    if (rule.late === 'qualifies') return 'qualifies';
    return last ? 'late-notice' : 'unannounced';
  }
  return termHolds(rules, last) ? 'qualifies' : 'not-required';
}

function qualifyingOf(rule: KindRule, maintenance: Maintenance, inTime: IntervalSet): IntervalSet {
  const work = setOf(maintenance.work ? [maintenance.work] : []);
  if (rule.judged === 'counts') return [];
  if (rule.judged === 'free') return work;
  const last = maintenance.announcements.at(-1);
  switch (rule.qualifies) {
    case 'in-time-work':
      return intersect(inTime, work);
    case 'in-time-window':
      return inTime;
    case 'announced-work':
      return last ? intersect([last], work) : work;
    case 'all-work':
      return work;
    default:
      return assertNever(rule.qualifies);
  }
}

/**
 * The part of the last window that was announced in time. What a window has in common with the one
 * before it keeps its standing; each piece that is new is judged by the moment at which it starts.
 */
function inTimeOf(rules: Rules, announcements: readonly Announcement[]): IntervalSet {
  let inTime: IntervalSet = [];
  let previous: IntervalSet = [];
  for (const announcement of announcements) {
    const window = setOf([announcement]);
    const fresh = subtract(window, previous).filter((piece) =>
      isInTime(rules, announcement.at, piece.from, announcement),
    );
    inTime = union(intersect(inTime, window), fresh);
    previous = window;
  }
  return inTime;
}

/** Whether what starts at `start`, part of `window`, was announced in time at `at`. */
export function isInTime(rules: Rules, at: Instant, start: Instant, window: Interval): boolean {
  if (at >= start) return false;
  const term = rules.terms.maintenance.notice?.term;
  return !term || !termHolds(rules, window) || at <= latestFor(rules, term, start);
}

/** Whether the term of notice holds for a window; where none is set it does, for any moment before. */
export function termHolds(rules: Rules, window: Interval): boolean {
  const calendar = rules.terms.maintenance.notice?.whenTouching;
  return calendar === undefined || touches(rules.calendar(calendar), window);
}

/** The last moment at which what starts at `start` can be announced under a term. */
export function latestFor(rules: Rules, term: Amount, start: Instant): Instant {
  const { zone } = rules.terms;
  if ('hours' in term) return start - term.hours * HOUR;
  if ('localDays' in term) return addLocalDays(start, -term.localDays, zone);
  if ('localWeeks' in term) return addLocalDays(start, -7 * term.localWeeks, zone);
  if ('localMonths' in term) return addLocalMonths(start, -term.localMonths, zone);
  const calendar = rules.calendar(term.calendar ?? 'always');
  const day = openDayFrom(calendar, start, -term.workingDays);
  return day ? sameClockOn(day.from, start, calendar.zone) : -Infinity;
}

function lastValidOf(rules: Rules, rule: KindRule, maintenance: Maintenance): Instant | null {
  const first = maintenance.announcements[0];
  const term = rules.terms.maintenance.notice?.term;
  if (!first || !term || rule.judged === 'free' || !termHolds(rules, first)) return null;
  const last = latestFor(rules, term, first.from);
  return Number.isFinite(last) ? last : null;
}

function outsidePreferredOf(rules: Rules, window: Interval | undefined): number {
  const { preferred } = rules.terms.maintenance;
  if (!window || !preferred) return 0;
  const inside = openMs(rules.calendar(preferred.calendar), window.from, window.to);
  return window.to - window.from - inside;
}

/** Turns those past the number allowed in a month into over-cap, by start and then by id. */
export function capped(rules: Rules, judged: readonly Judged[]): Judged[] {
  const turns = turnsOf(rules, judged);
  const most = rules.terms.maintenance.cap?.perMonth ?? Infinity;
  return judged.map((one) =>
    one.verdict === 'qualifies' && (turns.get(one)?.nth ?? 0) > most
      ? { ...one, verdict: 'over-cap', qualifying: [] }
      : one,
  );
}

/** The local month `YYYY-MM` in which a maintenance uses a turn, and which of that month it is. */
export interface Turn {
  readonly month: string;
  readonly nth: number;
}

/** The turns that are used under a cap; none where the agreement has no cap. */
export function turnsOf(rules: Rules, judged: readonly Judged[]): ReadonlyMap<Judged, Turn> {
  const turns = new Map<Judged, Turn>();
  const { cap } = rules.terms.maintenance;
  if (!cap) return turns;
  const used = new Map<string, number>();
  for (const one of [...judged].sort(byStart)) {
    const late = one.verdict === 'late-notice' || one.verdict === 'unannounced';
    const qualifies = one.verdict === 'qualifies' || one.verdict === 'over-cap';
    if (!qualifies && !(cap.lateUsesTurn && late)) continue;
    const month = localMonth(startOf(one), rules.terms.zone);
    const nth = (used.get(month) ?? 0) + 1;
    used.set(month, nth);
    turns.set(one, { month, nth });
  }
  return turns;
}

function startOf({ maintenance }: Judged): Instant {
  return maintenance.announcements.at(-1)?.from ?? maintenance.work?.from ?? 0;
}

function byStart(a: Judged, b: Judged): number {
  const difference = startOf(a) - startOf(b);
  if (difference !== 0) return difference;
  return a.maintenance.id < b.maintenance.id ? -1 : 1;
}
