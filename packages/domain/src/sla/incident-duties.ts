import type { Cause } from '../incident/incident.ts';
import type { Instant } from '../ports.ts';
import type { Localised } from '../text.ts';
import type { INCIDENT_EVENTS } from './agreement-duties.ts';
import type { Terms } from './agreement-schema.ts';
import type { Agreement } from './agreement.ts';
import { rulesUnder, type Rules } from './rules.ts';
import { termOf } from './target.ts';
import { versionAt } from './version.ts';

/** Something that happened to an incident, in the words of an agreement. */
export interface IncidentEvent {
  event: (typeof INCIDENT_EVENTS)[number];
  /** When it happened as far as a term is counted from it: when we recorded it. */
  at: Instant;
  /** The level on the agreement's scale that it has from then on. */
  level?: string;
  cause?: Cause;
}

/** What an agreement asks of us because of an incident. */
export interface IncidentDuty {
  /** The name of the rule in the agreement. */
  id: string;
  does: Localised;
  /** What fulfils it; null where the agreement file does not say. */
  owes: 'rca-report' | 'notice' | null;
  /** Whom it is owed to, in the words of the agreement file. */
  to: string | null;
  clause: string;
  strength: 'effort' | 'right' | null;
  since: Instant;
  /** The moment by which; null where the agreement sets no term. */
  dueAt: Instant | null;
  /** "At once": due from the moment on at which it arose, and never late by a number. */
  atOnce: boolean;
}

/**
 * The duties that an event of an incident makes under an agreement, from the obligations that name such an
 * event, with the moment of each in the agreement's own calendar. `at-once` is due when it happened.
 */
export function dutiesOn(agreement: Agreement, happened: IncidentEvent): IncidentDuty[] {
  const rules = rulesUnder(versionAt(agreement, happened.at));
  return obligationsOn(rules, happened.event, happened).map(([id, obligation]) => ({
    id,
    does: obligation.does,
    owes: obligation.owes ?? null,
    to: obligation.to ?? null,
    clause: obligation.clause,
    strength: obligation.strength ?? null,
    since: happened.at,
    dueAt: dueOf(obligation.within, happened.at, rules),
    atOnce: obligation.within === 'at-once',
  }));
}

type Obligation = Terms['obligations'][string];

/** The obligations of an agreement that an event sets off, by their names. */
export function obligationsOn(
  rules: Rules,
  event: NonNullable<Obligation['on']>['event'],
  { level, cause }: { level?: string | undefined; cause?: Cause | undefined } = {},
): [string, Obligation][] {
  return Object.entries(rules.terms.obligations).filter(([, { on }]) => {
    if (on?.event !== event) return false;
    if (on.levels && (level === undefined || !on.levels.includes(level))) return false;
    return !on.causes || (cause !== undefined && on.causes.includes(cause));
  });
}

/** When an obligation is due that is counted from `start`; null where it has no term. */
export function dueOf(within: Obligation['within'], start: Instant, rules: Rules): Instant | null {
  const { tickets, zone } = rules.terms;
  if (within === 'no-term') return null;
  if (within === 'at-once') return start;
  const named = 'calendar' in within ? within.calendar : undefined;
  const byDefault = 'workingDays' in within ? (tickets?.calendar ?? 'always') : 'always';
  return termOf(within, {
    calendar: rules.calendar(named ?? byDefault),
    pauses: [],
    start,
    workingDays: tickets?.workingDays ?? 'day-fraction',
    zone,
  }).due;
}
