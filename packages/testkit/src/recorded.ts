import type { Database } from '@upheld/db/database.ts';
import type { Instant } from '@upheld/domain/ports.ts';

/** Facts as the measuring process records them, for tests of what is made from them. */
export interface Recorder {
  /** A component with a monitor that measures from `since` on, and a process that beats now. */
  measured(component: string, since: Instant, options?: { monitor?: string }): Promise<void>;
  /** The measuring process gives a sign of life. */
  beat(at: Instant): Promise<void>;
  outage(outage: {
    component: string;
    monitor?: string;
    state?: 'down' | 'degraded';
    from: Instant;
    to?: Instant | null;
    /** Levels by agreement that the detector gives it. */
    severity?: Record<string, string>;
  }): Promise<{ incidentId: string }>;
  gap(gap: {
    component: string;
    monitor?: string;
    from: Instant;
    to?: Instant | null;
  }): Promise<void>;
}

/** Writes rows straight into a database. Ids sort in the order of writing. */
export function recorder(db: Database): Recorder {
  let count = 0;
  const id = (kind: string): string => `${kind}-${String((count += 1)).padStart(6, '0')}`;
  const monitorOf = (component: string, monitor?: string): string => monitor ?? `${component}-web`;
  return {
    measured: (component, since, options = {}) =>
      db.transact(async ({ q, t }) => {
        const monitorId = monitorOf(component, options.monitor);
        await q
          .insert(t.components)
          .values({ id: component, createdAt: since, updatedAt: since, measuredSince: since })
          .onConflictDoNothing();
        await q.insert(t.monitors).values({
          id: monitorId,
          componentId: component,
          state: 'up',
          pendingCount: 0,
          lastResultAt: since,
          version: 1,
        });
        await q.insert(t.transitions).values({
          id: id('transition'),
          monitorId,
          componentId: component,
          fromState: 'unknown',
          toState: 'up',
          at: since,
          noticedAt: since,
          evidence: {},
        });
      }),
    beat: (at) =>
      db.transact(async ({ q, t }) => {
        await q
          .insert(t.workers)
          .values({ id: 'worker', startedAt: at, beatAt: at })
          .onConflictDoUpdate({ target: t.workers.id, set: { beatAt: at } });
      }),
    outage: ({ component, monitor, state = 'down', from, to = null, severity = {} }) =>
      db.transact(async ({ q, t }) => {
        const incidentId = id('incident');
        await q.insert(t.incidents).values({
          id: incidentId,
          titleNl: `Storing ${component}`,
          titleEn: `Outage of ${component}`,
          status: to === null ? 'investigating' : 'resolved',
          impact: 'critical',
          startedAt: from,
          noticedAt: from,
          resolvedAt: to,
          createdBy: 'detector',
          openForComponent: to === null ? component : null,
          updatedAt: to ?? from,
          version: 1,
        });
        await q.insert(t.incidentComponents).values({ incidentId, componentId: component });
        for (const [agreement, level] of Object.entries(severity))
          await q.insert(t.incidentChanges).values({
            id: id('change'),
            incidentId,
            componentId: component,
            agreement,
            severity: level,
            effectiveFrom: from,
            reason: 'found by a monitor',
            recordedAt: from,
            recordedBy: 'detector',
          });
        await q.insert(t.outages).values({
          id: id('outage'),
          componentId: component,
          monitorId: monitorOf(component, monitor),
          incidentId,
          state,
          startedAt: from,
          endedAt: to,
          noticedAt: from,
        });
        return { incidentId };
      }),
    gap: ({ component, monitor, from, to = null }) =>
      db.transact(async ({ q, t }) => {
        await q.insert(t.gaps).values({
          id: id('gap'),
          componentId: component,
          monitorId: monitorOf(component, monitor),
          startedAt: from,
          endedAt: to,
          reason: 'not-running',
          detail: 'test',
        });
      }),
  };
}
