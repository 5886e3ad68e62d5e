import { INCIDENT_STATUSES, type IncidentStatus } from '@upheld/domain/incident/incident.ts';
import { decideUpdate, type UpdateDecision } from '@upheld/domain/incident/status.ts';
import { assertNever, DomainError } from '@upheld/domain/errors.ts';
import type { Handle } from '@upheld/db/database.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { z } from 'zod';
import { recordAudit } from '../audit/record.ts';
import type { Actor, Context } from '../context.ts';
import { bodyInput, idInput, parseInput } from '../input.ts';
import { transactUntilWon } from '../race.ts';
import type { IncidentView } from '../read/page-view.ts';
import { bumpRevision } from '../revision.ts';
import { versionInput } from '../version.ts';
import {
  addUpdate,
  incidentComponentIds,
  incidentToChange,
  incidentView,
  probesSeeIt,
  releaseParts,
  setIncident,
  type IncidentRow,
} from './incident-row.ts';
import { endByHand, reopenByHand } from './outages-by-hand.ts';

const postUpdateInput = z.strictObject({
  incidentId: idInput,
  status: z.enum(INCIDENT_STATUSES),
  body: bodyInput,
  expectedVersion: versionInput,
});

export interface PostUpdate {
  incidentId: string;
  status: IncidentStatus;
  body: Localised;
  /** The version that the caller has read. */
  expectedVersion?: number | undefined;
}

/**
 * Says how an incident stands and tells the subscribers. Any status may follow any other, as on Statuspage:
 * on a resolved incident `resolved` adds a note (the moment of resolution stays) and anything else opens the
 * same incident again. Throws DomainError: 'not-found'; 'conflict' when `resolved` is said while the probes
 * still see it fail, or when `expectedVersion` is no longer the version.
 */
export async function postUpdate(
  ctx: Context,
  actor: Actor,
  input: PostUpdate,
): Promise<IncidentView> {
  const { incidentId, status, body, expectedVersion } = parseInput(postUpdateInput, input);
  return transactUntilWon(ctx.db, async (h) => {
    const now = ctx.clock.now();
    const row = await incidentToChange(h, incidentId, expectedVersion);
    const decision = await decided(h, row, status);
    await apply(h, ctx, row, { decision, status, now });
    await addUpdate(h, ctx, actor, {
      incident: {
        id: row.id,
        title: { nl: row.titleNl, en: row.titleEn },
        startedAt: row.startedAt,
      },
      event: decision.kind === 'resolves' ? 'resolved' : 'updated',
      status,
      body,
      componentIds: await incidentComponentIds(h, incidentId),
      now,
    });
    await bumpRevision(h);
    await recordAudit(h, ctx, actor, {
      action: 'incident.update',
      subject: incidentId,
      before: { status: row.status },
      after: { version: row.version + 1, status, text: body },
    });
    return incidentView(h, incidentId);
  });
}

type Allowed = Exclude<UpdateDecision, { kind: 'refused' }>;

/** What a status would do to an incident. Throws DomainError('conflict') where it cannot be said. */
export async function decided(
  h: Handle,
  row: IncidentRow,
  status: IncidentStatus,
): Promise<Allowed> {
  const decision = decideUpdate(row.status, status, await probesSeeIt(h, row.id));
  if (decision.kind === 'refused')
    throw new DomainError(
      'conflict',
      'the probes still see it fail, so it is not resolved; post "monitoring", it resolves by itself when they see it work',
    );
  return decision;
}

async function apply(
  h: Handle,
  ctx: Context,
  row: IncidentRow,
  { decision, status, now }: { decision: Allowed; status: IncidentStatus; now: Instant },
): Promise<void> {
  switch (decision.kind) {
    case 'goes-on':
      return setIncident(h, row, { status, updatedAt: now });
    case 'adds-note':
      return setIncident(h, row, { updatedAt: now });
    case 'resolves':
      await setIncident(h, row, {
        status,
        resolvedAt: now,
        openForComponent: null,
        updatedAt: now,
      });
      await releaseParts(h, row.id);
      return endByHand(h, row.id, now);
    case 'reopens':
      await setIncident(h, row, { status, resolvedAt: null, updatedAt: now });
      return reopenByHand(h, { ids: ctx.ids, now }, row);
    default:
      return assertNever(decision);
  }
}
