import type { Handle } from '@upheld/db/database.ts';
import type { Tables } from '@upheld/db/tables.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { eq } from '@upheld/db/query.ts';
import type { Actor, Context } from '../context.ts';
import { incidentRow, type IncidentRow } from '../incident/incident-row.ts';
import { correctionsOf, type CorrectionRow } from '../read/corrections.ts';

/** An outage with everything that was said of it afterwards. */
export interface CorrectedOutage extends Omit<Tables['outages']['$inferSelect'], 'noticedAt'> {
  /** In the order in which they were recorded. */
  entries: readonly CorrectionRow[];
  /** One more with every correction and every withdrawal. */
  version: number;
  /** As it was before the entries were read: whoever adds one has to find it unchanged. */
  incident: IncidentRow;
}

/** The outage with this id; throws DomainError('not-found'). */
export async function correctedOutage(h: Handle, id: string): Promise<CorrectedOutage> {
  const [row] = await h.q.select().from(h.t.outages).where(eq(h.t.outages.id, id));
  if (!row) throw new DomainError('not-found', `there is no outage "${id}"`);
  const incident = await incidentRow(h, row.incidentId);
  const entries = await correctionsOf(h, id);
  return { ...row, entries, version: entries.length + 1, incident };
}

/** What a correction says of its outage; the rest is null. */
export type CorrectionMatter = Pick<
  Tables['corrections']['$inferSelect'],
  'kind' | 'cause' | 'agreement' | 'severity' | 'maintenanceId' | 'withdraws'
>;

/** A matter as if it were recorded of an outage now. */
export function supposed(
  { id: outageId, componentId, startedAt, endedAt }: CorrectedOutage,
  matter: CorrectionMatter,
  { id, now }: { id: string; now: number },
): CorrectionRow {
  return { ...matter, id, outageId, componentId, startedAt, endedAt, recordedAt: now };
}

/** Writes one entry down. Returns its id. */
export async function addEntry(
  { q, t }: Handle,
  ctx: Pick<Context, 'ids'>,
  actor: Actor,
  entry: CorrectionMatter & { outageId: string; reason: string; evidence: string; now: number },
): Promise<string> {
  const { now, ...values } = entry;
  const id = ctx.ids.next();
  await q
    .insert(t.corrections)
    .values({ ...values, id, recordedAt: now, recordedBy: actor.name })
    .returning({ id: t.corrections.id });
  return id;
}
