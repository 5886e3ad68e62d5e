import type { ComponentConfig } from '@upheld/config/schema.ts';
import type { Handle } from '@upheld/db/database.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { nextDue, phaseOf } from '@upheld/domain/monitor/schedule.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { and, eq, inArray, isNull, max, notInArray } from '@upheld/db/query.ts';
import type { Context } from '../context.ts';
import { bumpRevision } from '../revision.ts';
import { interrupt, type Write } from './absorb.ts';
import { applyWrite, closeOutage } from './apply-write.ts';
import { resolveIfOver } from './detector-incident.ts';
import { DETECTOR_TEXTS } from './detector-texts.ts';
import { loadMemory, monitorsOf, type ConfiguredMonitor, type MonitorMemory } from './memory.ts';

/**
 * Begins measuring as a new process: makes its row, brings components and monitors in line with the
 * configuration, and opens a gap for each monitor that missed a check while nobody ran. A process that
 * died is known to have measured until its last beat; a monitor's gap begins at the first check after it.
 */
export async function resumeMeasuring(ctx: Context, workerId: string): Promise<void> {
  const now = ctx.clock.now();
  await ctx.db.transact(async (h) => {
    const { q, t } = h;
    const [row] = await q.select({ at: max(t.workers.beatAt) }).from(t.workers);
    await q
      .update(t.workers)
      .set({ stoppedAt: now })
      .where(isNull(t.workers.stoppedAt))
      .returning({ id: t.workers.id });
    await q.insert(t.workers).values({ id: workerId, startedAt: now, beatAt: now });
    await syncMonitors(h, ctx, row?.at ?? now, now);
    const lastBeat = row?.at ?? null;
    if (lastBeat !== null) await openMissedGaps(h, ctx, lastBeat, now);
    await bumpRevision(h);
  });
}

/** Says that this process measured until now, and no longer. */
export async function stopMeasuring(ctx: Context, workerId: string): Promise<void> {
  const now = ctx.clock.now();
  await ctx.db.transact(async ({ q, t }) => {
    await q
      .update(t.workers)
      .set({ beatAt: now, stoppedAt: now })
      .where(eq(t.workers.id, workerId))
      .returning({ id: t.workers.id });
  });
}

/** Brings components and monitors in line with a configuration that was swapped in. */
export async function applyReload(ctx: Context): Promise<void> {
  const now = ctx.clock.now();
  await ctx.db.transact(async (h) => {
    await syncMonitors(h, ctx, now, now);
    await bumpRevision(h);
  });
}

/** `measuredUntil`: until when the monitors that left the configuration were certainly measured. */
async function syncMonitors(
  h: Handle,
  ctx: Context,
  measuredUntil: Instant,
  now: Instant,
): Promise<void> {
  const configured = monitorsOf(ctx.config());
  const components = ctx.config().groups.flatMap((group) => group.components);
  await syncComponents(h, components, now);
  const memory = await loadMemory(h);
  const added: { id: string; componentId: string }[] = [];
  for (const [id, { component }] of configured) {
    const known = memory.get(id);
    if (!known) added.push({ id, componentId: component.id });
    else if (known.componentId !== component.id) throw movedMonitor(known, component.id);
  }
  await addMonitors(h, added);
  for (const one of memory.values())
    if (!configured.has(one.id) && one.detector.state !== 'unknown')
      await retireMonitor(h, ctx, one, measuredUntil, now);
  for (const [id, { monitor }] of configured) {
    const known = memory.get(id);
    if (known) await syncGap(h, ctx, known, monitor.paused, now);
  }
}

// What a monitor saw is the history of one component: under another it would speak for time it never watched.
function movedMonitor(known: MonitorMemory, to: string): DomainError {
  return new DomainError(
    'invalid-input',
    `monitor "${known.id}" belongs to component "${known.componentId}", which its history is of; give the one under "${to}" another id`,
  );
}

async function syncGap(
  h: Handle,
  ctx: Context,
  known: MonitorMemory,
  paused: boolean,
  now: Instant,
): Promise<void> {
  const { detector, lastResultAt, gapId } = known;
  if (paused)
    await openGap(
      h,
      ctx,
      known,
      { from: now, reason: 'paused', detail: 'paused in upheld.yaml' },
      now,
    );
  else if (detector.state === 'unknown' && lastResultAt !== null && gapId === null)
    await insertGap(h, ctx, known, lastResultAt);
}

async function syncComponents(
  { q, t }: Handle,
  components: readonly ComponentConfig[],
  now: Instant,
): Promise<void> {
  const ids = components.map((component) => component.id);
  await q
    .insert(t.components)
    .values(ids.map((id) => ({ id, createdAt: now, updatedAt: now })))
    .onConflictDoNothing();
  await q.update(t.components).set({ removedAt: null }).where(inArray(t.components.id, ids));
  await q
    .update(t.components)
    .set({ removedAt: now, updatedAt: now })
    .where(and(notInArray(t.components.id, ids), isNull(t.components.removedAt)));
}

/** Rows of one statement: a start with thousands of monitors is not a thousand statements. */
const CHUNK = 500;

async function addMonitors(
  { q, t }: Handle,
  added: readonly { id: string; componentId: string }[],
): Promise<void> {
  for (let start = 0; start < added.length; start += CHUNK)
    await q.insert(t.monitors).values(
      added.slice(start, start + CHUNK).map(({ id, componentId }) => ({
        id,
        componentId,
        state: 'unknown' as const,
        pendingCount: 0,
        version: 1,
      })),
    );
}

/**
 * A monitor that left the configuration: it was measured until then, and what it saw as down was down
 * until then. Its state becomes unknown, so that coming back starts anew, with a gap between.
 */
async function retireMonitor(
  h: Handle,
  ctx: Context,
  known: MonitorMemory,
  measuredUntil: Instant,
  now: Instant,
): Promise<void> {
  const { q, t } = h;
  await closeOutage(h, known.id, measuredUntil);
  await q
    .update(t.gaps)
    .set({ endedAt: measuredUntil })
    .where(and(eq(t.gaps.monitorId, known.id), isNull(t.gaps.endedAt)));
  await q
    .update(t.monitors)
    .set({
      state: 'unknown',
      pendingState: null,
      pendingSince: null,
      pendingCount: 0,
      lastResultAt: measuredUntil,
      version: known.version + 1,
    })
    .where(eq(t.monitors.id, known.id));
  await resolveIfOver(h, ctx, known.componentId, now, DETECTOR_TEXTS.noLongerMonitored);
}

async function openMissedGaps(
  h: Handle,
  ctx: Context,
  lastBeat: Instant,
  now: Instant,
): Promise<void> {
  const memory = await loadMemory(h);
  for (const [id, { monitor }] of monitorsOf(ctx.config())) {
    const known = memory.get(id);
    if (!known || monitor.paused) continue;
    const missed = nextDue(lastBeat, monitor.interval, phaseOf(id, monitor.interval));
    if (missed >= now) continue;
    const detail = `nobody measured after ${new Date(lastBeat).toISOString()}`;
    await openGap(h, ctx, known, { from: missed, reason: 'not-running', detail }, now);
  }
}

async function openGap(
  h: Handle,
  ctx: Context,
  known: MonitorMemory,
  gap: NonNullable<Parameters<typeof interrupt>[1]>,
  now: Instant,
): Promise<void> {
  const { write } = interrupt(known, gap, ctx.ids);
  if (write) await applyWrite(h, ctx, write satisfies Write, configuredOf(ctx, known.id), now);
}

/** The gap of a monitor that came back: its state is unknown, so nothing of it can be interrupted. */
async function insertGap(
  { q, t }: Handle,
  ctx: Context,
  known: MonitorMemory,
  from: Instant,
): Promise<void> {
  await q.insert(t.gaps).values({
    id: ctx.ids.next(),
    componentId: known.componentId,
    monitorId: known.id,
    startedAt: from,
    reason: 'not-running',
    detail: 'it was not in the configuration',
  });
}

function configuredOf(ctx: Context, id: string): ConfiguredMonitor | undefined {
  return monitorsOf(ctx.config()).get(id);
}
