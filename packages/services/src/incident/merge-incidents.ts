import { DomainError } from '@upheld/domain/errors.ts';
import { IMPACTS, type Impact } from '@upheld/domain/incident/incident.ts';
import { z } from 'zod';
import type { Actor, Context } from '../context.ts';
import { idInput, invalidInput, parseInput, reasonInput } from '../input.ts';
import { transactUntilWon } from '../race.ts';
import type { IncidentView } from '../read/page-view.ts';
import { versionInput } from '../version.ts';
import { finishChange, incidentToChange, setIncident, type IncidentRow } from './incident-row.ts';

const mergeInput = z.strictObject({
  incidentId: idInput,
  intoId: idInput,
  reason: reasonInput,
  expectedVersion: versionInput,
});

export interface MergeIncidents {
  /** The one that turned out to be part of another. */
  incidentId: string;
  /** The one that goes on. */
  intoId: string;
  reason: string;
  /** Of the one that is merged. */
  expectedVersion?: number | undefined;
}

/**
 * Says that one incident is part of another. Outages, components and messages count as of the other from
 * then on, and what is said of the other holds for them; nothing that was recorded is rewritten, so the
 * figures stay and only interruptions are counted once. Gives the one that goes on. Throws DomainError:
 * 'not-found', 'invalid-input', 'conflict' (already merged, changed since, or the other one is resolved
 * while this one is not).
 */
export async function mergeIncidents(
  ctx: Context,
  actor: Actor,
  input: MergeIncidents,
): Promise<IncidentView> {
  const given = parseInput(mergeInput, input);
  if (given.incidentId === given.intoId)
    throw invalidInput([{ path: 'intoId', message: 'is the same incident; name the other one' }]);
  return transactUntilWon(ctx.db, async (h) => {
    const now = ctx.clock.now();
    const part = await incidentToChange(h, given.incidentId, given.expectedVersion);
    const whole = await incidentToChange(h, given.intoId);
    if (part.resolvedAt === null && whole.resolvedAt !== null)
      throw new DomainError(
        'conflict',
        'the incident to merge into is resolved and this one is not; merge the other way, or open that one again with an update',
      );
    const steps = [
      { row: part, values: { mergedIntoId: whole.id, mergedAt: now } },
      { row: whole, values: together(part, whole) },
    ];
    // Two who merge the same two the other way round must not wait for each other.
    for (const { row, values } of steps.sort((a, b) => (a.row.id < b.row.id ? -1 : 1)))
      await setIncident(h, row, { ...values, updatedAt: now });
    const { reason } = given;
    await finishChange(h, ctx, actor, {
      row: part,
      action: 'incident.merge',
      after: { mergedIntoId: whole.id, reason },
    });
    return finishChange(h, ctx, actor, {
      row: whole,
      action: 'incident.merge',
      before: spanOf(whole),
      after: { merged: part.id, reason, ...spanOf({ ...whole, ...together(part, whole) }) },
    });
  });
}

/** What the whole is like with its part: from the first start to the last end, as bad as the worse one. */
function together(part: IncidentRow, whole: IncidentRow) {
  const { acknowledgedAt, acknowledgedBy } = part;
  return {
    startedAt: Math.min(part.startedAt, whole.startedAt),
    noticedAt: Math.min(part.noticedAt, whole.noticedAt),
    impact: worse(part.impact, whole.impact),
    ...(whole.resolvedAt === null || part.resolvedAt === null
      ? {}
      : { resolvedAt: Math.max(part.resolvedAt, whole.resolvedAt) }),
    ...(whole.acknowledgedAt === null && acknowledgedAt !== null && acknowledgedBy !== null
      ? { acknowledgedAt, acknowledgedBy }
      : {}),
  };
}

function worse(a: Impact, b: Impact): Impact {
  return IMPACTS.indexOf(a) > IMPACTS.indexOf(b) ? a : b;
}

function spanOf({ startedAt, resolvedAt, impact }: IncidentRow) {
  const iso = (at: number | null): string | null =>
    at === null ? null : new Date(at).toISOString();
  return { startedAt: iso(startedAt), resolvedAt: iso(resolvedAt), impact };
}
