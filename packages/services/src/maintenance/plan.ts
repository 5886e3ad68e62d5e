import {
  figuresOfPlan,
  judgePlan,
  type PlanFigure,
  type PlannedWork,
  type PlanVerdict,
} from '@upheld/domain/maintenance/plan.ts';
import { nextWindowForAll, type Covering } from '@upheld/domain/maintenance/next-window.ts';
import { MAINTENANCE_KINDS, type MaintenanceKind } from '@upheld/domain/maintenance/maintenance.ts';
import { maintenanceStatus } from '@upheld/domain/maintenance/status.ts';
import { ceilSecond, floorSecond } from '@upheld/domain/page/whole-seconds.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { spanOf } from '@upheld/domain/sla/period.ts';
import { setOf, type Interval } from '@upheld/domain/time/interval.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { z } from 'zod';
import { knownComponents } from '../components.ts';
import type { Context } from '../context.ts';
import { componentsInput, idInput, parseInput, secondInput } from '../input.ts';
import { coverOf, factsOf, rollingYear, type Asked, type Covered } from '../read/facts.ts';
import { cappedFrom, defaultPeriod } from '../read/read-statement.ts';
import type { Recorded } from '../read/recorded-types.ts';
import { nothingRecorded, readRecorded } from '../read/recorded.ts';
import { announcementsOf, type AnnouncedWindow } from './announcements.ts';
import { noticeOf } from './judge.ts';
import { maintenanceComponentIds, maintenanceRow } from './maintenance-row.ts';
import { checkWindow } from './window.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** A cap counts by calendar month: nothing further away shares one with a window. */
const NEIGHBOURS = 62 * DAY;
/** Somebody has to read a suggested window and announce it before it is in time no longer. */
const TIME_TO_ANNOUNCE = 15 * MINUTE;
/** Nobody begins work at 03:07:41. */
const QUARTER = 15 * MINUTE;

const window = { from: secondInput, to: secondInput };
const planInput = z.union([
  z.strictObject({ ...window, maintenanceId: idInput }),
  z.strictObject({
    ...window,
    componentIds: componentsInput,
    kind: z.enum(MAINTENANCE_KINDS).default('planned'),
  }),
]);

export type PlanMaintenance =
  | {
      componentIds: readonly string[];
      from: Instant;
      to: Instant;
      /** By default planned. */
      kind?: MaintenanceKind | undefined;
    }
  /** What moving or extending a maintenance that is announced would come to. */
  | { maintenanceId: string; from: Instant; to: Instant };

/** What one agreement of one component makes of planned work. */
export type PlannedVerdict = PlanVerdict & {
  componentId: string;
  /** The period of the agreement that the figures are of. */
  period: Interval;
  figures: PlanFigure[];
};

/** Another maintenance of one of the components, at the same time. */
export interface Overlap {
  id: string;
  title: Localised;
  from: Instant;
  to: Instant;
  componentIds: string[];
}

export interface MaintenancePlan {
  /** The moment for which it is true. */
  at: Instant;
  from: Instant;
  to: Instant;
  kind: MaintenanceKind;
  componentIds: string[];
  /** One for each agreement of each component, in the order of the configuration. */
  verdicts: PlannedVerdict[];
  overlaps: Overlap[];
  /**
   * The earliest window of this length, not before the one asked for nor before now, that suits every
   * agreement: in time, in preferred hours, under the cap, clear of other windows. It starts on a quarter of
   * an hour and leaves a quarter of an hour to announce it. Null where there is none within a year.
   */
  nextWindowForAll: Interval | null;
}

/**
 * What every agreement would make of work in this window, announced now. Stores nothing and tells nobody.
 * Throws DomainError: 'invalid-input', 'not-found'.
 */
export async function planMaintenance(
  ctx: Context,
  input: PlanMaintenance,
): Promise<MaintenancePlan> {
  const given = parseInput(planInput, input);
  const now = ctx.clock.now();
  checkWindow(given, now);
  const planned = await plannedOf(ctx, given, now);
  const { componentIds, kind, from, to } = planned;
  const configured = new Set(ctx.config().groups.flatMap((g) => g.components.map(({ id }) => id)));
  const components = knownComponents(
    ctx.config(),
    componentIds.filter((id) => planned.id === null || configured.has(id)),
  );
  const covered = components.flatMap((component) => coverOf(component, ctx.agreements()));
  const asks = covered.map((one) => ({ covered: one, asked: askedFor(one, planned, now) }));
  const recorded = await recordedFor(ctx, asks, planned, now);
  const others = new Map(
    componentIds.map((id) => [id, othersOf(recorded(id), Math.min(now, from))] as const),
  );
  return {
    at: now,
    from,
    to,
    kind,
    componentIds,
    verdicts: asks.map((one) => {
      const { id } = one.covered.component;
      return verdictOn(one, planned, { recorded: recorded(id), others: others.get(id) ?? [], now });
    }),
    overlaps: overlapsOf(componentIds, recorded, { from, to }),
    nextWindowForAll: nextWindowForAll(
      covered.map<Covering>(({ agreement, component }) => ({
        agreement,
        others: others.get(component.id) ?? [],
      })),
      {
        kind,
        length: to - from,
        notBefore: from,
        announcedAt: now + TIME_TO_ANNOUNCE,
        step: QUARTER,
        busy: setOf(
          componentIds.flatMap((id) => recorded(id).maintenances.filter(isLive(now)).map(windowOf)),
        ),
      },
    ),
  };
}

/** A maintenance that is to be: a new one, or one that is announced and would get another window. */
interface Planned extends Interval {
  id: string | null;
  kind: MaintenanceKind;
  componentIds: string[];
  announcements: AnnouncedWindow[];
  workStartedAt: Instant | null;
}

async function plannedOf(
  ctx: Context,
  given: z.output<typeof planInput>,
  now: Instant,
): Promise<Planned> {
  const { from, to } = given;
  const announcement = { at: ceilSecond(now), from, to };
  if (!('maintenanceId' in given)) {
    const { componentIds, kind } = given;
    const fresh = { id: null, workStartedAt: null, announcements: [announcement] };
    return { ...fresh, from, to, kind, componentIds };
  }
  const h = ctx.db.read;
  const row = await maintenanceRow(h, given.maintenanceId);
  return {
    id: row.id,
    kind: row.kind,
    from,
    to,
    componentIds: await maintenanceComponentIds(h, row.id),
    announcements: [...(await announcementsOf(h, row)), announcement],
    workStartedAt: row.workStartedAt,
  };
}

interface Ask {
  covered: Covered;
  asked: Asked;
}

/** The agreement's own period in which the work would be, as it will stand at the end of the work. */
function askedFor(covered: Covered, { from, to }: Interval, now: Instant): Asked {
  const asOf = Math.max(to, ceilSecond(now));
  const own = defaultPeriod(covered, from);
  const period = own.kind === 'rolling-12-months' ? rollingYear(asOf) : own;
  return { period, span: spanOf(period, covered.agreement.document.zone), asOf, knownAt: asOf };
}

async function recordedFor(
  ctx: Context,
  asks: readonly Ask[],
  { id, from, componentIds }: Planned,
  now: Instant,
): Promise<(componentId: string) => Recorded> {
  const firsts = asks.map(({ covered, asked }) =>
    cappedFrom(asked.span.from, covered.agreement.document.zone),
  );
  const [only, ...more] = componentIds;
  const query = {
    // Caps count by calendar month, and a window that suits all is looked for a year ahead.
    span: { from: Math.min(now - NEIGHBOURS, ...firsts), to: Math.max(now, from) + 400 * DAY },
    now,
    ...(more.length === 0 && only !== undefined ? { componentId: only } : {}),
  };
  const found = await readRecorded(ctx, ctx.db.read, query);
  const untilNow = new Map(
    componentIds.map((one) => {
      const recorded = found.get(one) ?? nothingRecorded(query);
      return [one, endingAt(recorded, now, id)] as const;
    }),
  );
  return (one) => untilNow.get(one) ?? nothingRecorded(query);
}

/** What goes on now is taken to end now, or with its window; nobody knows better. */
function endingAt(recorded: Recorded, now: Instant, planned: string | null): Recorded {
  return {
    ...recorded,
    outages: recorded.outages.map((row) => ({ ...row, endedAt: row.endedAt ?? ceilSecond(now) })),
    maintenances: recorded.maintenances
      .filter((row) => row.id !== planned)
      .map((row) =>
        row.workStartedAt === null || row.workEndedAt !== null
          ? row
          : { ...row, workEndedAt: Math.max(ceilSecond(now), row.windowTo) },
      ),
  };
}

function verdictOn(
  { covered, asked }: Ask,
  planned: Planned,
  { recorded, others, now }: { recorded: Recorded; others: Other[]; now: Instant },
): PlannedVerdict {
  const { agreement, component } = covered;
  const { kind, announcements, from, to } = planned;
  const verdict = judgePlan(agreement, {
    maintenance: { kind, announcements },
    others,
    now,
  });
  const figures = figuresOfPlan(factsOf(recorded, covered, asked), agreement, {
    work: workOf(planned),
    window: { from, to },
  });
  return { ...verdict, componentId: component.id, period: asked.span, figures };
}

function workOf({ kind, announcements, workStartedAt, from, to }: Planned): PlannedWork {
  const begun = workStartedAt === null ? from : floorSecond(workStartedAt);
  return { kind, announcements, work: { from: begun < to ? begun : from, to } };
}

type Row = Recorded['maintenances'][number];

type Other = { id: string } & ReturnType<typeof noticeOf>;

/** Those that can share a month with a window from then on. */
function othersOf({ maintenances }: Recorded, from: Instant): Other[] {
  return maintenances
    .filter(({ windowTo }) => windowTo > from - NEIGHBOURS)
    .map((row) => ({ id: row.id, ...noticeOf(row) }));
}

function windowOf({ windowFrom: from, windowTo: to }: Row): Interval {
  return { from, to };
}

function isLive(now: Instant): (row: Row) => boolean {
  return (row) => ['scheduled', 'in_progress'].includes(maintenanceStatus(row, now));
}

/** Other windows at the same time that were not called off, by their start. */
function overlapsOf(
  componentIds: readonly string[],
  recorded: (id: string) => Recorded,
  { from, to }: Interval,
): Overlap[] {
  const found = new Map<string, Overlap>();
  for (const componentId of componentIds)
    for (const row of recorded(componentId).maintenances) {
      if (row.cancelledAt !== null || row.windowFrom >= to || row.windowTo <= from) continue;
      const title = { nl: row.titleNl, en: row.titleEn };
      const one = found.get(row.id) ?? { id: row.id, title, ...windowOf(row), componentIds: [] };
      one.componentIds.push(componentId);
      found.set(row.id, one);
    }
  return [...found.values()].sort((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1));
}
