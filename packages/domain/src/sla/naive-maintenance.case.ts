import type { Facts, FactsMaintenance } from './facts.ts';
import {
  ATW,
  DAY,
  HOUR,
  STEP,
  atWall,
  count,
  deskHours,
  ms,
  periodOf,
  preferred,
  reading,
  wall,
  type Open,
} from './naive-time.case.ts';

/* Maintenances, moment by moment: was this one announced in time, and is it taken as maintenance? */

/** The moment before which `start` has to be announced at the latest; null where there is no term. */
function termFor(facts: Facts, start: number, window: { from: number; to: number }): number | null {
  if (facts.agreement === 'spotonmedics') {
    const touching = count(window.from, window.to, deskHours(facts).open) > 0;
    return touching ? start - 48 * HOUR : null;
  }
  if (facts.agreement === 'fundament-it') return start - 12 * HOUR;
  if (facts.agreement !== 'flexkids') return null;
  if (reading(facts, 'F10', 'local-days') === 'elapsed') return start - 5 * DAY;
  const clock = wall(start, 'amsterdam').slice(11);
  const days = daysBack(start);
  const date =
    reading(facts, 'F10', 'local-days') === 'local-days'
      ? days[5]
      : days.slice(1).filter((day) => isWorkingDay(day))[4];
  return atWall(`${date ?? ''} ${clock}`);
}

/** The date of a moment and those before it, backwards. */
function daysBack(at: number): string[] {
  const noon = ms(`${wall(at, 'amsterdam').slice(0, 10)}T12:00:00Z`);
  return Array.from({ length: 20 }, (_, index) =>
    new Date(noon - index * DAY).toISOString().slice(0, 10),
  );
}

function isWorkingDay(date: string): boolean {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return weekday >= 1 && weekday <= 5 && !ATW.includes(date.slice(5));
}

export interface NaiveMaintenance {
  id: string;
  verdict: string;
  last: number | null;
  takes: Open;
  qualifying: number;
  outside: number;
}

interface Looked {
  facts: Facts;
  one: FactsMaintenance;
  windows: readonly { at: number; from: number; to: number }[];
  works: Open;
  announced: Open;
  inTime: Open;
}

const never: Open = () => false;

function lookAt(facts: Facts, one: FactsMaintenance): NaiveMaintenance {
  const { asOf } = periodOf(facts);
  const windows = one.announcements.map((a) => ({ at: ms(a.at), from: ms(a.from), to: ms(a.to) }));
  const first = windows[0];
  const last = windows.at(-1);
  const work = one.work
    ? { from: ms(one.work.from), to: one.work.to === undefined ? asOf : ms(one.work.to) }
    : (last ?? { from: 0, to: 0 });
  const looked: Looked = {
    facts,
    one,
    windows,
    works: (at) => at >= work.from && at < work.to,
    announced: (at) => last !== undefined && at >= last.from && at < last.to,
    inTime: standing(facts, windows),
  };
  const { verdict, takes } = verdictOn(looked);
  const pleasant = preferred(facts) ?? (() => true);
  const spans = [work, last ?? work];
  return {
    id: one.id,
    last: first && !needsNone(facts, one) ? termFor(facts, first.from, first) : null,
    verdict,
    takes,
    qualifying: count(
      Math.min(...spans.map((s) => s.from)),
      Math.max(...spans.map((s) => s.to)),
      takes,
    ),
    outside: last ? count(last.from, last.to, (at) => !pleasant(at)) : 0,
  };
}

/** Kinds that need no announcement under the agreement. */
function needsNone({ agreement }: Facts, { kind }: FactsMaintenance): boolean {
  if (agreement.startsWith('intramed')) return true;
  if (agreement.startsWith('infravision')) return false;
  return kind === 'customer-requested' || (kind === 'emergency' && agreement === 'flexkids');
}

function verdictOn(looked: Looked): { verdict: string; takes: Open } {
  const { facts, one, works } = looked;
  const counts = { verdict: 'counts', takes: never };
  if (one.cancelledAt !== undefined) return { verdict: 'cancelled', takes: never };
  if (facts.agreement.startsWith('intramed'))
    return one.kind === 'planned' ? { verdict: 'shown-apart', takes: works } : counts;
  if (facts.agreement.startsWith('infravision') && reading(facts, 'I8', 'counts') === 'counts')
    return counts;
  if (facts.agreement === 'flexkids' && one.kind === 'emergency')
    return { verdict: 'emergency', takes: works };
  if (needsNone(facts, one)) return { verdict: 'not-required', takes: works };
  if (facts.agreement === 'spotonmedics' && reading(facts, 'S13', 'noticed') === 'never')
    return counts;
  return byNotice(looked);
}

function byNotice(looked: Looked): { verdict: string; takes: Open } {
  const { facts, windows, works, announced, inTime } = looked;
  const verdict = noticeVerdict(looked);
  if (facts.agreement === 'spotonmedics' && reading(facts, 'S13', 'noticed') === 'always')
    return {
      verdict: verdict === 'not-required' ? verdict : 'qualifies',
      takes: windows.length > 0 ? (at) => announced(at) && works(at) : works,
    };
  if (facts.agreement === 'flexkids' && reading(facts, 'F5', 'counts') === 'excluded')
    return { verdict, takes: works };
  if (facts.agreement === 'fundament-it' && reading(facts, 'U6', 'work') === 'announced')
    return { verdict, takes: inTime };
  return { verdict, takes: (at) => inTime(at) && works(at) };
}

function noticeVerdict({ facts, windows, inTime }: Looked): string {
  const last = windows.at(-1);
  if (!last) return 'unannounced';
  if (count(last.from, last.to, inTime) === 0) return 'late-notice';
  const outside =
    facts.agreement === 'spotonmedics' && count(last.from, last.to, deskHours(facts).open) === 0;
  return outside ? 'not-required' : 'qualifies';
}

/** For each moment of the last window: was it announced in time? */
function standing(facts: Facts, windows: Looked['windows']): Open {
  let known = new Map<number, boolean>();
  let before: { from: number; to: number } = { from: 0, to: 0 };
  for (const window of windows) {
    const next = new Map<number, boolean>();
    let pieceStart = window.from;
    for (let at = window.from; at < window.to; at += STEP) {
      const old = at >= before.from && at < before.to;
      if (old) {
        next.set(at, known.get(at) ?? false);
        pieceStart = at + STEP;
        continue;
      }
      const term = termFor(facts, pieceStart, window);
      next.set(at, window.at < pieceStart && (term === null || window.at <= term));
    }
    known = next;
    before = window;
  }
  const last = known;
  return (at) => last.get(Math.floor(at / STEP) * STEP) ?? false;
}

/** Every maintenance with its verdict, the cap of Fundament IT included. */
export function naiveMaintenances(facts: Facts): NaiveMaintenance[] {
  const all = (facts.maintenances ?? []).map((one) => lookAt(facts, one));
  if (facts.agreement !== 'fundament-it') return all;
  const starts = new Map(
    (facts.maintenances ?? []).map((one) => [
      one.id,
      ms(one.announcements.at(-1)?.from ?? one.work?.from ?? ''),
    ]),
  );
  const start = (one: NaiveMaintenance): number => starts.get(one.id) ?? 0;
  const turns: Record<string, number> = {};
  for (const one of all.toSorted((a, b) => start(a) - start(b) || (a.id < b.id ? -1 : 1))) {
    const late = ['late-notice', 'unannounced'].includes(one.verdict);
    if (one.verdict !== 'qualifies' && !(late && reading(facts, 'U7', 'no') === 'yes')) continue;
    const month = wall(start(one), 'amsterdam').slice(0, 7);
    turns[month] = (turns[month] ?? 0) + 1;
    if (one.verdict === 'qualifies' && turns[month] > 4) {
      one.verdict = 'over-cap';
      one.takes = () => false;
      one.qualifying = 0;
    }
  }
  return all;
}
