import type { Handle } from '@upheld/db/database.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { maintenanceStatus } from '@upheld/domain/maintenance/status.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { z } from 'zod';
import { moment } from '../audit/moment.ts';
import { recordAudit } from '../audit/record.ts';
import type { Actor, Context } from '../context.ts';
import { bodyInput, idInput, invalidInput, parseInput, secondInput } from '../input.ts';
import { transactUntilWon } from '../race.ts';
import { expectVersion, versionInput } from '../version.ts';
import { lastAnnouncedAt } from './announcements.ts';
import {
  announce,
  announced,
  maintenanceComponentIds,
  maintenanceRow,
  setMaintenance,
  type Announced,
  type MaintenanceRow,
} from './maintenance-row.ts';
import { saidOf } from './said.ts';
import { checkWindow } from './window.ts';

const reannounceInput = z.strictObject({
  maintenanceId: idInput,
  from: secondInput,
  to: secondInput,
  text: bodyInput,
  expectedVersion: versionInput,
});
const cancelInput = z.strictObject({
  maintenanceId: idInput,
  text: bodyInput,
  expectedVersion: versionInput,
});

export interface ReannounceMaintenance {
  maintenanceId: string;
  from: Instant;
  to: Instant;
  text: Localised;
  /** The version that the caller has read. */
  expectedVersion?: number | undefined;
}

/**
 * Moves, extends or shortens a maintenance: a new announcement, made now, beside the ones before it. Throws
 * DomainError: 'not-found'; 'conflict' when it is cancelled or over; 'invalid-input'.
 */
export async function reannounceMaintenance(
  ctx: Context,
  actor: Actor,
  input: ReannounceMaintenance,
): Promise<Announced> {
  const { maintenanceId, from, to, text, expectedVersion } = parseInput(reannounceInput, input);
  return transactUntilWon(ctx.db, async (h) => {
    const now = ctx.clock.now();
    const row = await maintenanceRow(h, maintenanceId);
    expectVersion(row, expectedVersion);
    mustNotBeOver(row, now, 'announce a new one');
    checkWindow({ from, to }, now);
    if (row.workStartedAt !== null && from !== row.windowFrom)
      throw invalidInput([
        { path: 'from', message: 'cannot move: the work has begun; keep "from", change "to"' },
      ]);
    const at = await momentOf(h, row, now);
    await setMaintenance(h, row, { windowFrom: from, windowTo: to, updatedAt: now });
    await announceOf(h, ctx, actor, row, { event: 'changed', at, from, to, text });
    const result = await announced(h, ctx, row.id, now);
    await recordAudit(h, ctx, actor, {
      action: 'maintenance.reannounce',
      subject: row.id,
      before: { from: moment(row.windowFrom), to: moment(row.windowTo) },
      after: { from: moment(from), to: moment(to), text },
    });
    return result;
  });
}

export interface CancelMaintenance {
  maintenanceId: string;
  text: Localised;
  /** The version that the caller has read. */
  expectedVersion?: number | undefined;
}

/**
 * Calls a maintenance off, before its window begins. Throws DomainError: 'not-found'; 'conflict' when it is
 * cancelled already, has begun or is over.
 */
export async function cancelMaintenance(
  ctx: Context,
  actor: Actor,
  input: CancelMaintenance,
): Promise<Announced> {
  const { maintenanceId, text, expectedVersion } = parseInput(cancelInput, input);
  return transactUntilWon(ctx.db, async (h) => {
    const now = ctx.clock.now();
    const row = await maintenanceRow(h, maintenanceId);
    expectVersion(row, expectedVersion);
    mustNotBeOver(row, now, 'nothing is left to cancel');
    const at = await momentOf(h, row, now);
    if (maintenanceStatus(row, now) !== 'scheduled' || at >= row.windowFrom)
      throw new DomainError('conflict', 'the maintenance has begun; finish it instead');
    await setMaintenance(h, row, { cancelledAt: at, updatedAt: now });
    const { windowFrom: from, windowTo: to } = row;
    await announceOf(h, ctx, actor, row, { event: 'cancelled', at, from, to, text });
    const result = await announced(h, ctx, row.id, now);
    await recordAudit(h, ctx, actor, {
      action: 'maintenance.cancel',
      subject: row.id,
      before: { cancelledAt: null },
      after: { cancelledAt: moment(at), text },
    });
    return result;
  });
}

async function announceOf(
  h: Handle,
  ctx: Context,
  actor: Actor,
  { id, kind, titleNl, titleEn }: MaintenanceRow,
  said: {
    event: 'changed' | 'cancelled';
    at: Instant;
    from: Instant;
    to: Instant;
    text: Localised;
  },
): Promise<void> {
  const title = { nl: titleNl, en: titleEn };
  const componentIds = await maintenanceComponentIds(h, id);
  const text = saidOf(ctx, said.text, { ...said, componentIds });
  await announce(h, ctx, actor, { maintenance: { id, kind, title }, componentIds, ...said, text });
}

// Announcements are evidence in their order, so a clock that was set back, or two that differ, must not
// turn it around: never at or before the one that this one replaces.
export async function momentOf(h: Handle, row: MaintenanceRow, now: Instant): Promise<Instant> {
  return Math.max(now, ((await lastAnnouncedAt(h, row.id)) ?? 0) + 1);
}

export function mustNotBeOver(row: MaintenanceRow, now: Instant, advice: string): void {
  const status = maintenanceStatus(row, now);
  if (status === 'cancelled')
    throw new DomainError('conflict', `the maintenance is cancelled; ${advice}`);
  if (status === 'completed')
    throw new DomainError('conflict', `the maintenance is over; ${advice}`);
}
