import type { Handle } from '@upheld/db/database.ts';
import type { MaintenanceKind } from '@upheld/domain/maintenance/maintenance.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { moment } from '../audit/moment.ts';
import type { Actor, Context } from '../context.ts';
import { announce } from './maintenance-row.ts';
import { saidOf } from './said.ts';

export interface NewMaintenance {
  componentIds: readonly string[];
  from: Instant;
  to: Instant;
  kind: MaintenanceKind;
  title: Localised;
  text: Localised;
  reason: string | null;
  /** Of a maintenance that comes back. */
  occurrence?: { seriesId: string; at: Instant };
}

/** What people call a maintenance to which they gave no title. */
export const TITLES: Readonly<Record<MaintenanceKind, Localised>> = {
  planned: { nl: 'Gepland onderhoud', en: 'Planned maintenance' },
  emergency: { nl: 'Spoedonderhoud', en: 'Emergency maintenance' },
  'customer-requested': { nl: 'Onderhoud op verzoek', en: 'Maintenance on request' },
};

/**
 * Writes a maintenance and announces it, in the transaction of its verb. Gives its id, and what the audit
 * log keeps of it; null when this occurrence was announced before.
 */
export async function addMaintenance(
  h: Handle,
  ctx: Context,
  actor: Actor,
  { now, ...given }: NewMaintenance & { now: Instant },
): Promise<{ id: string; after: object } | null> {
  const { componentIds, from, to, kind, reason, occurrence } = given;
  const title = saidOf(ctx, given.title, given);
  const text = saidOf(ctx, given.text, given);
  const id = ctx.ids.next();
  const inserted = await h.q
    .insert(h.t.maintenances)
    .values({
      id,
      kind,
      titleNl: title.nl,
      titleEn: title.en,
      reason,
      windowFrom: from,
      windowTo: to,
      cancelledAt: null,
      workStartedAt: null,
      workEndedAt: null,
      seriesId: occurrence?.seriesId ?? null,
      occurrenceAt: occurrence?.at ?? null,
      createdAt: now,
      createdBy: actor.name,
      updatedAt: now,
      version: 1,
    })
    .onConflictDoNothing()
    .returning({ id: h.t.maintenances.id });
  if (inserted.length === 0) return null;
  await h.q
    .insert(h.t.maintenanceComponents)
    .values(componentIds.map((componentId) => ({ maintenanceId: id, componentId })));
  const maintenance = { id, kind, title };
  await announce(h, ctx, actor, {
    maintenance,
    event: 'announced',
    at: now,
    from,
    to,
    text,
    componentIds,
  });
  const window = { from: moment(from), to: moment(to) };
  return { id, after: { kind, title, ...window, componentIds, reason, text } };
}
