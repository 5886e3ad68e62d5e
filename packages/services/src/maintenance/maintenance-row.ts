import type { Handle } from '@upheld/db/database.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { MaintenanceKind } from '@upheld/domain/maintenance/maintenance.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { and, eq } from '@upheld/db/query.ts';
import type { Actor, Context } from '../context.ts';
import { enqueueNotification } from '../outbox/enqueue.ts';
import { won } from '../race.ts';
import { maintenanceViews } from '../read/maintenance-views.ts';
import type { MaintenanceView } from '../read/page-view.ts';
import { bumpRevision } from '../revision.ts';
import { announcementsOf } from './announcements.ts';
import { judge, type ComponentVerdict } from './judge.ts';
import { tellingOf } from './said.ts';

export type MaintenanceRow = Awaited<ReturnType<typeof selectMaintenance>>[number];

/** What every verb that says something of a window gives back. */
export interface Announced {
  maintenance: MaintenanceView;
  /** One for each agreement of each component, in the order of the configuration. */
  verdicts: ComponentVerdict[];
}

function selectMaintenance({ q, t }: Handle, id: string) {
  return q.select().from(t.maintenances).where(eq(t.maintenances.id, id));
}

/** The maintenance with this id; throws DomainError('not-found'). */
export async function maintenanceRow(h: Handle, id: string): Promise<MaintenanceRow> {
  const [row] = await selectMaintenance(h, id);
  if (!row) throw new DomainError('not-found', `there is no maintenance "${id}"`);
  return row;
}

/** The ids of the components that a maintenance touches, sorted. */
export async function maintenanceComponentIds({ q, t }: Handle, id: string): Promise<string[]> {
  const rows = await q
    .select({ componentId: t.maintenanceComponents.componentId })
    .from(t.maintenanceComponents)
    .where(eq(t.maintenanceComponents.maintenanceId, id));
  return rows.map((row) => row.componentId).sort();
}

/** Changes a maintenance unless somebody else did since it was read; see `transactUntilWon`. */
export async function setMaintenance(
  { q, t }: Handle,
  row: MaintenanceRow,
  values: Partial<
    Pick<
      MaintenanceRow,
      'windowFrom' | 'windowTo' | 'cancelledAt' | 'workStartedAt' | 'workEndedAt'
    >
  > & { updatedAt: Instant },
): Promise<void> {
  won(
    await q
      .update(t.maintenances)
      .set({ ...values, version: row.version + 1 })
      .where(and(eq(t.maintenances.id, row.id), eq(t.maintenances.version, row.version)))
      .returning({ id: t.maintenances.id }),
  );
}

/** What is announced, of which maintenance. */
export interface Announcement {
  maintenance: { id: string; kind: MaintenanceKind; title: Localised };
  event: 'announced' | 'changed' | 'cancelled';
  at: Instant;
  from: Instant;
  to: Instant;
  text: Localised;
  componentIds: readonly string[];
}

/** Adds an announcement to the record and tells the subscribers of its components. */
export async function announce(
  h: Handle,
  ctx: Context,
  actor: Actor,
  announcement: Announcement,
): Promise<void> {
  const { maintenance, event, at, from, to, text, componentIds } = announcement;
  const id = await addAnnouncement(h, ctx, actor, announcement);
  await enqueueNotification(
    h,
    { ids: ctx.ids, now: at, config: ctx.config() },
    {
      subjectId: maintenance.id,
      content: tellingOf(ctx, {
        event,
        maintenanceId: maintenance.id,
        title: maintenance.title,
        text,
        componentIds,
        from,
        to,
        at,
      }),
      componentIds,
      dedupe: `maintenance:${id}`,
    },
  );
}

/** Adds an announcement to the record and tells nobody: another one says it. Gives its id. */
export async function addAnnouncement(
  h: Handle,
  ctx: Context,
  actor: Actor,
  { maintenance, at, from, to, text }: Announcement,
): Promise<string> {
  const id = ctx.ids.next();
  await h.q.insert(h.t.announcements).values({
    id,
    maintenanceId: maintenance.id,
    announcedAt: at,
    windowFrom: from,
    windowTo: to,
    textNl: text.nl,
    textEn: text.en,
    announcedBy: actor.name,
  });
  return id;
}

/** Marks the page as changed, and gives the maintenance as it now stands with its verdicts. */
export async function announced(
  h: Handle,
  ctx: Context,
  id: string,
  now: Instant,
): Promise<Announced> {
  const row = await maintenanceRow(h, id);
  const verdicts = await judge(h, ctx, {
    id,
    kind: row.kind,
    cancelledAt: row.cancelledAt,
    announcements: await announcementsOf(h, row),
    componentIds: await maintenanceComponentIds(h, id),
    now,
  });
  const maintenance = await maintenanceView(h, row, now);
  // Last, because from here on other changes wait.
  await bumpRevision(h);
  return { maintenance, verdicts };
}

/** A maintenance as a page shows it. */
export async function maintenanceView(
  h: Handle,
  row: MaintenanceRow,
  now: Instant,
): Promise<MaintenanceView> {
  const [view] = await maintenanceViews(h, [row], now);
  if (!view) throw new DomainError('not-found', `there is no maintenance "${row.id}"`);
  return view;
}
