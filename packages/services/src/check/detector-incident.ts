import type { ComponentConfig, MonitorConfig } from '@upheld/config/schema.ts';
import type { Handle } from '@upheld/db/database.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { detectorSeverity } from '@upheld/domain/sla/agreement.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { and, desc, eq, gte, inArray, isNotNull, isNull, or } from '@upheld/db/query.ts';
import type { Actor, Context } from '../context.ts';
import {
  addUpdate,
  incidentComponentIds,
  incidentRow,
  releaseParts,
  type IncidentRow,
} from '../incident/incident-row.ts';
import { partIds } from '../incident/parts.ts';
import { won } from '../race.ts';
import { readMerges } from '../read/merges.ts';
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
  const known = open ?? (await recentIncident(h, found));
  let id: string;
  if (!known) id = await startNew(h, ctx, found);
  else if (known.whole.resolvedAt === null) id = await join(h, ctx, known, found);
  else id = await reopen(h, ctx, known, found);
  await recordSeverities(h, ctx, id, found);
  return id;
}

/** An incident of the detector, and the one that it turned out to be part of: else itself. */
interface Known {
  own: IncidentRow;
  whole: IncidentRow;
}

async function known(h: Handle, own: IncidentRow | undefined): Promise<Known | undefined> {
  if (!own) return undefined;
  if (own.mergedIntoId === null) return { own, whole: own };
  return { own, whole: await incidentRow(h, (await readMerges(h)).rootOf(own.id)) };
}

async function openIncident(h: Handle, componentId: string): Promise<Known | undefined> {
  const { q, t } = h;
  const [row] = await q
    .select()
    .from(t.incidents)
    .where(eq(t.incidents.openForComponent, componentId));
  return known(h, row);
}

async function recentIncident(h: Handle, found: Found): Promise<Known | undefined> {
  const { q, t } = h;
  const since = found.startedAt - HOLD_DOWN_MS;
  const [row] = await q
    .select({ incident: t.incidents })
    .from(t.incidents)
    .innerJoin(t.incidentComponents, eq(t.incidentComponents.incidentId, t.incidents.id))
    .where(
      and(
        eq(t.incidentComponents.componentId, found.component.id),
        eq(t.incidents.createdBy, DETECTOR.name),
        or(gte(t.incidents.resolvedAt, since), isNotNull(t.incidents.mergedIntoId)),
      ),
    )
    .orderBy(desc(t.incidents.id))
    .limit(1);
  const recent = await known(h, row?.incident);
  const over = recent?.whole.resolvedAt ?? null;
  return over === null || over >= since ? recent : undefined;
}

/** The detector keeps it open because of this component: what is part of another by its own row. */
async function hold(h: Handle, { own, whole }: Known, componentId: string): Promise<void> {
  if (own.id === whole.id || own.openForComponent === componentId) return;
  const { q, t } = h;
  await q
    .update(t.incidents)
    .set({ openForComponent: componentId })
    .where(eq(t.incidents.id, own.id));
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
async function join(h: Handle, ctx: Context, one: Known, found: Found): Promise<string> {
  const row = one.whole;
  await hold(h, one, found.component.id);
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

async function reopen(h: Handle, ctx: Context, one: Known, found: Found): Promise<string> {
  const row = one.whole;
  await hold(h, one, found.component.id);
  await change(h, row, {
    status: 'investigating',
    resolvedAt: null,
    ...(one.own.id === row.id ? { openForComponent: found.component.id } : {}),
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
  const row = (await openIncident(h, componentId))?.whole;
  // What people opened, they resolve, also where the probes saw a part of it.
  if (row?.resolvedAt !== null || !isDetected(row)) return false;
  const { q, t } = h;
  const parts = await partIds(h, row.id);
  const outages = await q
    .select({ endedAt: t.outages.endedAt })
    .from(t.outages)
    .where(inArray(t.outages.incidentId, parts));
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
  await releaseParts(h, row.id);
  await addUpdate(h, ctx, DETECTOR, {
    incident: named(row),
    event: 'resolved',
    status: 'resolved',
    body,
    componentIds: await incidentComponentIds(h, row.id),
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

function isDetected({ createdBy, openForComponent }: IncidentRow): boolean {
  return createdBy === DETECTOR.name || openForComponent !== null;
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
