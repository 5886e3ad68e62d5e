import type { Handle } from '@upheld/db/database.ts';
import { and, asc, eq, inArray, isNull } from '@upheld/db/query.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import {
  faultOfRule,
  nextOccurrences,
  type Recurrence,
} from '@upheld/domain/maintenance/recurrence.ts';
import { maintenanceStatus } from '@upheld/domain/maintenance/status.ts';
import type { MaintenanceStatus } from '@upheld/domain/maintenance/maintenance.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { tryParseInstant } from '@upheld/domain/time/zoned.ts';
import type { Localised } from '@upheld/domain/text.ts';
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
import { checkWindow } from './window.ts';

const DAY_SECONDS = 86_400;
const MOST_SHOWN = 50;

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

export interface CreateSeries {
  componentIds: readonly string[];
  /** By default that it is planned maintenance, in words. */
  title?: Localised | undefined;
  /** Blanks are filled for each occurrence. */
  text: Localised;
  /** RFC 5545, without DTSTART: such as `FREQ=MONTHLY;BYDAY=1SU`. */
  rrule: string;
  /** The first start, `YYYY-MM-DDTHH:mm` on the wall clock of the page's zone. */
  localStart: string;
  durationSeconds: number;
  /** How long before its start each occurrence is announced. */
  announceSeconds: number;
}

/** An occurrence that is to come; its maintenance where it was announced. */
export interface Occurrence {
  from: Instant;
  to: Instant;
  announceAt: Instant;
  maintenance: { id: string; status: MaintenanceStatus } | null;
}

export interface SeriesView extends CreateSeries, Recurrence {
  id: string;
  title: Localised;
  createdAt: Instant;
  createdBy: string;
  endedAt: Instant | null;
  version: number;
  /** The next ones, in their order; none of a series that was ended. */
  next: Occurrence[];
}

export type SeriesRow = Handle['t']['maintenanceSeries']['$inferSelect'];

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

/** One series with its next occurrences. Throws DomainError('not-found'). */
export async function readSeries(ctx: Context, id: string, shown = 6): Promise<SeriesView> {
  const h = ctx.db.read;
  return viewOf(h, await seriesRow(h, id), ctx.clock.now(), shown);
}

/** All series: those that go on first, then those that were ended; each by when it was started. */
export async function listSeries(ctx: Context, shown = 3): Promise<SeriesView[]> {
  const h = ctx.db.read;
  const { maintenanceSeries } = h.t;
  const rows = await h.q
    .select()
    .from(maintenanceSeries)
    .orderBy(asc(maintenanceSeries.createdAt), asc(maintenanceSeries.id));
  const now = ctx.clock.now();
  const views = await Promise.all(rows.map((row) => viewOf(h, row, now, shown)));
  return [...views.filter((v) => v.endedAt === null), ...views.filter((v) => v.endedAt !== null)];
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

/** The series that go on. */
export function runningSeries({ q, t }: Handle): Promise<SeriesRow[]> {
  return q.select().from(t.maintenanceSeries).where(isNull(t.maintenanceSeries.endedAt));
}

/** The series with this id; throws DomainError('not-found'). */
export async function seriesRow({ q, t }: Handle, id: string): Promise<SeriesRow> {
  const [row] = await q.select().from(t.maintenanceSeries).where(eq(t.maintenanceSeries.id, id));
  if (!row) throw new DomainError('not-found', `there is no series "${id}"`);
  return row;
}

async function viewOf(h: Handle, row: SeriesRow, now: Instant, shown: number): Promise<SeriesView> {
  const starts = row.endedAt === null ? nextOccurrences(row, now, Math.min(shown, MOST_SHOWN)) : [];
  const known = await announcedOf(h, row.id, starts, now);
  return {
    id: row.id,
    componentIds: row.componentIds,
    title: { nl: row.titleNl, en: row.titleEn },
    text: { nl: row.textNl, en: row.textEn },
    rrule: row.rrule,
    zone: row.zone,
    localStart: row.localStart,
    durationSeconds: row.durationSeconds,
    announceSeconds: row.announceSeconds,
    createdAt: row.createdAt,
    createdBy: row.createdBy,
    endedAt: row.endedAt,
    version: row.version,
    next: starts.map((from) => ({
      from,
      to: from + row.durationSeconds * 1000,
      announceAt: Math.max(row.createdAt, from - row.announceSeconds * 1000),
      maintenance: known.get(from) ?? null,
    })),
  };
}

async function announcedOf(
  { q, t }: Handle,
  seriesId: string,
  starts: readonly Instant[],
  now: Instant,
): Promise<Map<Instant, { id: string; status: MaintenanceStatus }>> {
  if (starts.length === 0) return new Map();
  const m = t.maintenances;
  const rows = await q
    .select()
    .from(m)
    .where(and(eq(m.seriesId, seriesId), inArray(m.occurrenceAt, [...starts])));
  return new Map(
    rows.flatMap((row) =>
      row.occurrenceAt === null
        ? []
        : [[row.occurrenceAt, { id: row.id, status: maintenanceStatus(row, now) }] as const],
    ),
  );
}
