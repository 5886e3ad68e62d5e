import { floorSecond } from '../page/whole-seconds.ts';
import type { Instant } from '../ports.ts';
import type { ObligationRule } from '../sla/agreement-duties.ts';
import { dueOf } from '../sla/incident-duties.ts';
import type { Rules } from '../sla/rules.ts';
import type { Localised } from '../text.ts';
import type { Calendar } from '../time/calendar.ts';
import { leftUntil, type Left } from './clocks.ts';

export const DUTY_STATES = ['open', 'due-soon', 'late', 'done'] as const;
export type DutyState = (typeof DUTY_STATES)[number];

export const DUTY_SUBJECTS = ['ticket', 'incident', 'maintenance'] as const;

/** What a duty is about. */
export interface DutySubject {
  kind: (typeof DUTY_SUBJECTS)[number];
  id: string;
  /** What people call it. */
  title: Localised;
  componentIds: readonly string[];
}

/** How it is known that a duty was done. */
export interface Proof {
  at: Instant;
  /** What was sent or done: words, or an id. */
  evidence: string;
}

/** Something that an agreement asks for, before it is known whether it was done. */
export interface Owed {
  /** Agreement, rule and subject: the same for as long as it is owed. */
  key: string;
  agreement: string;
  clause: string;
  what: Localised;
  subject: DutySubject;
  /** What it is counted from. */
  since: Instant;
  /** Null where the agreement names no term. */
  due: Instant | null;
  /** "At once": due from the moment on at which it arose, and never late by a number. */
  atOnce: boolean;
  /** In which what is left is counted. */
  calendar: Calendar;
  /** Where what was sent or published proves it. */
  proof: Proof | null;
}

/** A duty as it stands. */
export interface Duty {
  key: string;
  agreement: string;
  clause: string;
  what: Localised;
  subject: DutySubject;
  since: Instant;
  due: Instant | null;
  /** The agreement names no number: it is due from the moment on at which it arose. */
  atOnce: boolean;
  left: Left | null;
  state: DutyState;
  doneAt: Instant | null;
  evidence: string | null;
  /** Of one that was done and had a term: whether it was done within it. */
  inTime: boolean | null;
}

const MINUTE = 60_000;
const DAY = 86_400_000;

/** When a duty comes due soon: the last quarter of its term, at least 15 minutes and at most a day. */
export function soonFrom(since: Instant, due: Instant): Instant {
  return due - Math.min(DAY, Math.max(15 * MINUTE, (due - since) / 4));
}

/** The key of a duty: the same for as long as it is owed. */
export function dutyKey(agreement: string, rule: string, subject: string): string {
  return `${agreement}/${rule}/${subject}`;
}

/** How a duty stands at `now`, with what was recorded by hand of those that were done. */
export function dutyAt(owed: Owed, byHand: Proof | undefined, now: Instant): Duty {
  const { key, agreement, clause, what, subject, since, due, atOnce, calendar } = owed;
  const proof = earlier(owed.proof, byHand ?? null);
  const done = proof !== null && proof.at <= now;
  return {
    key,
    agreement,
    clause,
    what,
    subject,
    since,
    due,
    atOnce,
    left: done || atOnce || due === null ? null : leftUntil(calendar, due, now),
    state: done ? 'done' : stateOf({ since, due, atOnce }, now),
    doneAt: done ? proof.at : null,
    evidence: done ? proof.evidence : null,
    inTime: done && due !== null && !atOnce ? proof.at <= due : null,
  };
}

function earlier(a: Proof | null, b: Proof | null): Proof | null {
  if (!a || !b) return a ?? b;
  return a.at <= b.at ? a : b;
}

function stateOf(
  { since, due, atOnce }: Pick<Owed, 'since' | 'due' | 'atOnce'>,
  now: Instant,
): DutyState {
  if (atOnce) return 'due-soon';
  if (due === null) return 'open';
  if (now > due) return 'late';
  return now >= soonFrom(since, due) ? 'due-soon' : 'open';
}

/**
 * When an obligation is due that is counted from `since`. What is left is shown in the calendar of the
 * agreement's tickets.
 */
export function dueUnder(
  rules: Rules,
  within: ObligationRule['within'],
  since: Instant,
): { due: Instant | null; atOnce: boolean; calendar: Calendar } {
  const { terms } = rules;
  return {
    due: dueOf(within, floorSecond(since), rules),
    atOnce: within === 'at-once',
    calendar: rules.calendar(terms.tickets?.calendar ?? 'always'),
  };
}

const ORDER: Readonly<Record<DutyState, number>> = { late: 0, 'due-soon': 1, open: 2, done: 3 };

/** What is due first comes first; what has no moment comes after what has one, what is done last. */
export function byUrgency(a: Duty, b: Duty): number {
  const done = Number(a.state === 'done') - Number(b.state === 'done');
  if (done !== 0) return done;
  const due = (a.due ?? Infinity) - (b.due ?? Infinity);
  if (!Number.isNaN(due) && due !== 0) return due;
  return ORDER[a.state] - ORDER[b.state] || (a.key < b.key ? -1 : 1);
}
