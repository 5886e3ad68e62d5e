import type { MonitorConfig } from '@upheld/config/schema.ts';
import type { Handle } from '@upheld/db/database.ts';
import type { Tables } from '@upheld/db/tables.ts';
import { and, asc, desc, eq, gte, inArray, isNull } from '@upheld/db/query.ts';
import { IMPACTS } from '@upheld/domain/incident/incident.ts';
import type { Evidence } from '@upheld/domain/monitor/outcome.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { monitorsOf } from '../check/memory.ts';
import type { Context } from '../context.ts';
import { incidentViews } from '../read/incident-views.ts';
import { readMerges } from '../read/merges.ts';
import type { IncidentView } from '../read/page-view.ts';
import { costOf, type IncidentCost } from './cost.ts';
import { dutiesOf } from './duties.ts';
import { incidentRow } from './incident-row.ts';
import type { OwedDuty } from './owed.ts';
import { readTimeline, type TimelineEntry } from './timeline.ts';

/** For so long what is over stays on the desk. */
const RECENT_MS = 7 * 24 * 3_600_000;
const MOST_RECENT = 20;

/** A component that somebody sees fail now. */
export interface DownNow {
  componentId: string;
  name: Localised;
  state: 'down' | 'degraded';
  since: Instant;
  incidentId: string;
  seenBy: readonly Sighting[];
}

/** An open outage: what its monitor saw when it began, and last. Only for the console: it tells of the inside. */
export interface Sighting {
  /** Null: people said it. */
  monitorId: string | null;
  /** What is watched; null for what people said, or a monitor that is no longer configured. */
  url: string | null;
  state: 'down' | 'degraded';
  since: Instant;
  noticedAt: Instant;
  cause: string | null;
  /** What proved it; null for what people said. */
  proof: Seen | null;
  /** What the newest check saw, where there was one since. */
  newest: Seen | null;
  /** Checks in a row that see it better than it is held to be; null while none does. */
  recovering: { to: 'up' | 'degraded'; good: number; needed: number } | null;
}

/** What a check saw, and when. */
export interface Seen {
  evidence: Evidence;
  at: Instant;
}

export interface Desk {
  /** The longest failing first; what is down before what is slow. */
  down: readonly DownNow[];
  /** Nobody has taken it up first, then the worst. */
  open: readonly IncidentView[];
  recent: readonly IncidentView[];
}

/** What stands on the incident desk now. */
export async function readDesk(ctx: Context): Promise<Desk> {
  const h = ctx.db.read;
  const now = ctx.clock.now();
  const { incidents } = h.t;
  const openRows = await h.q
    .select()
    .from(incidents)
    .where(and(isNull(incidents.resolvedAt), isNull(incidents.mergedIntoId)))
    .orderBy(asc(incidents.startedAt), asc(incidents.id));
  const recentRows = await h.q
    .select()
    .from(incidents)
    .where(and(gte(incidents.resolvedAt, now - RECENT_MS), isNull(incidents.mergedIntoId)))
    .orderBy(desc(incidents.startedAt), desc(incidents.id))
    .limit(MOST_RECENT);
  const open = (await incidentViews(h, openRows)).sort(byUrgency);
  const recent = await incidentViews(h, recentRows);
  return { down: await readDown(ctx, h), open, recent };
}

function byUrgency(a: IncidentView, b: IncidentView): number {
  return (
    Number(a.acknowledgedAt !== null) - Number(b.acknowledgedAt !== null) ||
    IMPACTS.indexOf(b.impact) - IMPACTS.indexOf(a.impact) ||
    a.startedAt - b.startedAt
  );
}

type OutageRow = Tables['outages']['$inferSelect'];
type MonitorRow = Tables['monitors']['$inferSelect'];
type TransitionRow = Tables['transitions']['$inferSelect'];

async function readDown(ctx: Context, h: Handle): Promise<DownNow[]> {
  const { q, t } = h;
  const outages = await q
    .select()
    .from(t.outages)
    .where(isNull(t.outages.endedAt))
    .orderBy(asc(t.outages.startedAt), asc(t.outages.id));
  const sightings = await sightingsOf(ctx, h, outages);
  const merges = await readMerges(h);
  const components = new Map(
    ctx.config().groups.flatMap((group) => group.components.map((one) => [one.id, one.name])),
  );
  return [...Map.groupBy(outages, (outage) => outage.componentId)]
    .map(([componentId, list]): DownNow => {
      const [first] = list;
      const down = list.some(({ state }) => state === 'down');
      return {
        componentId,
        name: components.get(componentId) ?? { nl: componentId, en: componentId },
        state: down ? 'down' : 'degraded',
        since: first?.startedAt ?? 0,
        incidentId: merges.rootOf(first?.incidentId ?? ''),
        seenBy: list.flatMap((outage) => sightings.get(outage.id) ?? []),
      };
    })
    .sort((a, b) => Number(a.state !== 'down') - Number(b.state !== 'down') || a.since - b.since);
}

async function sightingsOf(
  ctx: Context,
  { q, t }: Handle,
  outages: readonly OutageRow[],
): Promise<Map<string, Sighting>> {
  const monitorIds = [...new Set(outages.flatMap(({ monitorId }) => monitorId ?? []))];
  const configured = monitorsOf(ctx.config());
  const known =
    monitorIds.length === 0
      ? []
      : await q.select().from(t.monitors).where(inArray(t.monitors.id, monitorIds));
  const monitors = new Map(known.map((row) => [row.id, row]));
  const found = new Map<string, Sighting>();
  for (const outage of outages) {
    const began = await transitionAt({ q, t }, outage);
    const monitorId = outage.monitorId ?? '';
    const watched = configured.get(monitorId)?.monitor;
    const monitor = monitors.get(monitorId);
    found.set(outage.id, {
      monitorId: outage.monitorId,
      url: urlOf(watched),
      state: outage.state === 'down' ? 'down' : 'degraded',
      since: outage.startedAt,
      noticedAt: outage.noticedAt,
      cause: began?.cause ?? null,
      proof: began ? { evidence: began.evidence, at: began.at } : null,
      newest: newestOf(monitor, outage),
      recovering: recoveryOf(monitor, outage, watched),
    });
  }
  return found;
}

function newestOf(monitor: MonitorRow | undefined, { startedAt }: OutageRow): Seen | null {
  const { lastResultAt: at = null, lastEvidence: evidence = null } = monitor ?? {};
  return at === null || evidence === null || at <= startedAt ? null : { evidence, at };
}

function recoveryOf(
  monitor: MonitorRow | undefined,
  outage: OutageRow,
  watched: MonitorConfig | undefined,
): Sighting['recovering'] {
  const to = monitor?.pendingState;
  const isBetter = to === 'up' || (to === 'degraded' && outage.state === 'down');
  if (!monitor || !watched || !isBetter) return null;
  return { to, good: monitor.pendingCount, needed: watched.confirm.successes };
}

async function transitionAt(
  { q, t }: Pick<Handle, 'q' | 't'>,
  { monitorId, startedAt }: OutageRow,
): Promise<TransitionRow | undefined> {
  if (monitorId === null) return undefined;
  const [row] = await q
    .select()
    .from(t.transitions)
    .where(and(eq(t.transitions.monitorId, monitorId), eq(t.transitions.at, startedAt)));
  return row;
}

/** Without what follows the path: a query may hold a token. */
function urlOf(monitor: MonitorConfig | undefined): string | null {
  if (!monitor || !('url' in monitor) || typeof monitor.url !== 'string') return null;
  const url = URL.parse(monitor.url);
  return url ? `${url.origin}${url.pathname}` : null;
}

/** One incident as engineers see it. */
export interface IncidentOnDesk {
  view: IncidentView;
  createdBy: string;
  acknowledgedBy: string | null;
  /** The latest first. */
  timeline: readonly TimelineEntry[];
  /** Outages of it, for who splits some off. */
  outages: readonly Pick<
    OutageRow,
    'id' | 'componentId' | 'monitorId' | 'state' | 'startedAt' | 'endedAt'
  >[];
  /** What is seen of it now. */
  sightings: readonly Sighting[];
  costs: readonly IncidentCost[];
  /** What agreements ask because of it. */
  duties: readonly OwedDuty[];
  /** The last one written, published or not. */
  postmortem: {
    body: Localised;
    published: boolean;
    recordedAt: Instant;
    recordedBy: string;
  } | null;
}

/** One incident with all that was recorded of it. Throws DomainError('not-found'). */
export async function readIncidentOnDesk(ctx: Context, id: string): Promise<IncidentOnDesk> {
  const h = ctx.db.read;
  const { q, t } = h;
  const row = await incidentRow(h, id);
  const [view] = await incidentViews(h, [row]);
  if (!view) throw new RangeError('an incident without a view');
  const merges = await readMerges(h);
  const outages = await q
    .select()
    .from(t.outages)
    .where(inArray(t.outages.incidentId, merges.partsOf(id)))
    .orderBy(asc(t.outages.startedAt), asc(t.outages.id));
  const open = outages.filter(({ endedAt }) => endedAt === null);
  const [postmortem] = await q
    .select()
    .from(t.postmortems)
    .where(eq(t.postmortems.incidentId, id))
    .orderBy(desc(t.postmortems.recordedAt), desc(t.postmortems.id))
    .limit(1);
  const sightings = await sightingsOf(ctx, h, open);
  return {
    view,
    createdBy: row.createdBy,
    acknowledgedBy: row.acknowledgedBy,
    timeline: await readTimeline(h, id),
    outages,
    sightings: open.flatMap((outage) => sightings.get(outage.id) ?? []),
    costs: view.mergedIntoId === null ? await costOf(ctx, view) : [],
    duties: view.mergedIntoId === null ? ((await dutiesOf(h, ctx, [view])).get(id) ?? []) : [],
    postmortem: postmortem
      ? {
          body: { nl: postmortem.bodyNl, en: postmortem.bodyEn },
          published: postmortem.published,
          recordedAt: postmortem.recordedAt,
          recordedBy: postmortem.recordedBy,
        }
      : null,
  };
}
