import type { Instant } from '@upheld/domain/ports.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { z } from 'zod';
import { knownComponents } from '../components.ts';
import type { Context } from '../context.ts';
import { bodyInput, idInput, parseInput, secondInput } from '../input.ts';
import { previewNotification, type NotificationPreview } from '../outbox/preview.ts';
import { announceInput, type AnnounceMaintenance } from './announce-maintenance.ts';
import { maintenanceComponentIds, maintenanceRow } from './maintenance-row.ts';
import { TITLES } from './new-maintenance.ts';
import { tellingOf } from './said.ts';
import { checkWindow } from './window.ts';

const moveInput = z.strictObject({
  maintenanceId: idInput,
  from: secondInput,
  to: secondInput,
  text: bodyInput,
});

export interface PreviewReannouncement {
  maintenanceId: string;
  from: Instant;
  to: Instant;
  text: Localised;
}

type Needs = Pick<Context, 'db' | 'config' | 'clock'>;

/**
 * What announcing this now would send, and to how many. Stores nothing and tells nobody. Throws
 * DomainError('invalid-input') as announcing it would.
 */
export async function previewAnnouncement(
  ctx: Needs,
  input: AnnounceMaintenance,
): Promise<NotificationPreview> {
  const { componentIds, kind, title, text, from, to } = parseInput(announceInput, input);
  const now = ctx.clock.now();
  knownComponents(ctx.config(), componentIds);
  checkWindow({ from, to }, now);
  const said = tellingOf(ctx, {
    event: 'announced',
    maintenanceId: 'new',
    title: title ?? TITLES[kind],
    text,
    componentIds,
    from,
    to,
    at: now,
  });
  return previewNotification(ctx, said, componentIds);
}

/** The same for one that is announced and would get another window. Throws also DomainError('not-found'). */
export async function previewReannouncement(
  ctx: Needs,
  input: PreviewReannouncement,
): Promise<NotificationPreview> {
  const { maintenanceId, from, to, text } = parseInput(moveInput, input);
  const now = ctx.clock.now();
  checkWindow({ from, to }, now);
  const h = ctx.db.read;
  const row = await maintenanceRow(h, maintenanceId);
  const componentIds = await maintenanceComponentIds(h, maintenanceId);
  const said = tellingOf(ctx, {
    event: 'changed',
    maintenanceId,
    title: { nl: row.titleNl, en: row.titleEn },
    text,
    componentIds,
    from,
    to,
    at: now,
  });
  return previewNotification(ctx, said, componentIds);
}
