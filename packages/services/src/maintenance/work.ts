import { DomainError } from '@upheld/domain/errors.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { z } from 'zod';
import { moment } from '../audit/moment.ts';
import { recordAudit } from '../audit/record.ts';
import type { Actor, Context } from '../context.ts';
import { idInput, parseInput } from '../input.ts';
import { transactUntilWon } from '../race.ts';
import type { MaintenanceView } from '../read/page-view.ts';
import { bumpRevision } from '../revision.ts';
import { expectVersion, versionInput } from '../version.ts';
import { maintenanceRow, maintenanceView, setMaintenance } from './maintenance-row.ts';

const workInput = z.strictObject({ maintenanceId: idInput, expectedVersion: versionInput });

export interface Work {
  maintenanceId: string;
  /** The version that the caller has read. */
  expectedVersion?: number | undefined;
}

/**
 * Says that the work begins now, whatever the window says. Throws DomainError: 'not-found'; 'conflict' when
 * it is cancelled or the work was begun or finished before.
 */
export async function startWork(ctx: Context, actor: Actor, input: Work): Promise<MaintenanceView> {
  const { maintenanceId, expectedVersion } = parseInput(workInput, input);
  return transactUntilWon(ctx.db, async (h) => {
    const now = ctx.clock.now();
    const row = await maintenanceRow(h, maintenanceId);
    expectVersion(row, expectedVersion);
    if (row.cancelledAt !== null)
      throw new DomainError('conflict', 'the maintenance is cancelled; announce a new one');
    if (row.workEndedAt !== null)
      throw new DomainError('conflict', 'the work is finished; announce a new maintenance');
    if (row.workStartedAt !== null)
      throw new DomainError('conflict', 'the work has begun already; finish it when it is done');
    if (now >= row.windowTo)
      throw new DomainError('conflict', 'the window is over; announce a new maintenance');
    await setMaintenance(h, row, { workStartedAt: now, updatedAt: now });
    await bumpRevision(h);
    await recordAudit(h, ctx, actor, {
      action: 'maintenance.start',
      subject: maintenanceId,
      before: { workStartedAt: null },
      after: { workStartedAt: moment(now) },
    });
    return maintenanceView(h, await maintenanceRow(h, maintenanceId), now);
  });
}

/** When somebody said that the work began; null while nobody did. Throws DomainError('not-found'). */
export async function saidBegunAt(
  ctx: Pick<Context, 'db'>,
  maintenanceId: string,
): Promise<Instant | null> {
  return (await maintenanceRow(ctx.db.read, maintenanceId)).workStartedAt;
}

/**
 * Says that the work is done. Work that nobody said had begun began with its window, since that is what a
 * window without a word means. Throws DomainError: 'not-found'; 'conflict' when it is cancelled, finished
 * already or has not begun.
 */
export async function finishWork(
  ctx: Context,
  actor: Actor,
  input: Work,
): Promise<MaintenanceView> {
  const { maintenanceId, expectedVersion } = parseInput(workInput, input);
  return transactUntilWon(ctx.db, async (h) => {
    const now = ctx.clock.now();
    const row = await maintenanceRow(h, maintenanceId);
    expectVersion(row, expectedVersion);
    if (row.cancelledAt !== null)
      throw new DomainError('conflict', 'the maintenance is cancelled; nothing is left to finish');
    if (row.workEndedAt !== null) throw new DomainError('conflict', 'the work is finished already');
    const workStartedAt = row.workStartedAt ?? row.windowFrom;
    if (workStartedAt >= now)
      throw new DomainError('conflict', 'the work has not begun; cancel the maintenance instead');
    await setMaintenance(h, row, { workStartedAt, workEndedAt: now, updatedAt: now });
    await bumpRevision(h);
    await recordAudit(h, ctx, actor, {
      action: 'maintenance.finish',
      subject: maintenanceId,
      before: { workStartedAt: moment(row.workStartedAt), workEndedAt: null },
      after: { workStartedAt: moment(workStartedAt), workEndedAt: moment(now) },
    });
    return maintenanceView(h, await maintenanceRow(h, maintenanceId), now);
  });
}
