import type { Handle } from '@upheld/db/database.ts';
import { and, eq } from '@upheld/db/query.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { occurrencesBetween } from '@upheld/domain/maintenance/recurrence.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { z } from 'zod';
import { moment } from '../audit/moment.ts';
import { recordAudit } from '../audit/record.ts';
import type { Actor, Context } from '../context.ts';
import { idInput, invalidInput, parseInput, reasonInput, secondInput } from '../input.ts';
import { transactUntilWon } from '../race.ts';
import { expectVersion, versionInput } from '../version.ts';
import { holdSeries } from './hold-series.ts';
import { readSeries, seriesRow, skipsOf, type SeriesRow, type SeriesView } from './series-view.ts';

const skipInput = z.strictObject({
  seriesId: idInput,
  occurrenceAt: secondInput,
  reason: reasonInput,
  expectedVersion: versionInput,
});

export interface SkipOccurrence {
  seriesId: string;
  /** The start that the rule gives the occurrence. */
  occurrenceAt: Instant;
  reason: string;
  expectedVersion?: number | undefined;
}

/**
 * Leaves out one occurrence of a series before anybody was told of it: it is never announced, and nothing
 * of it is published. It cannot be undone; work that is to be after all is announced by itself. Throws
 * DomainError: 'invalid-input' for a moment at which the series has no occurrence that is to come;
 * 'not-found'; 'conflict' when it was announced (then that maintenance is cancelled), skipped or ended before.
 */
export async function skipOccurrence(
  ctx: Context,
  actor: Actor,
  input: SkipOccurrence,
): Promise<SeriesView> {
  const { seriesId, occurrenceAt, reason, expectedVersion } = parseInput(skipInput, input);
  await transactUntilWon(ctx.db, async (h) => {
    const now = ctx.clock.now();
    const row = await seriesRow(h, seriesId);
    expectVersion(row, expectedVersion);
    if (row.endedAt !== null) throw new DomainError('conflict', 'the series was ended before');
    checkOccurrence(row, occurrenceAt, now);
    // From here on nobody announces it, and whoever did before us is seen.
    await holdSeries(h, row, row.version + 1);
    await refuseSettled(h, row, occurrenceAt);
    await h.q
      .insert(h.t.seriesSkips)
      .values({ seriesId, occurrenceAt, reason, skippedAt: now, skippedBy: actor.name });
    await recordAudit(h, ctx, actor, {
      action: 'series.skip',
      subject: row.id,
      after: { occurrenceAt: moment(occurrenceAt), reason },
    });
  });
  return readSeries(ctx, seriesId);
}

function checkOccurrence(row: SeriesRow, at: Instant, now: Instant): void {
  const path = 'occurrenceAt';
  if (occurrencesBetween(row, at, at + 1).length === 0)
    throw invalidInput([
      { path, message: 'is no occurrence of this series; take one of its next' },
    ]);
  if (at <= now)
    throw invalidInput([{ path, message: 'has begun; nothing of it can be left out' }]);
}

async function refuseSettled(h: Handle, row: SeriesRow, at: Instant): Promise<void> {
  const { q, t } = h;
  const m = t.maintenances;
  const [announced] = await q
    .select({ id: m.id })
    .from(m)
    .where(and(eq(m.seriesId, row.id), eq(m.occurrenceAt, at)));
  if (announced)
    throw new DomainError(
      'conflict',
      `it is announced already; cancel that maintenance (${announced.id}) instead, so that subscribers hear of it`,
    );
  if ((await skipsOf(h, row.id, [at])).size > 0)
    throw new DomainError('conflict', 'it was skipped before');
}
