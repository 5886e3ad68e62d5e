import type { Handle } from '@upheld/db/database.ts';
import type { Ids, Instant } from '@upheld/domain/ports.ts';
import { and, inArray, isNull } from '@upheld/db/query.ts';
import { partIds } from './parts.ts';
import type { Graded } from './scales.ts';

/*
 * Outages that no probe saw: an engineer gave an incident a severity. They go on until the incident is
 * resolved, and count in every figure as a measured one does.
 */

export interface Stretch {
  from: Instant;
  to: Instant | null;
}

/** Opens (or, with an end, records) an outage by hand for each component that was graded. */
export async function openByHand(
  { q, t }: Handle,
  { ids, now }: { ids: Ids; now: Instant },
  incidentId: string,
  graded: readonly Graded[],
  { from, to }: Stretch,
): Promise<void> {
  for (const componentId of new Set(graded.map((one) => one.componentId))) {
    const down = graded.some((one) => one.componentId === componentId && one.countsAsDown);
    await q.insert(t.outages).values({
      id: ids.next(),
      componentId,
      monitorId: null,
      incidentId,
      state: down ? 'down' : 'degraded',
      startedAt: from,
      endedAt: to,
      noticedAt: now,
    });
  }
}

/** Ends what was opened by hand for an incident. */
export async function endByHand(h: Handle, incidentId: string, at: Instant): Promise<void> {
  const { q, t } = h;
  await q
    .update(t.outages)
    .set({ endedAt: at })
    .where(
      and(
        inArray(t.outages.incidentId, await partIds(h, incidentId)),
        isNull(t.outages.endedAt),
        isNull(t.outages.monitorId),
      ),
    );
}

/** Opens again, from `at` on, what was open by hand when the incident was resolved: the pause stays up. */
export async function reopenByHand(
  h: Handle,
  { ids, now }: { ids: Ids; now: Instant },
  incident: { id: string; resolvedAt: Instant | null },
): Promise<void> {
  const { q, t } = h;
  const parts = await partIds(h, incident.id);
  const ended = await q
    .select()
    .from(t.outages)
    .where(and(inArray(t.outages.incidentId, parts), isNull(t.outages.monitorId)));
  for (const outage of ended.filter(({ endedAt }) => endedAt === incident.resolvedAt)) {
    await q.insert(t.outages).values({
      ...outage,
      id: ids.next(),
      startedAt: now,
      endedAt: null,
      noticedAt: now,
    });
  }
}

/** The components of an incident for which no outage at all is recorded. */
export async function withoutOutage(
  h: Handle,
  incidentId: string,
  graded: readonly Graded[],
): Promise<Graded[]> {
  const { q, t } = h;
  const rows = await q
    .select({ componentId: t.outages.componentId })
    .from(t.outages)
    .where(inArray(t.outages.incidentId, await partIds(h, incidentId)));
  const recorded = new Set(rows.map((row) => row.componentId));
  return graded.filter((one) => !recorded.has(one.componentId));
}
