import { and, eq } from '@upheld/db/query.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { faultOfRule, nextOccurrences } from '@upheld/domain/maintenance/recurrence.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { tryParseInstant } from '@upheld/domain/time/zoned.ts';
import { z } from 'zod';
import { recordAudit } from '../audit/record.ts';
import { knownComponents } from '../components.ts';
import type { Actor, Context } from '../context.ts';
import {
  bodyInput,
  componentsInput,
  idInput,
  invalidInput,
  parseInput,
  titleInput,
} from '../input.ts';
import { transactUntilWon, won } from '../race.ts';
import { expectVersion, versionInput } from '../version.ts';
import { TITLES } from './new-maintenance.ts';
import {
  MOST_SHOWN,
  readSeries,
  seriesRow,
  type CreateSeries,
  type SeriesRow,
  type SeriesView,
} from './series-view.ts';
import { checkWindow } from './window.ts';

const DAY_SECONDS = 86_400;

const whatInput = {
  rrule: z
    .string('is missing; write one such as FREQ=WEEKLY;BYDAY=SU')
    .trim()
    .superRefine((rule, issues) => {
      const fault = faultOfRule(rule);
      if (fault !== null) issues.addIssue(fault);
    }),
  /** On the wall clock of the page's zone. */
  localStart: z
    .string('is missing')
    .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/, 'is no time; write it as 2026-12-06T02:00')
    .transform((text) => (text.length === 16 ? `${text}:00` : text))
    .refine((text) => tryParseInstant(`${text}Z`) !== null, 'is no time that a calendar has'),
  durationSeconds: z
    .int('is no whole number of seconds')
    .min(60, 'is shorter than a minute')
    .max(31 * DAY_SECONDS, 'is longer than 31 days; announce it by itself'),
};
const announceSeconds = z
  .int('is no whole number of seconds')
  .min(60, 'is shorter than a minute')
  .max(366 * DAY_SECONDS, 'is more than a year before');
const createInput = z.strictObject({
  ...whatInput,
  announceSeconds,
  componentIds: componentsInput,
  title: titleInput.optional(),
  text: bodyInput,
});
const previewInput = z.strictObject(whatInput);
const endInput = z.strictObject({ seriesId: idInput, expectedVersion: versionInput });

/**
 * Starts a maintenance that comes back: each occurrence is announced by itself, in good time, in the name of
 * who started it. Throws DomainError('invalid-input') with every fault.
 */
export async function createSeries(
  ctx: Context,
  actor: Actor,
  input: CreateSeries,
): Promise<SeriesView> {
  const { title = TITLES.planned, text, ...given } = parseInput(createInput, input);
  const config = ctx.config();
  knownComponents(config, given.componentIds);
  const id = ctx.ids.next();
  await ctx.db.transact(async (h) => {
    const now = ctx.clock.now();
    const row: SeriesRow = {
      ...given,
      id,
      titleNl: title.nl,
      titleEn: title.en,
      textNl: text.nl,
      textEn: text.en,
      zone: config.timezone,
      createdAt: now,
      createdBy: actor.name,
      endedAt: null,
      version: 1,
    };
    const [first] = nextOccurrences(row, now, 1);
    if (first === undefined)
      throw invalidInput([{ path: 'rrule', message: 'has no occurrence that is still to come' }]);
    checkWindow({ from: first, to: first + given.durationSeconds * 1000 }, now);
    await h.q.insert(h.t.maintenanceSeries).values(row);
    const after = { ...given, title, text, zone: row.zone };
    await recordAudit(h, ctx, actor, { action: 'series.create', subject: id, after });
  });
  return readSeries(ctx, id);
}

/**
 * Ends a series: nothing of it is announced any more. What was announced stays, and is cancelled by itself.
 * Throws DomainError: 'not-found'; 'conflict' when it was ended before.
 */
export async function endSeries(
  ctx: Context,
  actor: Actor,
  input: { seriesId: string; expectedVersion?: number | undefined },
): Promise<SeriesView> {
  const { seriesId, expectedVersion } = parseInput(endInput, input);
  await transactUntilWon(ctx.db, async (h) => {
    const now = ctx.clock.now();
    const row = await seriesRow(h, seriesId);
    expectVersion(row, expectedVersion);
    if (row.endedAt !== null) throw new DomainError('conflict', 'the series was ended before');
    const { q, t } = h;
    const ended = await q
      .update(t.maintenanceSeries)
      .set({ endedAt: now, version: row.version + 1 })
      .where(and(eq(t.maintenanceSeries.id, row.id), eq(t.maintenanceSeries.version, row.version)))
      .returning({ id: t.maintenanceSeries.id });
    won(ended);
    await recordAudit(h, ctx, actor, {
      action: 'series.end',
      subject: row.id,
      before: { endedAt: null },
      after: { endedAt: new Date(now).toISOString() },
    });
  });
  return readSeries(ctx, seriesId);
}

/** When a series would be, before there is one. Throws DomainError('invalid-input'). */
export function previewSeries(
  ctx: Pick<Context, 'config' | 'clock'>,
  input: Pick<CreateSeries, 'rrule' | 'localStart' | 'durationSeconds'>,
  shown = 6,
): { from: Instant; to: Instant }[] {
  const given = parseInput(previewInput, input);
  const recurrence = { ...given, zone: ctx.config().timezone };
  return nextOccurrences(recurrence, ctx.clock.now(), Math.min(shown, MOST_SHOWN)).map((from) => ({
    from,
    to: from + given.durationSeconds * 1000,
  }));
}
