import type { Handle } from '@upheld/db/database.ts';
import type { Cause } from '@upheld/domain/incident/incident.ts';
import type { Ids, Instant } from '@upheld/domain/ports.ts';
import { and, desc, eq, isNotNull } from '@upheld/db/query.ts';
import type { Actor } from '../context.ts';
import type { Graded } from './scales.ts';

/** What was last said of an incident, for the record of what replaces it; null where nothing was. */
export async function lastSaid(
  { q, t }: Handle,
  incidentId: string,
  what: 'severity' | 'cause',
): Promise<string | null> {
  const column = t.incidentChanges[what];
  const [last] = await q
    .select({ said: column })
    .from(t.incidentChanges)
    .where(and(eq(t.incidentChanges.incidentId, incidentId), isNotNull(column)))
    .orderBy(desc(t.incidentChanges.recordedAt), desc(t.incidentChanges.id))
    .limit(1);
  return last?.said ?? null;
}

/** Of a severity: it got worse or better from a moment on, or another one was wrong from the start. */
export const NATURES = ['development', 'correction'] as const;
export type Nature = (typeof NATURES)[number];

/** Something said of an incident, and from when it holds. */
export interface Said {
  incidentId: string;
  effectiveFrom: Instant;
  reason: string;
  /** When it is said: now. */
  recordedAt: Instant;
}

/** Adds a severity to the record, for each agreement of whose scale it is a level. */
export async function saySeverity(
  { q, t }: Handle,
  ids: Ids,
  actor: Actor,
  said: Said & { severity: string; graded: readonly Graded[]; nature: Nature | null },
): Promise<void> {
  const { severity, graded, ...common } = said;
  await q.insert(t.incidentChanges).values(
    graded.map(({ componentId, agreement }) => ({
      ...common,
      id: ids.next(),
      componentId,
      agreement,
      severity,
      cause: null,
      recordedBy: actor.name,
    })),
  );
}

/** Adds a cause to the record, for each component. */
export async function sayCause(
  { q, t }: Handle,
  ids: Ids,
  actor: Actor,
  said: Said & { cause: Cause; componentIds: readonly string[]; evidence: string | null },
): Promise<void> {
  const { cause, componentIds, ...common } = said;
  await q.insert(t.incidentChanges).values(
    componentIds.map((componentId) => ({
      ...common,
      id: ids.next(),
      componentId,
      agreement: null,
      severity: null,
      cause,
      recordedBy: actor.name,
    })),
  );
}
