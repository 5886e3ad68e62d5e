import { assertNever } from '../errors.ts';
import type { Instant } from '../ports.ts';
import type { ProbeOutcome } from './outcome.ts';
import type { MonitorStateName } from './state.ts';

/** What a conclusive check saw. */
export type Seen = Exclude<MonitorStateName, 'unknown'>;

/** Checks in a row that differ from the state in one direction and may become a transition. */
export interface Streak {
  /** The mildest that the streak has seen: so much is certain since `since`. */
  state: Seen;
  /** When its first check began. */
  since: Instant;
  count: number;
}

export interface DetectorState {
  state: MonitorStateName;
  streak: Streak | null;
}

/** How many checks in a row confirm a change. */
export interface Confirmation {
  failures: number;
  successes: number;
}

export type DetectorEvent =
  | { kind: 'check'; at: Instant; seen: Seen }
  /** Nobody measured for a while: what came before and what comes after are not in a row. */
  | { kind: 'gap' };

export type StepReason =
  'steady' | 'first-check' | 'confirming' | 'confirmed' | 'streak-broken' | 'interrupted';

export interface Transition {
  from: MonitorStateName;
  to: Seen;
  /** When it happened: the first check of the streak, not the one that confirmed it. */
  at: Instant;
}

export interface Step {
  next: DetectorState;
  transition: Transition | null;
  reason: StepReason;
}

export const NEW_MONITOR: DetectorState = { state: 'unknown', streak: null };

const BADNESS: Readonly<Record<Seen, number>> = { up: 0, degraded: 1, down: 2 };

/** What an outcome says about the product; null when it says nothing. */
export function seenIn(outcome: ProbeOutcome): Seen | null {
  switch (outcome.kind) {
    case 'ok':
      return 'up';
    case 'degraded':
      return 'degraded';
    case 'failed':
      return 'down';
    case 'inconclusive':
      return null;
    default:
      return assertNever(outcome);
  }
}

/**
 * The detector: one event, the next state, and the transition that it confirms. A change needs
 * `failures` checks in a row for the worse and `successes` for the better, and is dated back to the
 * first of them. An open outage outlives a gap; a streak does not, or unmeasured time would become
 * part of an outage that nobody saw begin.
 */
export function step(current: DetectorState, event: DetectorEvent, policy: Confirmation): Step {
  if (event.kind === 'gap') {
    const reason = current.streak ? 'interrupted' : 'steady';
    return { next: { state: current.state, streak: null }, transition: null, reason };
  }
  const { at, seen } = event;
  if (current.state === 'unknown' && seen === 'up') return become(current, seen, at, 'first-check');
  if (seen === current.state) {
    const reason = current.streak ? 'streak-broken' : 'steady';
    return { next: { state: current.state, streak: null }, transition: null, reason };
  }
  // A new monitor has nothing to get worse from: what it sees first is judged as if it had been up.
  const base = current.state === 'unknown' ? 'up' : current.state;
  const streak = extended(current.streak, base, at, seen);
  const needed = BADNESS[streak.state] > BADNESS[base] ? policy.failures : policy.successes;
  if (streak.count >= needed) return become(current, streak.state, streak.since, 'confirmed');
  return { next: { state: current.state, streak }, transition: null, reason: 'confirming' };
}

function extended(streak: Streak | null, base: Seen, at: Instant, seen: Seen): Streak {
  const worse = BADNESS[seen] > BADNESS[base];
  const goesOn = streak !== null && BADNESS[streak.state] > BADNESS[base] === worse;
  if (!goesOn) return { state: seen, since: at, count: 1 };
  const nearer = BADNESS[seen] < BADNESS[streak.state] === worse ? seen : streak.state;
  return { state: nearer, since: streak.since, count: streak.count + 1 };
}

function become(current: DetectorState, to: Seen, at: Instant, reason: StepReason): Step {
  return {
    next: { state: to, streak: null },
    transition: { from: current.state, to, at },
    reason,
  };
}
