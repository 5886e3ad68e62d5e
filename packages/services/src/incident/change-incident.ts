import { CAUSES, type Cause, type Impact } from '@upheld/domain/incident/incident.ts';
import { floorSecond } from '@upheld/domain/page/whole-seconds.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Handle } from '@upheld/db/database.ts';
import { z } from 'zod';
import { moment } from '../audit/moment.ts';
import { recordAudit } from '../audit/record.ts';
import { knownComponents } from '../components.ts';
import type { Actor, Context } from '../context.ts';
import {
  evidenceInput,
  idInput,
  invalidInput,
  parseInput,
  reasonInput,
  secondInput,
} from '../input.ts';
import { transactUntilWon } from '../race.ts';
import type { IncidentView } from '../read/page-view.ts';
import { bumpRevision } from '../revision.ts';
import { versionInput } from '../version.ts';
import { lastSaid, NATURES, sayCause, saySeverity, type Nature } from './changes.ts';
import {
  incidentComponentIds,
  incidentToChange,
  incidentView,
  setIncident,
  type IncidentRow,
} from './incident-row.ts';
import { openByHand, withoutOutage } from './outages-by-hand.ts';
import { coveringAgreements, owedBecauseOf, type OwedDuty } from './owed.ts';
import { grade, type Graded } from './scales.ts';

const changeInput = {
  incidentId: idInput,
  componentId: idInput.optional(),
  effectiveFrom: secondInput.optional(),
  reason: reasonInput,
  expectedVersion: versionInput,
};
const severityInput = z.strictObject({
  ...changeInput,
  agreement: idInput.optional(),
  severity: idInput,
  nature: z.enum(NATURES).default('development'),
});
const causeInput = z
  .strictObject({ ...changeInput, cause: z.enum(CAUSES), evidence: evidenceInput.optional() })
  .refine(({ cause, evidence }) => cause === 'internal' || evidence !== undefined, {
    path: ['evidence'],
    message: 'is missing; say what shows it, such as the address of a report of the provider',
  });

interface Change {
  incidentId: string;
  /** By default every component of the incident. */
  componentId?: string | undefined;
  /** Within the incident. */
  effectiveFrom?: Instant | undefined;
  reason: string;
  /** The version that the caller has read. */
  expectedVersion?: number | undefined;
}

export interface ChangeSeverity extends Change {
  /** By default every agreement whose scale has this level. */
  agreement?: string | undefined;
  severity: string;
  /**
   * `development`, the default: it got worse or better, from `effectiveFrom` on, by default from now.
   * `correction`: what was said before was wrong, by default from the start.
   */
  nature?: Nature | undefined;
}

export interface ChangeCause extends Change {
  cause: Cause;
  /** What shows it: an address, a document, words. Needed for every cause but `internal`. */
  evidence?: string | undefined;
}

/** An incident after a change, with what the agreements ask of us because of it. */
export interface ChangedIncident extends IncidentView {
  owed: readonly OwedDuty[];
}

/**
 * Says from when an incident has another severity. Kept beside what was said before. An incident of a
 * component for which no outage is recorded gets one, from then until it is resolved. The answer says
 * which agreements want customers told. Throws DomainError: 'not-found', 'conflict', or 'invalid-input'
 * with the levels that there are.
 */
export async function changeSeverity(
  ctx: Context,
  actor: Actor,
  input: ChangeSeverity,
): Promise<ChangedIncident> {
  const given = parseInput(severityInput, input);
  return transactUntilWon(ctx.db, async (h) => {
    const now = ctx.clock.now();
    const row = await incidentToChange(h, given.incidentId, given.expectedVersion);
    const before = await lastSaid(h, row.id, 'severity');
    const componentIds = await componentsMeant(h, row, given.componentId);
    const components = knownComponents(ctx.config(), componentIds);
    const graded = grade(ctx, components, given.severity, given.agreement);
    const { nature } = given;
    const byDefault = nature === 'correction' ? row.startedAt : (row.resolvedAt ?? now);
    const effectiveFrom = effective(row, given.effectiveFrom ?? byDefault, now);
    await saySeverity(h, ctx.ids, actor, {
      incidentId: row.id,
      nature,
      severity: given.severity,
      graded,
      effectiveFrom,
      reason: given.reason,
      recordedAt: now,
    });
    await openByHand(h, { ids: ctx.ids, now }, row.id, await withoutOutage(h, row.id, graded), {
      from: effectiveFrom,
      to: row.resolvedAt,
    });
    const view = await changed(h, row, now, shownAs(row.impact, graded));
    await recordAudit(h, ctx, actor, {
      action: 'incident.severity',
      subject: row.id,
      before: { severity: before },
      after: {
        version: view.version,
        severity: given.severity,
        nature,
        agreements: [...new Set(graded.map(({ agreement }) => agreement))],
        componentIds,
        effectiveFrom: moment(effectiveFrom),
        reason: given.reason,
      },
    });
    const happened = { event: 'severity-changed', at: now, level: given.severity } as const;
    return { ...view, owed: owedBecauseOf(ctx, graded, happened) };
  });
}

/**
 * Says why an incident happened, and from when that was the reason: by default from its start. Whether a
 * cause takes time out of a figure is up to each agreement. Kept beside what was said before. Throws
 * DomainError: 'not-found', 'conflict', 'invalid-input'.
 */
export async function changeCause(
  ctx: Context,
  actor: Actor,
  input: ChangeCause,
): Promise<ChangedIncident> {
  const given = parseInput(causeInput, input);
  return transactUntilWon(ctx.db, async (h) => {
    const now = ctx.clock.now();
    const row = await incidentToChange(h, given.incidentId, given.expectedVersion);
    const before = await lastSaid(h, row.id, 'cause');
    const effectiveFrom = effective(row, given.effectiveFrom ?? row.startedAt, now);
    const componentIds = await componentsMeant(h, row, given.componentId);
    const { cause, reason, evidence = null } = given;
    await sayCause(h, ctx.ids, actor, {
      incidentId: row.id,
      cause,
      componentIds,
      effectiveFrom,
      reason,
      evidence,
      recordedAt: now,
    });
    const view = await changed(h, row, now);
    await recordAudit(h, ctx, actor, {
      action: 'incident.cause',
      subject: row.id,
      before: { cause: before },
      after: {
        version: view.version,
        cause,
        componentIds,
        effectiveFrom: moment(effectiveFrom),
        reason,
        evidence,
      },
    });
    const happened = { event: 'cause-established', at: now, cause } as const;
    return { ...view, owed: owedBecauseOf(ctx, coveringAgreements(ctx, componentIds), happened) };
  });
}

/** What counts as down is not shown as minor. */
function shownAs(impact: Impact, graded: readonly Graded[]): Impact {
  const slight = impact === 'none' || impact === 'minor';
  return slight && graded.some((one) => one.countsAsDown) ? 'critical' : impact;
}

async function changed(
  h: Handle,
  row: IncidentRow,
  now: Instant,
  impact: Impact = row.impact,
): Promise<IncidentView> {
  await setIncident(h, row, { updatedAt: now, impact });
  await bumpRevision(h);
  return incidentView(h, row.id);
}

async function componentsMeant(
  h: Handle,
  row: IncidentRow,
  componentId: string | undefined,
): Promise<string[]> {
  const all = await incidentComponentIds(h, row.id);
  if (componentId === undefined) return all;
  if (all.includes(componentId)) return [componentId];
  throw invalidInput([
    {
      path: 'componentId',
      message: `"${componentId}" is not part of this incident; write one of ${all.join(', ')}`,
    },
  ]);
}

/** The moment asked for, which must lie within the incident. */
function effective(row: IncidentRow, from: Instant, now: Instant): Instant {
  const end = row.resolvedAt ?? now;
  if (from >= floorSecond(row.startedAt) && from <= end) return Math.max(from, row.startedAt);
  const iso = (at: Instant): string => new Date(at).toISOString();
  throw invalidInput([
    {
      path: 'effectiveFrom',
      message: `lies outside the incident; write a moment from ${iso(row.startedAt)} to ${iso(end)}`,
    },
  ]);
}
