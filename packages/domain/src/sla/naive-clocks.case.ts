import type { Facts, FactsTicket } from './facts.ts';
import {
  DAY,
  STEP,
  count,
  deskHours,
  ms,
  periodOf,
  reading,
  wall,
  type Hours,
  type Open,
} from './naive-time.case.ts';

/* The clocks of tickets, row by row as the table of the format has them. */

export interface NaiveClock {
  start: number | null;
  stop: number | null;
  target: NaiveTarget | null;
  elapsed: Hours;
  pauses: readonly string[];
  halfTime: boolean;
}

interface NaiveTarget {
  hours?: number;
  workingDays?: number;
  days?: number;
  months?: number;
}

const SPOT_PAUSES = [
  'force-majeure',
  'announced-maintenance',
  'customer-act',
  'customer-request',
  'key-user-unreachable',
  'third-party-software',
];
const INFRAVISION_PAUSES = ['no-access', 'customer-software', 'incomplete-request'];
const FUNDAMENT_PAUSES = [
  'customer-act',
  'customer-software',
  'customer-infrastructure',
  'internet',
  'force-majeure',
];
const ALWAYS: Hours = { zone: 'amsterdam', open: () => true };

interface Row {
  facts: Facts;
  ticket: FactsTicket;
  response: boolean;
  question: boolean;
  level: string;
  desk: Hours;
  event: (name: string) => number | null;
  first: (...names: string[]) => number | null;
}

/** One clock of a ticket. */
export function naiveClock(
  facts: Facts,
  ticket: FactsTicket,
  clock: 'response' | 'recovery',
): NaiveClock {
  const { severity } = ticket;
  const event = (name: string): number | null => {
    const all = ticket.events.filter((e) => e.event === name).map((e) => ms(e.at));
    return all.length === 0 ? null : Math.min(...all);
  };
  const row: Row = {
    facts,
    ticket,
    response: clock === 'response',
    question: ticket.kind === 'question',
    level: (typeof severity === 'object' ? severity.at(-1)?.level : severity) ?? '',
    desk: deskHours(facts),
    event,
    first: (...names) => {
      const all = names.map(event).filter((at) => at !== null);
      return all.length === 0 ? null : Math.min(...all);
    },
  };
  switch (facts.agreement) {
    case 'spotonmedics':
      return spotonmedics(row);
    case 'flexkids':
      return row.level === '1' && !row.question ? flexkidsFirst(row) : flexkidsOthers(row);
    case 'fundament-it':
      return fundament(row);
    default:
      return facts.agreement.startsWith('infravision') ? infravision(row) : intramed(row);
  }
}

const hours = (table: Record<string, number>, level: string): NaiveTarget | null => {
  const found = table[level];
  return found === undefined ? null : { hours: found };
};
const days = (table: Record<string, number>, level: string): NaiveTarget | null => {
  const found = table[level];
  return found === undefined ? null : { workingDays: found };
};

function spotonmedics({ facts, ticket, response, question, level, desk, event }: Row): NaiveClock {
  const faults = hours(response ? { a: 1, b: 4, c: 8 } : { a: 2, b: 48 }, level);
  const questions = response ? { workingDays: 2 } : null;
  const received = event('received');
  const restarts = reading(facts, 'S8', 'received') === 'recategorised';
  return {
    start: received === null ? null : Math.max(received, restarts ? lastChange(ticket) : 0),
    stop: event(response ? 'responded' : 'resolved'),
    target: question ? questions : faults,
    elapsed: desk,
    pauses: reading(facts, 'S6', 'pause') === 'pause' ? SPOT_PAUSES : [],
    halfTime: false,
  };
}

function lastChange({ severity }: FactsTicket): number {
  if (typeof severity !== 'object') return 0;
  const changes = severity.filter((c, i, all) => i > 0 && all[i - 1]?.level !== c.level);
  return Math.max(0, ...changes.map((change) => ms(change.from)));
}

function flexkidsFirst({ response, event, first }: Row): NaiveClock {
  return {
    start: first('detected', 'registered', 'received'),
    stop: event(response ? 'work-started' : 'resolved'),
    target: { hours: response ? 1 : 4 },
    elapsed: ALWAYS,
    pauses: response ? [] : ['new-fix-needed'],
    halfTime: false,
  };
}

function flexkidsOthers({ response, question, level, desk, event, first }: Row): NaiveClock {
  const others = response
    ? (hours({ '2': 2 }, level) ?? days({ '3': 1 }, level))
    : days({ '2': 1, '3': 5 }, level);
  return {
    start: event('registered') ?? event('received'),
    stop: response ? first('responded', 'work-started') : event('resolved'),
    target: question ? null : others,
    elapsed: desk,
    pauses: response ? [] : ['new-fix-needed'],
    halfTime: false,
  };
}

function infravision({ response, question, level, desk, event, first }: Row): NaiveClock {
  const stop = response ? event('responded') : first('workaround-delivered', 'resolved');
  const table = response
    ? { top: 1, high: 9, medium: 18, low: 18 }
    : { top: 4, high: 18, medium: 45, low: 90 };
  return {
    start: response ? event('received') : (event('root-cause-found') ?? stop),
    stop,
    target: question ? null : hours(table, level),
    elapsed: desk,
    pauses: INFRAVISION_PAUSES,
    halfTime: false,
  };
}

function fundament({ facts, response, question, level, desk, event }: Row): NaiveClock {
  const inDays = question || level === 'minor';
  const inHours = hours({ standstill: 1, urgent: 8 }, level);
  const target = inDays ? { workingDays: 2 } : inHours;
  const elapsedHours = response && !inDays && reading(facts, 'U12', 'desk-hours') === '24x7';
  return {
    start: event('received'),
    stop: event(response ? 'responded' : 'resolved'),
    target: response ? target : null,
    elapsed: elapsedHours ? ALWAYS : desk,
    pauses: FUNDAMENT_PAUSES,
    halfTime: false,
  };
}

function intramed(row: Row): NaiveClock {
  const { response, level, desk, event, first, ticket } = row;
  const base = { start: first('registered', 'detected'), elapsed: desk, halfTime: false };
  if (response) return { ...base, stop: event('responded'), target: null, pauses: [] };
  const recovery = { ...base, stop: event('resolved'), pauses: ['waiting-customer'] };
  if (ticket.kind === 'incident') return intramedIncident(row, recovery);
  if (row.question || level === '3') return { ...recovery, target: null };
  const target = level === '1' ? { days: 21 } : { months: 2 };
  return { ...recovery, pauses: [], elapsed: ALWAYS, target };
}

function intramedIncident(
  { facts, level, desk }: Row,
  recovery: Omit<NaiveClock, 'target'>,
): NaiveClock {
  const online = facts.agreement === 'intramed-online';
  if (!online || level !== '1') {
    const target = days(online ? { '2': 5, '3': 10 } : { '1': 1, '2': 2, '3': 5 }, level);
    return { ...recovery, target, halfTime: true };
  }
  const round = reading(facts, 'M7', 'opening-hours') === '24x7';
  return { ...recovery, target: { hours: 4 }, elapsed: round ? ALWAYS : desk, halfTime: true };
}

/** Whether one of the pauses that count goes on. */
export function isPaused(
  facts: Facts,
  ticket: FactsTicket,
  reasons: readonly string[],
  at: number,
): boolean {
  const { asOf } = periodOf(facts);
  return (ticket.pauses ?? []).some(
    (pause) =>
      reasons.includes(pause.reason) &&
      ms(pause.from) <= at &&
      at < (pause.to === undefined ? asOf : ms(pause.to)),
  );
}

/** Milliseconds from one moment to another that are open and not paused, and those that are paused. */
export function naiveElapsed(
  facts: Facts,
  ticket: FactsTicket,
  clock: NaiveClock,
  from: number,
  to: number,
): { counted: number; paused: number } {
  return {
    counted: count(
      from,
      to,
      (at) => clock.elapsed.open(at) && !isPaused(facts, ticket, clock.pauses, at),
    ),
    paused: count(
      from,
      to,
      (at) => clock.elapsed.open(at) && isPaused(facts, ticket, clock.pauses, at),
    ),
  };
}

/** Working days as a number: of each local day the counted part of its open time. */
export function naiveWorkingDays(
  facts: Facts,
  ticket: FactsTicket,
  clock: NaiveClock,
  from: number,
  to: number,
): number {
  const parts = new Map<string, number>();
  for (let at = from; at < to; at += STEP) {
    if (!clock.elapsed.open(at) || isPaused(facts, ticket, clock.pauses, at)) continue;
    const day = wall(at, clock.elapsed.zone).slice(0, 10);
    parts.set(day, (parts.get(day) ?? 0) + Math.min(STEP, to - at));
  }
  let sum = 0;
  for (const [day, counted] of parts) {
    const noon = ms(`${day}T12:00:00Z`);
    const onThatDay: Open = (at) =>
      wall(at, clock.elapsed.zone).startsWith(day) && clock.elapsed.open(at);
    sum += counted / count(noon - DAY, noon + DAY, onThatDay);
  }
  return sum;
}

/** The n-th date after the one of `at` that has open hours, and when it closes. */
export function naiveOpenDay(
  clock: NaiveClock,
  at: number,
  n: number,
): { date: string; closes: number } {
  let left = n;
  const noon = ms(`${wall(at, clock.elapsed.zone).slice(0, 10)}T12:00:00Z`);
  for (let day = 1; ; day += 1) {
    const date = new Date(noon + day * DAY).toISOString().slice(0, 10);
    let closes = 0;
    for (let moment = noon + (day - 1) * DAY; moment < noon + (day + 1) * DAY; moment += STEP)
      if (wall(moment, clock.elapsed.zone).startsWith(date) && clock.elapsed.open(moment))
        closes = moment + STEP;
    if (closes > 0) left -= 1;
    if (left === 0) return { date, closes };
  }
}
