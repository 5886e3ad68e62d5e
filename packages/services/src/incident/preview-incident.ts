import { INCIDENT_STATUSES, type IncidentStatus } from '@upheld/domain/incident/incident.ts';
import type { IncidentNotification } from '@upheld/domain/notify/message.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { z } from 'zod';
import { knownComponents, namesOf } from '../components.ts';
import type { Context } from '../context.ts';
import { bodyInput, idInput, noticedBy, parseInput } from '../input.ts';
import { previewNotification, type NotificationPreview } from '../outbox/preview.ts';
import { incidentComponentIds, incidentToChange } from './incident-row.ts';
import { openIncidentInput, type OpenIncident } from './open-incident.ts';
import { decided } from './post-update.ts';

const updateInput = z.strictObject({
  incidentId: idInput,
  status: z.enum(INCIDENT_STATUSES),
  body: bodyInput,
});

export interface PreviewUpdate {
  incidentId: string;
  status: IncidentStatus;
  body: Localised;
}

/**
 * What opening this incident now would send, and to how many. Stores nothing and tells nobody. Throws
 * DomainError('invalid-input') as opening it would.
 */
export async function previewOpening(
  ctx: Pick<Context, 'db' | 'config' | 'clock'>,
  input: OpenIncident,
): Promise<NotificationPreview> {
  const { title, body, componentIds, startedAt } = parseInput(openIncidentInput, input);
  knownComponents(ctx.config(), componentIds);
  const now = ctx.clock.now();
  noticedBy('startedAt', startedAt ?? now, now);
  const said: IncidentNotification = {
    kind: 'incident',
    event: 'opened',
    incidentId: 'new',
    title,
    status: 'investigating',
    body,
    components: namesOf(ctx.config(), componentIds),
    startedAt: startedAt ?? now,
    at: now,
  };
  return previewNotification(ctx, said, componentIds);
}

/**
 * What posting this update now would send, and to how many. Stores nothing and tells nobody. Throws
 * DomainError as posting it would: 'not-found', 'invalid-input', 'conflict'.
 */
export async function previewUpdate(
  ctx: Pick<Context, 'db' | 'config' | 'clock'>,
  input: PreviewUpdate,
): Promise<NotificationPreview> {
  const { incidentId, status, body } = parseInput(updateInput, input);
  const h = ctx.db.read;
  const row = await incidentToChange(h, incidentId);
  const componentIds = await incidentComponentIds(h, incidentId);
  const decision = await decided(h, row, status);
  const said: IncidentNotification = {
    kind: 'incident',
    event: decision.kind === 'resolves' ? 'resolved' : 'updated',
    incidentId,
    title: { nl: row.titleNl, en: row.titleEn },
    status,
    body,
    components: namesOf(ctx.config(), componentIds),
    startedAt: row.startedAt,
    at: ctx.clock.now(),
  };
  return previewNotification(ctx, said, componentIds);
}
