import type { ComponentConfig } from '@upheld/config/schema.ts';
import type { Handle } from '@upheld/db/database.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { Impact, IncidentStatus } from '@upheld/domain/incident/incident.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { and, eq, inArray, isNotNull, isNull } from '@upheld/db/query.ts';
import { recordAudit } from '../audit/record.ts';
import type { Actor, Context } from '../context.ts';
import { namesOf } from '../components.ts';
import { enqueueNotification } from '../outbox/enqueue.ts';
import { won } from '../race.ts';
import { incidentViews } from '../read/incident-views.ts';
import type { IncidentView } from '../read/page-view.ts';
import { bumpRevision } from '../revision.ts';
import { changedMeanwhile, type IncidentAction } from './changed-meanwhile.ts';
import { partIds } from './parts.ts';

export type IncidentRow = Awaited<ReturnType<typeof selectIncident>>[number];

function selectIncident({ q, t }: Handle, id: string) {
  return q.select().from(t.incidents).where(eq(t.incidents.id, id));
}

/** The incident with this id; throws DomainError('not-found'). */
export async function incidentRow(h: Handle, id: string): Promise<IncidentRow> {
  const [row] = await selectIncident(h, id);
  if (!row) throw new DomainError('not-found', `there is no incident "${id}"`);
  return row;
}

/**
 * The same for whoever wants to say something of it. Throws DomainError: 'not-found'; 'conflict' when it
 * turned out to be part of another, and with `expectedVersion` when others changed it since.
 */
export async function incidentToChange(
  h: Handle,
  id: string,
  expectedVersion?: number,
): Promise<IncidentRow> {
  const row = await incidentRow(h, id);
  if (row.mergedIntoId !== null)
    throw new DomainError(
      'conflict',
      `this incident turned out to be part of incident ${row.mergedIntoId}; say it of that one`,
    );
  if (expectedVersion !== undefined && expectedVersion !== row.version)
    throw await changedMeanwhile(h, row, expectedVersion);
  return row;
}

/** The ids of the components that an incident is about, sorted. */
export async function incidentComponentIds(h: Handle, id: string): Promise<string[]> {
  const { q, t } = h;
  const rows = await q
    .selectDistinct({ componentId: t.incidentComponents.componentId })
    .from(t.incidentComponents)
    .where(inArray(t.incidentComponents.incidentId, await partIds(h, id)));
  return rows.map((row) => row.componentId).sort();
}

/** Changes an incident unless somebody else did since it was read; see `transactUntilWon`. */
export async function setIncident(
  { q, t }: Handle,
  row: IncidentRow,
  values: Partial<{
    status: IncidentStatus;
    impact: Impact;
    startedAt: Instant;
    noticedAt: Instant;
    resolvedAt: Instant | null;
    acknowledgedAt: Instant;
    acknowledgedBy: string;
    mergedIntoId: string;
    mergedAt: Instant;
    openForComponent: string | null;
  }> & { updatedAt: Instant },
): Promise<void> {
  won(
    await q
      .update(t.incidents)
      .set({ ...values, version: row.version + 1 })
      .where(and(eq(t.incidents.id, row.id), eq(t.incidents.version, row.version)))
      .returning({ id: t.incidents.id }),
  );
}

/** Adds one message to an incident and tells its subscribers. */
export async function addUpdate(
  h: Handle,
  ctx: Context,
  actor: Actor,
  update: {
    incident: { id: string; title: Localised; startedAt: Instant };
    event: 'opened' | 'updated' | 'resolved';
    status: IncidentStatus;
    body: Localised;
    componentIds: readonly string[];
    now: Instant;
  },
): Promise<void> {
  const { incident, event, status, body, componentIds, now } = update;
  const id = ctx.ids.next();
  await h.q.insert(h.t.incidentUpdates).values({
    id,
    incidentId: incident.id,
    status,
    bodyNl: body.nl,
    bodyEn: body.en,
    recordedAt: now,
    recordedBy: actor.name,
  });
  await enqueueNotification(
    h,
    { ids: ctx.ids, now, config: ctx.config() },
    {
      subjectId: incident.id,
      content: {
        kind: 'incident',
        event,
        incidentId: incident.id,
        title: incident.title,
        status,
        body,
        components: namesOf(ctx.config(), componentIds),
        startedAt: incident.startedAt,
        at: now,
      },
      componentIds,
      dedupe: `incident:${id}`,
    },
  );
}

/**
 * Makes sure that configured components have their row: the measuring process makes it when it starts,
 * and a command may come first.
 */
export async function ensureComponents(
  { q, t }: Handle,
  components: readonly ComponentConfig[],
  now: Instant,
): Promise<void> {
  await q
    .insert(t.components)
    .values(components.map(({ id }) => ({ id, createdAt: now, updatedAt: now })))
    .onConflictDoNothing();
}

/** Whether a monitor still sees an outage of this incident. */
export async function probesSeeIt(h: Handle, incidentId: string): Promise<boolean> {
  const { q, t } = h;
  const open = await q
    .select({ id: t.outages.id })
    .from(t.outages)
    .where(
      and(
        inArray(t.outages.incidentId, await partIds(h, incidentId)),
        isNull(t.outages.endedAt),
        isNotNull(t.outages.monitorId),
      ),
    );
  return open.length > 0;
}

/** An incident as it now stands. */
export async function incidentView(h: Handle, id: string): Promise<IncidentView> {
  const [view] = await incidentViews(h, [await incidentRow(h, id)]);
  if (!view) throw new DomainError('not-found', `there is no incident "${id}"`);
  return view;
}

/** Nobody keeps an incident and its parts open for a component any more. */
export async function releaseParts(h: Handle, id: string): Promise<void> {
  const { q, t } = h;
  await q
    .update(t.incidents)
    .set({ openForComponent: null })
    .where(
      and(
        inArray(t.incidents.id, await partIds(h, id)),
        isNotNull(t.incidents.mergedIntoId),
        isNotNull(t.incidents.openForComponent),
      ),
    );
}

/**
 * What ends every change that a person or token makes of an incident: marks that the page changed, and
 * writes it into the audit log with the versions, which `changedMeanwhile` reads.
 */
export async function finishChange(
  h: Handle,
  ctx: Context,
  actor: Actor,
  change: { row: IncidentRow; action: IncidentAction; before?: object; after: object },
): Promise<IncidentView> {
  const { row, action, before, after } = change;
  await bumpRevision(h);
  await recordAudit(h, ctx, actor, {
    action,
    subject: row.id,
    before: { version: row.version, ...before },
    after: { version: row.version + 1, ...after },
  });
  return incidentView(h, row.id);
}
