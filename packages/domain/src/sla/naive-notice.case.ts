import type { MadeAgreement, MadeKind, MadeTerm } from './agreement-arbitrary.case.ts';
import type { Facts, FactsMaintenance } from './facts.ts';
import {
  DAY,
  momentOf,
  opensOn,
  shiftDate,
  wallText,
  type NaiveCalendar,
} from './naive-calendar.case.ts';

/* Maintenances second by second: was each of them announced in time, and is it taken as maintenance? */

const SECOND = 1000;
const HOUR = 3_600_000;
const ms = (text: string): number => Date.parse(text);

/** A file as it holds in the last second, and the facts under it. */
export interface Setting {
  file: MadeAgreement;
  facts: Facts;
  from: number;
  end: number;
  asOf: number;
  calendar: (name: string) => NaiveCalendar;
}

export const isHit = (facts: Facts, customers: readonly string[] | undefined): boolean =>
  customers === undefined || customers.includes(facts.customer ?? '');

export interface Taken {
  id: string;
  verdict: string;
  counts: boolean;
  start: number;
  /** The last moment at which the first window could be announced; null where there is no term. */
  last: number | null;
  taken: ReadonlySet<number>;
}

/** Every maintenance of the facts, in their order, the cap of a month included. */
export function judgedAll(setting: Setting): Taken[] {
  const { file, facts } = setting;
  const all = (facts.maintenances ?? []).map((one) => judgedOne(setting, one));
  const { cap } = file.maintenance;
  if (!cap) return all;
  const turns: Record<string, number> = {};
  const over = new Set<Taken>();
  const inOrder = all.toSorted((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1));
  for (const one of inOrder) {
    const late = ['late-notice', 'unannounced'].includes(one.verdict);
    if (one.verdict !== 'qualifies' && !(late && cap.lateUsesTurn === true)) continue;
    const month = wallText(one.start, file.zone).slice(0, 7);
    turns[month] = (turns[month] ?? 0) + 1;
    if (turns[month] > cap.perMonth && one.verdict === 'qualifies') over.add(one);
  }
  return all.map((one) =>
    over.has(one) ? { ...one, verdict: 'over-cap', taken: new Set<number>() } : one,
  );
}

interface Window {
  at: number;
  from: number;
  to: number;
}

function judgedOne(setting: Setting, one: FactsMaintenance): Taken {
  const { file, facts, asOf } = setting;
  const windows = one.announcements.map((a) => ({ at: ms(a.at), from: ms(a.from), to: ms(a.to) }));
  const last = windows.at(-1) ?? null;
  const work = one.work
    ? { from: ms(one.work.from), to: one.work.to === undefined ? asOf : ms(one.work.to) }
    : (last ?? { from: 0, to: 0 });
  const rule = file.maintenance.kinds[one.kind] ?? { judged: 'counts' };
  const worked = secondsOf(work);
  const inTime = inTimeSeconds(setting, windows);
  const verdict =
    one.cancelledAt === undefined ? verdictOf(setting, rule, last, inTime) : 'cancelled';
  return {
    id: one.id,
    verdict,
    counts: isHit(facts, one.customers),
    start: last?.from ?? work.from,
    last: rule.judged === 'free' ? null : lastFor(setting, windows[0]),
    taken: verdict === 'cancelled' ? new Set() : takenBy(rule, worked, last, inTime),
  };
}

function secondsOf({ from, to }: { from: number; to: number }): Set<number> {
  const seconds = new Set<number>();
  for (let at = from; at < to; at += SECOND) seconds.add(at);
  return seconds;
}

function verdictOf(
  setting: Setting,
  rule: MadeKind,
  last: Window | null,
  inTime: ReadonlySet<number>,
): string {
  if (rule.judged === 'free') return rule.verdict ?? '';
  if (rule.judged === 'counts') return 'counts';
  if (!last || inTime.size === 0) {
    if (rule.late === 'qualifies') return 'qualifies';
    return last ? 'late-notice' : 'unannounced';
  }
  return hasTerm(setting, last) ? 'qualifies' : 'not-required';
}

function takenBy(
  rule: MadeKind,
  worked: ReadonlySet<number>,
  last: Window | null,
  inTime: ReadonlySet<number>,
): ReadonlySet<number> {
  if (rule.judged === 'counts') return new Set();
  if (rule.judged === 'free' || rule.qualifies === 'all-work') return worked;
  if (rule.qualifies === 'announced-work') return last ? both(worked, secondsOf(last)) : worked;
  return rule.qualifies === 'in-time-window' ? inTime : both(worked, inTime);
}

const both = (a: ReadonlySet<number>, b: ReadonlySet<number>): ReadonlySet<number> =>
  new Set([...a].filter((at) => b.has(at)));

/** Whether the term of notice holds for a window: always, or when it touches the named calendar. */
function hasTerm({ file, calendar }: Setting, window: Window): boolean {
  const name = file.maintenance.notice.whenTouching;
  if (name === undefined) return true;
  const { open } = calendar(name);
  for (let at = window.from; at < window.to; at += SECOND) if (open(at)) return true;
  return false;
}

/** The seconds of the last window that were announced in time. */
function inTimeSeconds(setting: Setting, windows: readonly Window[]): ReadonlySet<number> {
  let standing = new Map<number, boolean>();
  for (const window of windows) {
    const term = hasTerm(setting, window) ? setting.file.maintenance.notice.term : undefined;
    const next = new Map<number, boolean>();
    let piece: boolean | null = null;
    for (let at = window.from; at < window.to; at += SECOND) {
      const kept = standing.get(at);
      // Each unbroken piece that is new is judged by the moment at which it starts.
      if (kept !== undefined) piece = null;
      else piece ??= window.at < at && (!term || window.at <= latestFor(setting, term, at));
      next.set(at, kept ?? piece ?? false);
    }
    standing = next;
  }
  return new Set([...standing].filter(([, inTime]) => inTime).map(([at]) => at));
}

function lastFor(setting: Setting, window: Window | undefined): number | null {
  const { term } = setting.file.maintenance.notice;
  if (!window || !term || !hasTerm(setting, window)) return null;
  const last = latestFor(setting, term, window.from);
  return Number.isFinite(last) ? last : null;
}

/** The last moment at which what starts at `start` can be announced. */
function latestFor({ file, calendar }: Setting, term: MadeTerm, start: number): number {
  if (term.hours !== undefined) return start - term.hours * HOUR;
  const zone = term.workingDays === undefined ? file.zone : calendar(term.calendar ?? '').zone;
  const wall = wallText(start, zone);
  const time = ms(`${wall.replace(' ', 'T')}Z`) % DAY;
  const date = wall.slice(0, 10);
  if (term.localDays !== undefined) return momentOf(shiftDate(date, -term.localDays), time, zone);
  if (term.localWeeks !== undefined)
    return momentOf(shiftDate(date, -7 * term.localWeeks), time, zone);
  if (term.localMonths !== undefined)
    return momentOf(monthsBefore(date, term.localMonths), time, zone);
  let left = term.workingDays ?? 0;
  for (let back = 1; back <= 40; back += 1) {
    const day = shiftDate(date, -back);
    if (opensOn(calendar(term.calendar ?? ''), day)) left -= 1;
    if (left === 0) return momentOf(day, time, zone);
  }
  // The calendar never opens.
  return -Infinity;
}

function monthsBefore(date: string, months: number): string {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
  const moved = Date.UTC(year, month - 1 - months, Math.min(day, last));
  return new Date(moved).toISOString().slice(0, 10);
}
