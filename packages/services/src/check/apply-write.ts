import type { Handle } from '@upheld/db/database.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { and, eq, isNull, sql, type SQL } from '@upheld/db/query.ts';
import type { Context } from '../context.ts';
import type { Write } from './absorb.ts';
import { incidentFor, resolveIfOver } from './detector-incident.ts';
import type { ConfiguredMonitor } from './memory.ts';

/** Another process wrote this monitor: what we remember of it is not true any more. */
export class StaleMemory extends Error {
  constructor(monitorId: string) {
    super(`another process changed monitor ${monitorId}`);
  }
}

/** Stores one write with everything that follows from it. */
export async function applyWrite(
  h: Handle,
  ctx: Context,
  write: Write,
  configured: ConfiguredMonitor | undefined,
  now: Instant,
): Promise<void> {
  await setMonitor(h, write);
  await setGap(h, write);
  if (write.transition) await setTransition(h, ctx, write, configured, now);
}

async function setMonitor({ q, t }: Handle, write: Write): Promise<void> {
  const { detector, at, evidence } = write;
  const rows = await q
    .update(t.monitors)
    .set({
      state: detector.state,
      pendingState: detector.streak?.state ?? null,
      pendingSince: detector.streak?.since ?? null,
      pendingCount: detector.streak?.count ?? 0,
      ...(evidence === null ? {} : { lastResultAt: at, lastEvidence: evidence }),
      version: write.version + 1,
    })
    .where(and(eq(t.monitors.id, write.monitorId), eq(t.monitors.version, write.version)))
    .returning({ id: t.monitors.id });
  if (rows.length === 0) throw new StaleMemory(write.monitorId);
}

async function setGap({ q, t }: Handle, write: Write): Promise<void> {
  const { monitorId, componentId, openGap, closeGap } = write;
  if (openGap) {
    const { id, from, reason, detail } = openGap;
    await q.insert(t.gaps).values({ id, componentId, monitorId, startedAt: from, reason, detail });
  }
  if (closeGap)
    await q
      .update(t.gaps)
      .set({ endedAt: notBefore(t.gaps.startedAt, closeGap.at) })
      .where(eq(t.gaps.id, closeGap.id))
      .returning({ id: t.gaps.id });
}

async function setTransition(
  h: Handle,
  ctx: Context,
  write: Write,
  configured: ConfiguredMonitor | undefined,
  now: Instant,
): Promise<void> {
  const { q, t } = h;
  const { monitorId, componentId, transition } = write;
  if (!transition) return;
  const { from, to, at } = transition;
  await q.insert(t.transitions).values({
    id: ctx.ids.next(),
    monitorId,
    componentId,
    fromState: from,
    toState: to,
    at,
    noticedAt: now,
    cause: write.cause,
    evidence: write.evidence ?? {},
  });
  if (from === 'unknown') await beganToMeasure(h, componentId, at);
  if (from === 'down' || from === 'degraded') await closeOutage(h, monitorId, at);
  if (to !== 'up' && configured) {
    const incidentId = await incidentFor(h, ctx, { state: to, startedAt: at, now, ...configured });
    await q.insert(t.outages).values({
      id: ctx.ids.next(),
      componentId,
      monitorId,
      incidentId,
      state: to,
      startedAt: at,
      noticedAt: now,
    });
  } else await resolveIfOver(h, ctx, componentId, now);
}

async function beganToMeasure({ q, t }: Handle, componentId: string, at: Instant): Promise<void> {
  await q
    .update(t.components)
    .set({ measuredSince: at, updatedAt: at })
    .where(and(eq(t.components.id, componentId), isNull(t.components.measuredSince)))
    .returning({ id: t.components.id });
}

/** Ends the open outage of a monitor, if it has one. */
export async function closeOutage({ q, t }: Handle, monitorId: string, at: Instant): Promise<void> {
  await q
    .update(t.outages)
    .set({ endedAt: notBefore(t.outages.startedAt, at) })
    .where(and(eq(t.outages.monitorId, monitorId), isNull(t.outages.endedAt)))
    .returning({ id: t.outages.id });
}

/** A clock that was set back in between makes a stretch of no length, never of a negative one. */
function notBefore(startedAt: StartedAt, at: Instant): SQL<number> {
  return sql`case when ${startedAt} > ${at} then ${startedAt} else ${at} end`;
}

type StartedAt = Handle['t']['outages']['startedAt'] | Handle['t']['gaps']['startedAt'];
