import { z } from 'zod';
import { acknowledgeAlertsOf } from '../alert/alert-row.ts';
import { moment } from '../audit/moment.ts';
import type { Actor, Context } from '../context.ts';
import { idInput, parseInput } from '../input.ts';
import { transactUntilWon } from '../race.ts';
import type { IncidentView } from '../read/page-view.ts';
import { versionInput } from '../version.ts';
import { finishChange, incidentToChange, incidentView, setIncident } from './incident-row.ts';

const acknowledgeInput = z.strictObject({ incidentId: idInput, expectedVersion: versionInput });

export interface AcknowledgeIncident {
  incidentId: string;
  expectedVersion?: number | undefined;
}

/**
 * Says that somebody has taken an incident up, so that nobody else is called. The first one to say so stays
 * the one; who says it after is told the same and changes nothing. Throws DomainError: 'not-found',
 * 'conflict'.
 */
export async function acknowledgeIncident(
  ctx: Context,
  actor: Actor,
  input: AcknowledgeIncident,
): Promise<IncidentView> {
  const { incidentId, expectedVersion } = parseInput(acknowledgeInput, input);
  return transactUntilWon(ctx.db, async (h) => {
    const now = ctx.clock.now();
    const row = await incidentToChange(h, incidentId);
    if (row.acknowledgedAt !== null) return incidentView(h, row.id);
    await incidentToChange(h, incidentId, expectedVersion);
    await setIncident(h, row, {
      acknowledgedAt: now,
      acknowledgedBy: actor.name,
      updatedAt: now,
    });
    await acknowledgeAlertsOf(h, row.id, { by: actor.name, now });
    return finishChange(h, ctx, actor, {
      row,
      action: 'incident.acknowledge',
      after: { acknowledgedAt: moment(now) },
    });
  });
}
