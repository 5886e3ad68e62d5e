import { DomainError } from '@upheld/domain/errors.ts';
import { maintenanceStatus } from '@upheld/domain/maintenance/status.ts';
import { ceilSecond } from '@upheld/domain/page/whole-seconds.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { z } from 'zod';
import { moment } from '../audit/moment.ts';
import { recordAudit } from '../audit/record.ts';
import type { Actor, Context } from '../context.ts';
import { bodyInput, idInput, parseInput, reasonInput, secondInput, titleInput } from '../input.ts';
import { transactUntilWon } from '../race.ts';
import { expectVersion, versionInput } from '../version.ts';
import { momentOf, mustNotBeOver } from './change-maintenance.ts';
import {
  addAnnouncement,
  announced,
  maintenanceComponentIds,
  maintenanceRow,
  setMaintenance,
  type Announced,
} from './maintenance-row.ts';
import { addMaintenance, TITLES } from './new-maintenance.ts';
import { saidOf } from './said.ts';
import { checkWindow } from './window.ts';

const emergencyInput = z.strictObject({
  maintenanceId: idInput,
  to: secondInput,
  title: titleInput.optional(),
  text: bodyInput,
  reason: reasonInput,
  expectedVersion: versionInput,
});

export interface DeclareEmergency {
  /** The planned maintenance that cannot wait, or that turned into one. */
  maintenanceId: string;
  /** Until when it is expected to take; it begins now. */
  to: Instant;
  /** By default that it is an emergency, in words. */
  title?: Localised | undefined;
  text: Localised;
  /** Why it could not wait: kept as evidence. */
  reason: string;
  /** The version that the caller has read. */
  expectedVersion?: number | undefined;
}

/**
 * Declares that a planned maintenance is an emergency from now on: it ends here, or is called off when it
 * has not begun, and an emergency of the same components begins in its place. What was announced keeps its
 * moments and its verdict: declaring one never makes good what was announced too late. Subscribers get one
 * message, that of the emergency. Throws DomainError: 'not-found'; 'conflict' when it is over, cancelled or
 * an emergency already; 'invalid-input'.
 */
export async function declareEmergency(
  ctx: Context,
  actor: Actor,
  input: DeclareEmergency,
): Promise<Announced & { replacedId: string }> {
  const given = parseInput(emergencyInput, input);
  const { maintenanceId, to, reason, title = TITLES.emergency } = given;
  return transactUntilWon(ctx.db, async (h) => {
    const now = ctx.clock.now();
    const row = await maintenanceRow(h, maintenanceId);
    expectVersion(row, given.expectedVersion);
    mustNotBeOver(row, now, 'announce an emergency of its own');
    if (row.kind === 'emergency')
      throw new DomainError('conflict', 'the maintenance is an emergency already');
    const window = { from: ceilSecond(now), to };
    checkWindow(window, now);
    const componentIds = await maintenanceComponentIds(h, row.id);
    const text = saidOf(ctx, given.text, { componentIds, ...window });
    const at = await momentOf(h, row, now);
    const isAhead = maintenanceStatus(row, now) === 'scheduled' && at < row.windowFrom;
    const ended = isAhead
      ? { cancelledAt: at }
      : { workStartedAt: row.workStartedAt ?? row.windowFrom, workEndedAt: Math.max(now, at) };
    await setMaintenance(h, row, { ...ended, updatedAt: now });
    if (isAhead)
      await addAnnouncement(h, ctx, actor, {
        maintenance: { id: row.id, kind: row.kind, title: { nl: row.titleNl, en: row.titleEn } },
        event: 'cancelled',
        at,
        from: row.windowFrom,
        to: row.windowTo,
        text,
        componentIds,
      });
    const kind = 'emergency' as const;
    const fresh = { componentIds, ...window, kind, title, text, reason, now };
    const added = await addMaintenance(h, ctx, actor, fresh);
    if (!added) throw new Error('an id was given twice');
    const result = await announced(h, ctx, added.id, now);
    await recordAudit(h, ctx, actor, {
      action: 'maintenance.emergency',
      subject: row.id,
      before: { kind: row.kind, from: moment(row.windowFrom), to: moment(row.windowTo) },
      after: { ...added.after, id: added.id, cancelled: isAhead },
    });
    return { ...result, replacedId: row.id };
  });
}
