import type { CheckResult } from '@upheld/domain/monitor/outcome.ts';
import type { GapReason } from '@upheld/domain/monitor/state.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { eq } from '@upheld/db/query.ts';
import { setImmediate } from 'node:timers/promises';
import type { Context } from '../context.ts';
import { transactUntilWon } from '../race.ts';
import { bumpRevision } from '../revision.ts';
import { absorb, interrupt, type Absorbed, type Write } from './absorb.ts';
import { applyWrite, StaleMemory } from './apply-write.ts';
import { componentsHeldOpen, resolveIfOver } from './detector-incident.ts';
import { loadMemory, monitorsOf, type MonitorMemory } from './memory.ts';
import { createRollups, type Rollups } from './rollups.ts';

/** Most writes of one transaction: it holds the only writer, and on SQLite the event loop too. */
const BATCH = 50;

/** Remembers what every monitor is, decides what a check changes, and stores that in groups. */
export interface Recorder {
  /** Decides at once; true when there is something to `flush`. */
  absorb(result: CheckResult): boolean;
  /** Nobody measures this monitor from a moment on. */
  interrupt(monitorId: string, gap: { from: Instant; reason: GapReason; detail: string }): void;
  /** What it remembers of a monitor. */
  memoryOf(monitorId: string): MonitorMemory | undefined;
  /**
   * Stores what was decided, in order, in as few transactions as it takes. Rejects when the database
   * does; what could not be stored stays, and the next call stores it. Gives whether anything changed.
   */
  flush(): Promise<boolean>;
  /** Says that everything before `until` was measured, writes rollups that are over, and ends hold-downs. */
  beat(until: Instant): Promise<boolean>;
  /** Reads anew what the database knows: after a reload, or when another process changed it. */
  refresh(): Promise<void>;
  /** Writes every rollup there is. */
  close(): Promise<void>;
}

/** Opens the recorder of one measuring process, whose row `resumeMeasuring` made. */
export async function openRecorder(ctx: Context, workerId: string): Promise<Recorder> {
  let memory = await loadMemory(ctx.db.read);
  let writes: Write[] = [];
  const rollups = createRollups();
  const configuredNow = configuredMonitors(ctx);
  const keep = ({ memory: next, write }: Absorbed): boolean => {
    memory.set(next.id, next);
    if (write) writes.push(write);
    return write !== null;
  };
  const refresh = async (): Promise<void> => {
    const lasts = memory;
    memory = await loadMemory(ctx.db.read);
    for (const [id, one] of memory)
      one.lastResultAt = lasts.get(id)?.lastResultAt ?? one.lastResultAt;
    writes = [];
  };

  return {
    absorb(result) {
      rollups.add(result);
      const known = memory.get(result.monitorId);
      const found = configuredNow().get(result.monitorId);
      if (!known || !found) return false;
      return keep(absorb(known, result, found.monitor.confirm, ctx.ids));
    },
    interrupt(monitorId, gap) {
      const known = memory.get(monitorId);
      if (known) keep(interrupt(known, gap, ctx.ids));
    },
    memoryOf: (monitorId) => memory.get(monitorId),
    async flush() {
      let stored = false;
      while (writes.length > 0) {
        const batch = writes.slice(0, BATCH);
        try {
          await storeBatch(ctx, batch, configuredNow());
        } catch (error) {
          if (!(error instanceof StaleMemory)) throw error;
          ctx.log.warn({ error }, 'reading anew what the monitors are');
          await refresh();
          return stored;
        }
        writes = writes.slice(batch.length);
        stored = true;
        // Between two transactions others get their turn: requests, and checks that are due.
        await setImmediate();
      }
      return stored;
    },
    async beat(until) {
      const { written, resolved } = await storeBeat(ctx, workerId, until, rollups);
      rollups.settle(written);
      return resolved;
    },
    refresh,
    async close() {
      const written = await ctx.db.transact((h) => rollups.write(h, ctx.clock.now(), true));
      rollups.settle(written);
    },
  };
}

/** The configured monitors, indexed anew when the configuration was swapped. */
function configuredMonitors(ctx: Context): () => ReturnType<typeof monitorsOf> {
  let config = ctx.config();
  let monitors = monitorsOf(config);
  return () => {
    if (config !== ctx.config()) {
      config = ctx.config();
      monitors = monitorsOf(config);
    }
    return monitors;
  };
}

function storeBatch(
  ctx: Context,
  batch: readonly Write[],
  configured: ReturnType<typeof monitorsOf>,
): Promise<void> {
  return transactUntilWon(ctx.db, async (h) => {
    const now = ctx.clock.now();
    for (const write of batch)
      await applyWrite(h, ctx, write, configured.get(write.monitorId), now);
    if (batch.some(isVisible)) await bumpRevision(h);
  });
}

function storeBeat(ctx: Context, workerId: string, until: Instant, rollups: Rollups) {
  return transactUntilWon(ctx.db, async (h) => {
    const now = ctx.clock.now();
    await h.q
      .update(h.t.workers)
      .set({ beatAt: until })
      .where(eq(h.t.workers.id, workerId))
      .returning({ id: h.t.workers.id });
    const written = await rollups.write(h, now);
    let resolved = false;
    for (const componentId of await componentsHeldOpen(h))
      resolved = (await resolveIfOver(h, ctx, componentId, now)) || resolved;
    if (resolved) await bumpRevision(h);
    return { written, resolved };
  });
}

/** A streak that only grows changes nothing that a page shows. */
function isVisible(write: Write): boolean {
  return write.transition !== null || write.openGap !== null || write.closeGap !== null;
}
