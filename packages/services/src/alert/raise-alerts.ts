import type { Handle } from '@upheld/db/database.ts';
import { and, eq, inArray, isNotNull, isNull } from '@upheld/db/query.ts';
import type { Duty } from '@upheld/domain/desk/duties.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { componentsOf } from '../components.ts';
import type { Context } from '../context.ts';
import { readDuties } from '../duty/read-duties.ts';
import { aboutOf, type AlertRow } from './alert-row.ts';
import { escalationFor, type AlertFacts } from './escalation.ts';

/** Something that somebody should look at. */
interface Raised extends AlertFacts {
  dedupeKey: string;
  subjectId: string;
  title: Localised;
}

/**
 * Ends the alerts of what is over, and raises one for every open incident that nobody acknowledged and,
 * with `duties`, for every duty that comes due, where an escalation is for it. The key makes a second one a
 * no-op, however often and by however many it is tried. Gives how many were raised.
 */
export async function reviewAlerts(
  ctx: Context,
  /** Working out the duties reads every open ticket: not at every turn. */
  { duties: withDuties }: { duties: boolean },
): Promise<number> {
  if (!ctx.config().onCall) return 0;
  const duties = withDuties ? await readDuties(ctx) : null;
  await closeAlerts(ctx, duties);
  const wanted = [...(await openIncidents(ctx)), ...dueOf(duties ?? [])];
  let raised = 0;
  for (const one of await notRaised(ctx.db.read, wanted)) if (await raise(ctx, one)) raised += 1;
  return raised;
}

async function notRaised({ q, t }: Handle, wanted: readonly Raised[]): Promise<Raised[]> {
  if (wanted.length === 0) return [];
  const keys = wanted.map(({ dedupeKey }) => dedupeKey);
  const known = await q
    .select({ key: t.alerts.dedupeKey })
    .from(t.alerts)
    .where(inArray(t.alerts.dedupeKey, keys));
  const raised = new Set(known.map(({ key }) => key));
  return wanted.filter(({ dedupeKey }) => !raised.has(dedupeKey));
}

async function raise(
  ctx: Context,
  { dedupeKey, subjectId, title, ...facts }: Raised,
): Promise<boolean> {
  const escalation = escalationFor(ctx.config(), facts);
  if (!escalation) return false;
  return ctx.db.transact(async ({ q, t }) => {
    const now = ctx.clock.now();
    const written = await q
      .insert(t.alerts)
      .values({
        id: ctx.ids.next(),
        dedupeKey,
        subjectId,
        escalation: escalation.id,
        titleNl: title.nl,
        titleEn: title.en,
        raisedAt: now,
        step: 0,
        nextStepAt: now,
        version: 1,
      })
      .onConflictDoNothing()
      .returning({ id: t.alerts.id });
    return written.length > 0;
  });
}

async function openIncidents(ctx: Context): Promise<Raised[]> {
  const { q, t } = ctx.db.read;
  const rows = await q
    .select()
    .from(t.incidents)
    .where(
      and(
        isNull(t.incidents.resolvedAt),
        isNull(t.incidents.acknowledgedAt),
        isNull(t.incidents.mergedIntoId),
      ),
    );
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const touched = Map.groupBy(
    await q
      .select()
      .from(t.incidentComponents)
      .where(inArray(t.incidentComponents.incidentId, ids)),
    ({ incidentId }) => incidentId,
  );
  const said = Map.groupBy(
    await q
      .select()
      .from(t.incidentChanges)
      .where(
        and(inArray(t.incidentChanges.incidentId, ids), isNotNull(t.incidentChanges.severity)),
      ),
    ({ incidentId }) => incidentId,
  );
  const components = componentsOf(ctx.config());
  return rows.map((row) => {
    const componentIds = (touched.get(row.id) ?? []).map(({ componentId }) => componentId);
    return {
      kind: 'incident' as const,
      dedupeKey: `incident:${row.id}`,
      subjectId: row.id,
      title: { nl: row.titleNl, en: row.titleEn },
      componentIds,
      agreements: componentIds.flatMap(
        (id) => components.get(id)?.agreements.map(({ agreement }) => agreement) ?? [],
      ),
      severities: (said.get(row.id) ?? []).flatMap(({ severity }) => severity ?? []),
    };
  });
}

function dueOf(duties: readonly Duty[]): Raised[] {
  return duties
    .filter(({ state }) => state === 'due-soon' || state === 'late')
    .map((duty) => ({
      kind: 'duty' as const,
      dedupeKey: `duty:${duty.key}`,
      subjectId: duty.subject.id,
      title: {
        nl: `${duty.what.nl}: ${duty.subject.title.nl}`,
        en: `${duty.what.en}: ${duty.subject.title.en}`,
      },
      componentIds: duty.subject.componentIds,
      agreements: [duty.agreement],
      severities: [],
    }));
}

/** Ends alerts of what is over: an incident that was resolved or acknowledged, a duty that was done. */
async function closeAlerts(ctx: Context, duties: readonly Duty[] | null): Promise<void> {
  const { q, t } = ctx.db.read;
  const open = await q.select().from(t.alerts).where(isNull(t.alerts.closedAt));
  if (open.length === 0) return;
  const ids = open.map(({ subjectId }) => subjectId);
  const found = await q.select().from(t.incidents).where(inArray(t.incidents.id, ids));
  const incidents = new Map(found.map((row) => [row.id, row]));
  const owed = duties && new Set(duties.filter(isOwed).map(({ key }) => `duty:${key}`));
  for (const row of open) {
    const change =
      aboutOf(row) === 'duty'
        ? owed && !owed.has(row.dedupeKey) && { closedAt: ctx.clock.now() }
        : ofIncident(row, incidents.get(row.subjectId), ctx.clock.now());
    if (!change) continue;
    await ctx.db.transact(({ q: write, t: tables }) =>
      write
        .update(tables.alerts)
        .set({ nextStepAt: null, version: row.version + 1, ...change })
        // Who changed it meanwhile is heard at the next turn.
        .where(and(eq(tables.alerts.id, row.id), eq(tables.alerts.version, row.version)))
        .returning({ id: tables.alerts.id }),
    );
  }
}

const isOwed = ({ state }: Duty): boolean => state !== 'done';

/** What an incident says of its alert: it is over, or somebody is on it. */
function ofIncident(
  row: AlertRow,
  incident: Handle['t']['incidents']['$inferSelect'] | undefined,
  now: Instant,
): Partial<Pick<AlertRow, 'closedAt' | 'acknowledgedAt' | 'acknowledgedBy'>> | null {
  if (!incident) return null;
  const { resolvedAt, mergedIntoId, acknowledgedAt, acknowledgedBy } = incident;
  const over = resolvedAt !== null || mergedIntoId !== null ? { closedAt: now } : null;
  const taken =
    row.acknowledgedAt === null && acknowledgedAt !== null
      ? { acknowledgedAt, acknowledgedBy }
      : null;
  return over || taken ? { ...over, ...taken } : null;
}
