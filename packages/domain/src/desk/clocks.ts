import type { Instant } from '../ports.ts';
import { runClock, type RunningClock } from '../sla/clocks.ts';
import type { FactsTicket, PauseReason } from '../sla/facts.ts';
import { ticketOf } from '../sla/ledger.ts';
import type { Rules } from '../sla/rules.ts';
import { CLOCKS, type ClockName, type ClockVerdict } from '../sla/statement-types.ts';
import { nextOpen, openMs, type Calendar } from '../time/calendar.ts';

/** What is left until a moment, as the wall clock and as a calendar count it; below 0 it has passed. */
export interface Left {
  clockMs: number;
  serviceMs: number;
}

/** One clock of a ticket under one agreement, now. */
export interface DeskClock {
  /** The agreement, as the configuration names it. */
  agreement: string;
  clause: string;
  name: ClockName;
  verdict: ClockVerdict;
  startedAt: Instant | null;
  /** The moment that the statement judges by; while it waits it moves on with time. */
  dueAt: Instant | null;
  /**
   * After the due moment and still in time, as the calendar was closed since: when it opens again, which is
   * when it becomes late. Null in every other case.
   */
  lateFrom: Instant | null;
  stoppedAt: Instant | null;
  /** In the clock's own calendar, pauses taken out. */
  elapsedMs: number | null;
  pausedMs: number;
  /** Whether it stands still: a reason that pauses it goes on. */
  paused: boolean;
  /** Null where nothing is due any more, or never was. */
  left: Left | null;
  /** When half of the target is reached, where an update is owed then. */
  halfTimeAt: Instant | null;
}

type Run = NonNullable<RunningClock['run']>;

const NOT_STARTED = {
  startedAt: null,
  dueAt: null,
  lateFrom: null,
  stoppedAt: null,
  elapsedMs: null,
  pausedMs: 0,
  paused: false,
  left: null,
  halfTimeAt: null,
} as const;

/**
 * Both clocks of a ticket at `now`, a whole second: worked out by the very function that makes the
 * statement, so that nobody at the desk sees another moment than the one that is judged.
 */
export function deskClocks(
  rules: Rules,
  agreement: string,
  facts: FactsTicket,
  now: Instant,
  /** What it waits for now, where it does: a wait of this very second is no fact yet. */
  waitsFor: PauseReason | null = null,
): DeskClock[] {
  const ticket = ticketOf(facts, now);
  return CLOCKS.flatMap((name): DeskClock[] => {
    const { rule, verdict, run } = runClock(rules, ticket, name, now);
    if (!rule) return [];
    const head = { agreement, clause: rule.clause, name, verdict };
    if (!run) return [{ ...head, ...NOT_STARTED }];
    const { calendar, start, stop, due, half, elapsedMs, pausedMs } = run;
    const reasons: readonly string[] = rule.pauses ?? rules.terms.tickets?.pauses ?? [];
    return [
      {
        ...head,
        startedAt: start,
        dueAt: due,
        lateFrom: verdict === 'running' ? lateFrom(run, now) : null,
        stoppedAt: stop,
        elapsedMs,
        pausedMs,
        paused: stop === null && waitsFor !== null && reasons.includes(waitsFor),
        left: stop !== null || due === null ? null : leftUntil(calendar, due, now),
        halfTimeAt: half,
      },
    ];
  });
}

function lateFrom({ calendar, due }: Run, now: Instant): Instant | null {
  return due !== null && due < now ? nextOpen(calendar, now) : null;
}

/** What is left until a moment. */
export function leftUntil(calendar: Calendar, due: Instant, now: Instant): Left {
  const serviceMs = due >= now ? openMs(calendar, now, due) : -openMs(calendar, due, now);
  return { clockMs: due - now, serviceMs };
}
