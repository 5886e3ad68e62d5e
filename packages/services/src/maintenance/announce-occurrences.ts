import { occurrencesBetween } from '@upheld/domain/maintenance/recurrence.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { recordAudit } from '../audit/record.ts';
import { componentsOf } from '../components.ts';
import type { Context } from '../context.ts';
import { transactUntilWon } from '../race.ts';
import { bumpRevision } from '../revision.ts';
import { holdSeries } from './hold-series.ts';
import { addMaintenance } from './new-maintenance.ts';
import {
  announcedAmong,
  runningSeries,
  seriesRow,
  skipsOf,
  type SeriesRow,
} from './series-view.ts';

/**
 * Announces every occurrence whose time has come, each once however many processes look. One that has begun
 * is not announced any more: nobody can be told in time of what is under way. Gives the ids.
 */
export async function announceOccurrences(ctx: Context): Promise<string[]> {
  const now = ctx.clock.now();
  const announced: string[] = [];
  for (const row of await runningSeries(ctx.db.read)) {
    for (const at of await unannounced(ctx, row, now)) {
      const id = await announceOccurrence(ctx, row.id, at);
      if (id !== null) announced.push(id);
    }
  }
  return announced;
}

async function unannounced(ctx: Context, row: SeriesRow, now: Instant): Promise<Instant[]> {
  const due = occurrencesBetween(row, now + 1, now + row.announceSeconds * 1000 + 1);
  if (due.length === 0) return [];
  const announced = await announcedAmong(ctx.db.read, row.id, due);
  const skipped = await skipsOf(ctx.db.read, row.id, due);
  return due.filter((at) => !announced.has(at) && !skipped.has(at));
}

/** Null when it was announced, skipped or ended meanwhile, or nothing of it is configured any more. */
async function announceOccurrence(ctx: Context, id: string, at: Instant): Promise<string | null> {
  return transactUntilWon(ctx.db, async (h) => {
    const now = ctx.clock.now();
    const row = await seriesRow(h, id);
    const configured = componentsOf(ctx.config());
    const componentIds = row.componentIds.filter((one) => configured.has(one));
    if (row.endedAt !== null || at <= now || componentIds.length === 0) return null;
    await holdSeries(h, row);
    if ((await skipsOf(h, row.id, [at])).size > 0) return null;
    const actor = { name: row.createdBy };
    const added = await addMaintenance(h, ctx, actor, {
      componentIds,
      from: at,
      to: at + row.durationSeconds * 1000,
      kind: 'planned',
      title: { nl: row.titleNl, en: row.titleEn },
      text: { nl: row.textNl, en: row.textEn },
      reason: null,
      occurrence: { seriesId: row.id, at },
      now,
    });
    if (!added) return null;
    await bumpRevision(h);
    await recordAudit(h, ctx, actor, {
      action: 'maintenance.announce',
      subject: added.id,
      after: { ...added.after, seriesId: row.id },
    });
    return added.id;
  });
}
