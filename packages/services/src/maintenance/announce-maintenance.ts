import { MAINTENANCE_KINDS, type MaintenanceKind } from '@upheld/domain/maintenance/maintenance.ts';
import { ceilSecond } from '@upheld/domain/page/whole-seconds.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { z } from 'zod';
import { recordAudit } from '../audit/record.ts';
import { knownComponents } from '../components.ts';
import type { Actor, Context } from '../context.ts';
import {
  bodyInput,
  componentsInput,
  idInput,
  parseInput,
  reasonInput,
  secondInput,
  titleInput,
} from '../input.ts';
import { announcementsOf } from './announcements.ts';
import { judge, type ComponentVerdict } from './judge.ts';
import {
  announced,
  maintenanceComponentIds,
  maintenanceRow,
  type Announced,
} from './maintenance-row.ts';
import { addMaintenance, TITLES } from './new-maintenance.ts';
import { checkWindow } from './window.ts';

const windowInput = { from: secondInput, to: secondInput };
/** What announcing takes; its preview takes the same. */
export const announceInput = z
  .strictObject({
    ...windowInput,
    componentIds: componentsInput,
    kind: z.enum(MAINTENANCE_KINDS).default('planned'),
    title: titleInput.optional(),
    text: bodyInput,
    reason: reasonInput.optional(),
  })
  .refine((given) => given.kind !== 'emergency' || given.reason !== undefined, {
    path: ['reason'],
    message: 'is missing; an emergency needs one, it is kept as evidence',
  });
const previewInput = z.union([
  z.strictObject({ ...windowInput, maintenanceId: idInput }),
  z.strictObject({
    ...windowInput,
    componentIds: componentsInput,
    kind: z.enum(MAINTENANCE_KINDS).default('planned'),
  }),
]);

export interface AnnounceMaintenance {
  componentIds: readonly string[];
  from: Instant;
  to: Instant;
  /** By default planned. */
  kind?: MaintenanceKind | undefined;
  /** By default the kind in words. */
  title?: Localised | undefined;
  text: Localised;
  /** Required for an emergency. */
  reason?: string | undefined;
}

/**
 * Announces a maintenance, now: the moment is the clock's, and no input can set it. Blanks in its texts
 * (`{component}`, `{from}`, `{to}`) are filled. Gives the verdict of the notice rule of each agreement that
 * covers a component; a bad verdict refuses nothing. Throws
 * DomainError('invalid-input') with every fault.
 */
export async function announceMaintenance(
  ctx: Context,
  actor: Actor,
  input: AnnounceMaintenance,
): Promise<Announced> {
  const given = parseInput(announceInput, input);
  const { componentIds, from, to, kind, text, title = TITLES[kind] } = given;
  knownComponents(ctx.config(), componentIds);
  return ctx.db.transact(async (h) => {
    const now = ctx.clock.now();
    checkWindow(given, now);
    const reason = given.reason ?? null;
    const added = await addMaintenance(h, ctx, actor, {
      componentIds,
      from,
      to,
      kind,
      title,
      text,
      reason,
      now,
    });
    if (!added) throw new Error('an id was given twice');
    const result = await announced(h, ctx, added.id, now);
    await recordAudit(h, ctx, actor, {
      action: 'maintenance.announce',
      subject: added.id,
      after: added.after,
    });
    return result;
  });
}

export type PreviewMaintenance =
  | {
      componentIds: readonly string[];
      from: Instant;
      to: Instant;
      kind?: MaintenanceKind | undefined;
    }
  /** What moving or extending a maintenance that is announced would be judged. */
  | { maintenanceId: string; from: Instant; to: Instant };

/** The verdicts that announcing this now would get. Stores nothing and tells nobody. */
export async function previewMaintenance(
  ctx: Context,
  input: PreviewMaintenance,
): Promise<{ verdicts: ComponentVerdict[] }> {
  const given = parseInput(previewInput, input);
  const now = ctx.clock.now();
  checkWindow(given, now);
  const h = ctx.db.read;
  const window = { at: ceilSecond(now), from: given.from, to: given.to };
  if (!('maintenanceId' in given)) {
    knownComponents(ctx.config(), given.componentIds);
    const judged = { ...given, id: null, announcements: [window], cancelledAt: null, now };
    return { verdicts: await judge(h, ctx, judged) };
  }
  const row = await maintenanceRow(h, given.maintenanceId);
  return {
    verdicts: await judge(h, ctx, {
      id: row.id,
      kind: row.kind,
      cancelledAt: row.cancelledAt,
      announcements: [...(await announcementsOf(h, row)), window],
      componentIds: await maintenanceComponentIds(h, row.id),
      now,
    }),
  };
}
