import type { Instant } from '../ports.ts';
import { openMs, type Calendar } from '../time/calendar.ts';
import { clip, setOf, type IntervalSet } from '../time/interval.ts';
import { formatInstant } from '../time/zoned.ts';
import type { Terms } from './agreement-schema.ts';
import type { ClockRule } from './agreement-tickets.ts';
import type { Amount } from './agreement-values.ts';
import type { LedgerTicket } from './ledger.ts';
import type { Rules } from './rules.ts';
import {
  CLOCKS,
  type ClockName,
  type ClockVerdict,
  type StatementClock,
} from './statement-types.ts';
import { termOf, type Term } from './target.ts';

/** Both clocks of every ticket, in the order of the tickets, response first. */
export function clocksOf(
  rules: Rules,
  tickets: readonly LedgerTicket[],
  asOf: Instant,
): StatementClock[] {
  return tickets.flatMap((ticket) => CLOCKS.map((clock) => readClock(rules, ticket, clock, asOf)));
}

function readClock(
  rules: Rules,
  ticket: LedgerTicket,
  clock: ClockName,
  asOf: Instant,
): StatementClock {
  const { run, verdict } = runClock(rules, ticket, clock, asOf);
  if (!run) return idle(ticket, clock, verdict);
  return {
    ticket: ticket.id,
    clock,
    startedAt: formatInstant(run.start),
    dueAt: shown(run.due),
    stoppedAt: shown(run.stop),
    elapsedSeconds: run.elapsedMs / 1000,
    pausedSeconds: run.pausedMs / 1000,
    halfTimeUpdateDueAt: shown(run.half),
    verdict,
  };
}

/** A clock in numbers: what a statement prints of it, and what it counts in. */
export interface RunningClock {
  /** The rule that holds for the ticket; null where the agreement has none. */
  rule: ClockRule | null;
  verdict: ClockVerdict;
  /** Null while it has not started. */
  run: {
    calendar: Calendar;
    pauses: IntervalSet;
    start: Instant;
    stop: Instant | null;
    due: Instant | null;
    /** When half of the target is reached, where an update is owed then. */
    half: Instant | null;
    /** In the clock's own calendar, pauses taken out. */
    elapsedMs: number;
    pausedMs: number;
  } | null;
}

/** Runs one clock of a ticket until `asOf`: the one place where that is worked out. */
export function runClock(
  rules: Rules,
  ticket: LedgerTicket,
  clock: ClockName,
  asOf: Instant,
): RunningClock {
  const { tickets } = rules.terms;
  const rule = tickets && ruleFor(tickets[clock], ticket);
  if (!rule) return { rule: null, verdict: 'no-target', run: null };
  const target = rule.target ?? rule.targets?.[ticket.level ?? ''];
  const stop = earliest(ticket, rule.stop.earliest);
  const start = startOf(tickets, rule, ticket, stop);
  if (start === null) return { rule, verdict: target ? 'running' : 'no-target', run: null };

  const calendar = rules.calendar(calendarOf(tickets, rule, target));
  const pauses = pausesOf(ticket, rule.pauses ?? tickets.pauses);
  const until = Math.max(stop ?? asOf, start);
  const paused = pausedMs(calendar, pauses, start, until);
  const { workingDays } = tickets;
  const setting = { calendar, pauses, start, workingDays, zone: rules.terms.zone };
  const term = target ? termOf(target, setting) : NO_TARGET;
  return {
    rule,
    verdict: verdictOf(term, until, stop !== null),
    run: {
      calendar,
      pauses,
      start,
      stop,
      due: term.due,
      half: rule.halfTimeUpdate ? term.half() : null,
      elapsedMs: openMs(calendar, start, until) - paused,
      pausedMs: paused,
    },
  };
}

const NO_TARGET: Term = { due: null, half: () => null, isLateAt: () => false };

function verdictOf(term: Term, until: Instant, stopped: boolean): ClockVerdict {
  if (term === NO_TARGET) return 'no-target';
  if (term.isLateAt(until)) return 'missed';
  return stopped ? 'met' : 'running';
}

/** A clock without a target counts in the agreement's calendar. */
function calendarOf(
  tickets: NonNullable<Terms['tickets']>,
  rule: ClockRule,
  target: Amount | undefined,
): string {
  if (!target) return tickets.calendar;
  const own = 'calendar' in target ? target.calendar : undefined;
  return own ?? rule.calendar ?? tickets.calendar;
}

/** A clock that has not started; one without a target never will have one. */
function idle(ticket: LedgerTicket, clock: ClockName, verdict: ClockVerdict): StatementClock {
  return {
    ticket: ticket.id,
    clock,
    startedAt: null,
    dueAt: null,
    stoppedAt: null,
    elapsedSeconds: null,
    pausedSeconds: 0,
    halfTimeUpdateDueAt: null,
    verdict,
  };
}

/** The rule of a clock that holds for a type and a level: the first that fits. */
export function ruleFor(
  clock: Readonly<Record<string, ClockRule>>,
  ticket: Pick<LedgerTicket, 'kind' | 'level'>,
): ClockRule | undefined {
  return Object.values(clock).find(
    ({ kinds, levels }) =>
      (!kinds || kinds.includes(ticket.kind)) &&
      (!levels || (ticket.level !== undefined && levels.includes(ticket.level))),
  );
}

type Events = ClockRule['stop']['earliest'];

function earliest(ticket: LedgerTicket, events: Events): Instant | null {
  const instants = events.flatMap((event) => ticket.events.get(event) ?? []);
  return instants.length === 0 ? null : Math.min(...instants);
}

function startOf(
  tickets: NonNullable<Terms['tickets']>,
  rule: ClockRule,
  ticket: LedgerTicket,
  stop: Instant | null,
): Instant | null {
  const first = firstStart(rule, ticket, stop);
  if (first === null || tickets.recategorised === 'keeps-start') return first;
  return Math.max(first, ticket.changedAt ?? first);
}

function firstStart(rule: ClockRule, ticket: LedgerTicket, stop: Instant | null): Instant | null {
  const { start } = rule;
  if ('earliest' in start) return earliest(ticket, start.earliest);
  for (const event of start.preferred) {
    const instant = ticket.events.get(event);
    if (instant !== undefined) return instant;
  }
  return start.else === 'own-stop' ? stop : null;
}

function pausesOf(ticket: LedgerTicket, reasons: readonly string[]): IntervalSet {
  return setOf(ticket.pauses.filter((pause) => reasons.includes(pause.reason)));
}

function pausedMs(calendar: Calendar, pauses: IntervalSet, from: Instant, to: Instant): number {
  let sum = 0;
  for (const pause of clip(pauses, { from, to })) sum += openMs(calendar, pause.from, pause.to);
  return sum;
}

function shown(instant: Instant | null): string | null {
  return instant === null ? null : formatInstant(instant);
}
