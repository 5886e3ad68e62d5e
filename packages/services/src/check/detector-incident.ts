import type { ComponentConfig, MonitorConfig } from '@upheld/config/schema.ts';
import type { Handle } from '@upheld/db/database.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { detectorSeverity } from '@upheld/domain/sla/agreement.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { and, desc, eq, gte, isNotNull, isNull } from '@upheld/db/query.ts';
import type { Actor, Context } from '../context.ts';
import { addUpdate, type IncidentRow } from '../incident/incident-row.ts';
import { won } from '../race.ts';
import { DETECTOR_TEXTS } from './detector-texts.ts';

export const DETECTOR: Actor = { name: 'detector' };

/**
 * A disturbance that returns within this time is the same one (docs/adr/0010), and is over only after
 * it stayed away for this long: subscribers hear of a flapping product a handful of times, not each time.
 */
export const HOLD_DOWN_MS = 10 * 60_000;

export interface Found {
  state: 'down' | 'degraded';
  startedAt: Instant;
  monitor: MonitorConfig;
  component: ComponentConfig;
  now: Instant;
}

const IMPACT = { down: 'critical', degraded: 'minor' } as const;

/** The incident that an outage belongs to: the open one of its component, a recent one reopened, or a new one. */
export async function incidentFor(h: Handle, ctx: Context, found: Found): Promise<string> {
  const open = await openIncident(h, found.component.id);
  const incident = open ?? (await recentIncident(h, found)) ?? null;
  let id: string;
  if (open) id = await join(h, ctx, open, found);
  else if (incident) id = await reopen(h, ctx, incident, found);
  else id = await startNew(h, ctx, found);
  await recordSeverities(h, ctx, id, found);
  return id;
}

async function openIncident(
  { q, t }: Handle,
  componentId: string,
): Promise<IncidentRow | undefined> {
  const [row] = await q
    .select()
    .from(t.incidents)
    .where(eq(t.incidents.openForComponent, componentId));
  return row;
}

async function recentIncident({ q, t }: Handle, found: Found): Promise<IncidentRow | undefined> {
  const [row] = await q
    .select({ incident: t.incidents })
    .from(t.incidents)
    .innerJoin(t.incidentComponents, eq(t.incidentComponents.incidentId, t.incidents.id))
    .where(
      and(
        eq(t.incidentComponents.componentId, found.component.id),
        eq(t.incidents.createdBy, DETECTOR.name),
        gte(t.incidents.resolvedAt, found.startedAt - HOLD_DOWN_MS),
      ),
    )
    .orderBy(desc(t.incidents.id))
    .limit(1);
  return row?.incident;
}

async function startNew(h: Handle, ctx: Context, found: Found): Promise<string> {
  const { component, state, startedAt, now } = found;
  const id = ctx.ids.next();
  const title = DETECTOR_TEXTS.title[state](component.name);
  await h.q.insert(h.t.incidents).values({
    id,
    titleNl: title.nl,
    titleEn: title.en,
    status: 'investigating',
    impact: IMPACT[state],
    startedAt,
    noticedAt: now,
    createdBy: DETECTOR.name,
    openForComponent: component.id,
    updatedAt: now,
    version: 1,
  });
  await h.q.insert(h.t.incidentComponents).values({ incidentId: id, componentId: component.id });
  await addUpdate(h, ctx, DETECTOR, {
    incident: { id, title, startedAt },
    event: 'opened',
    status: 'investigating',
    body: DETECTOR_TEXTS.opened[state],
    componentIds: [component.id],
    now,
  });
  return id;
}

/** Another monitor, or a worse state of the same one: told only when it got worse. */
async function join(h: Handle, ctx: Context, row: IncidentRow, found: Found): Promise<string> {
  const worse = found.state === 'down' && row.impact === IMPACT.degraded;
  if (!worse) return row.id;
  await change(h, row, { impact: IMPACT.down, updatedAt: found.now });
  await addUpdate(h, ctx, DETECTOR, {
    incident: named(row),
    event: 'updated',
    status: row.status,
    body: DETECTOR_TEXTS.worse,
    componentIds: [found.component.id],
    now: found.now,
  });
  return row.id;
}

async function reopen(h: Handle, ctx: Context, row: IncidentRow, found: Found): Promise<string> {
  await change(h, row, {
    status: 'investigating',
    resolvedAt: null,
    openForComponent: found.component.id,
    updatedAt: found.now,
    ...(found.state === 'down' ? { impact: IMPACT.down } : {}),
  });
  await addUpdate(h, ctx, DETECTOR, {
    incident: named(row),
    event: 'updated',
    status: 'investigating',
    body: DETECTOR_TEXTS.back,
    componentIds: [found.component.id],
    now: found.now,
  });
  return row.id;
}

// One row an agreement: the same outage has a level on the scale of each contract.
async function recordSeverities(
  h: Handle,
  ctx: Context,
  incidentId: string,
  found: Found,
): Promise<void> {
  const { component, monitor, state, startedAt, now } = found;
  for (const use of component.agreements) {
    const agreement = ctx.agreements().get(use.agreement);
    const wanted = monitor.severity[state];
    const known = agreement.severityLevels.some((level) => level.id === wanted);
    const severity = wanted !== undefined && known ? wanted : detectorSeverity(agreement, state);
    await h.q.insert(h.t.incidentChanges).values({
      id: ctx.ids.next(),
      incidentId,
      componentId: component.id,
      agreement: use.agreement,
      severity,
      effectiveFrom: startedAt,
      reason: `monitor ${monitor.id} found it ${state}`,
      recordedAt: now,
      recordedBy: DETECTOR.name,
    });
  }
}

/**
 * Resolves an open detector incident whose outages are all over: at once the first time, and after it
 * stayed away for HOLD_DOWN_MS when it came back before.
 */
export async function resolveIfOver(
  h: Handle,
  ctx: Context,
  componentId: string,
  now: Instant,
  body: Localised = DETECTOR_TEXTS.resolved,
): Promise<boolean> {
  const row = await openIncident(h, componentId);
  if (!row) return false;
  const { q, t } = h;
  const outages = await q
    .select({ endedAt: t.outages.endedAt })
    .from(t.outages)
    .where(eq(t.outages.incidentId, row.id));
  if (outages.some((outage) => outage.endedAt === null)) return false;
  const endedAt = Math.max(row.startedAt, ...outages.map((outage) => outage.endedAt ?? 0));
  const cameBack = body === DETECTOR_TEXTS.resolved && (await wasResolvedBefore(h, row.id));
  if (cameBack && now < endedAt + HOLD_DOWN_MS) return false;
  await change(h, row, {
    status: 'resolved',
    resolvedAt: endedAt,
    openForComponent: null,
    updatedAt: now,
  });
  await addUpdate(h, ctx, DETECTOR, {
    incident: named(row),
    event: 'resolved',
    status: 'resolved',
    body,
    componentIds: [componentId],
    now,
  });
  return true;
}

/** Components whose detector incident is open though no outage of theirs is: they wait out the hold-down. */
export async function componentsHeldOpen({ q, t }: Handle): Promise<string[]> {
  const rows = await q
    .select({ componentId: t.incidents.openForComponent })
    .from(t.incidents)
    .where(isNotNull(t.incidents.openForComponent));
  const down = await q
    .selectDistinct({ componentId: t.outages.componentId })
    .from(t.outages)
    .where(isNull(t.outages.endedAt));
  const still = new Set(down.map((row) => row.componentId));
  return rows.flatMap(({ componentId }) =>
    componentId === null || still.has(componentId) ? [] : [componentId],
  );
}

async function wasResolvedBefore({ q, t }: Handle, incidentId: string): Promise<boolean> {
  const rows = await q
    .select({ id: t.incidentUpdates.id })
    .from(t.incidentUpdates)
    .where(
      and(eq(t.incidentUpdates.incidentId, incidentId), eq(t.incidentUpdates.status, 'resolved')),
    )
    .limit(1);
  return rows.length > 0;
}

function named(row: IncidentRow): { id: string; title: Localised; startedAt: Instant } {
  return { id: row.id, title: { nl: row.titleNl, en: row.titleEn }, startedAt: row.startedAt };
}

async function change(
  { q, t }: Handle,
  row: IncidentRow,
  values: Partial<IncidentRow>,
): Promise<void> {
  won(
    await q
      .update(t.incidents)
      .set({ ...values, version: row.version + 1 })
      .where(and(eq(t.incidents.id, row.id), eq(t.incidents.version, row.version)))
      .returning({ id: t.incidents.id }),
  );
}
