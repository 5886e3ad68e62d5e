import type { Handle } from '@upheld/db/database.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { MaintenanceKind } from '@upheld/domain/maintenance/maintenance.ts';
import { floorSecond } from '@upheld/domain/page/whole-seconds.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { judgeNotice, type NoticeVerdict } from '@upheld/domain/sla/notice.ts';
import { and, asc, eq, gt, inArray, lt, ne } from '@upheld/db/query.ts';
import { componentsOf } from '../components.ts';
import type { Context } from '../context.ts';
import { announcementsOf, countingWindows, type AnnouncedWindow } from './announcements.ts';

/** What one agreement of one component makes of a maintenance. */
export type ComponentVerdict = NoticeVerdict & { componentId: string };

/** A maintenance as it is put before the notice rules. */
export interface Judged {
  /** Of a maintenance that is stored: it is then not one of its own others. */
  id: string | null;
  kind: MaintenanceKind;
  announcements: readonly AnnouncedWindow[];
  cancelledAt: Instant | null;
  componentIds: readonly string[];
  now: Instant;
}

// A cap counts by calendar month, so nothing further away than this shares a month with a window.
const NEIGHBOURS_MS = 62 * 86_400_000;

/**
 * The verdict of every agreement that covers these components. A component that has left the
 * configuration has no agreement any more and gets none.
 */
export async function judge(h: Handle, ctx: Context, judged: Judged): Promise<ComponentVerdict[]> {
  const others = await neighbours(h, judged);
  const known = componentsOf(ctx.config());
  const book = ctx.agreements();
  return judged.componentIds.flatMap((componentId) =>
    (known.get(componentId)?.agreements ?? []).map((use) => ({
      componentId,
      ...judgeNotice(book.get(use.agreement), {
        maintenance: noticeOf(judged),
        others: others.get(componentId) ?? [],
        now: judged.now,
      }),
    })),
  );
}

interface Noticed {
  kind: MaintenanceKind;
  announcements: AnnouncedWindow[];
  cancelledAt?: Instant;
}

/** A stored maintenance as the notice rules take it. */
export function noticeOf({
  kind,
  announcements,
  cancelledAt,
}: Pick<Judged, 'kind' | 'announcements' | 'cancelledAt'>): Noticed {
  return {
    kind,
    announcements: [...announcements],
    ...(cancelledAt === null ? {} : { cancelledAt: floorSecond(cancelledAt) }),
  };
}

/** Other maintenances of the same components around the same time, by component. */
async function neighbours(
  { q, t }: Handle,
  judged: Judged,
): Promise<Map<string, (Noticed & { id: string })[]>> {
  const window = judged.announcements.at(-1);
  const found = new Map<string, (Noticed & { id: string })[]>();
  if (!window || judged.componentIds.length === 0) return found;
  const near = and(
    gt(t.maintenances.windowFrom, window.from - NEIGHBOURS_MS),
    lt(t.maintenances.windowFrom, window.from + NEIGHBOURS_MS),
    ne(t.maintenances.id, judged.id ?? ''),
    inArray(t.maintenanceComponents.componentId, [...judged.componentIds]),
  );
  const rows = await q
    .select({
      id: t.maintenances.id,
      kind: t.maintenances.kind,
      cancelledAt: t.maintenances.cancelledAt,
      componentId: t.maintenanceComponents.componentId,
    })
    .from(t.maintenances)
    .innerJoin(
      t.maintenanceComponents,
      eq(t.maintenanceComponents.maintenanceId, t.maintenances.id),
    )
    .where(near);
  const ids = [...new Set(rows.map((row) => row.id))];
  const windows = Map.groupBy(
    ids.length === 0
      ? []
      : await q
          .select()
          .from(t.announcements)
          .where(inArray(t.announcements.maintenanceId, ids))
          .orderBy(asc(t.announcements.announcedAt), asc(t.announcements.id)),
    (row) => row.maintenanceId,
  );
  for (const row of rows) {
    const other = noticeOf({
      kind: row.kind,
      cancelledAt: row.cancelledAt,
      announcements: countingWindows(windows.get(row.id) ?? [], row.cancelledAt),
    });
    const list = found.get(row.componentId) ?? [];
    found.set(row.componentId, [...list, { id: row.id, ...other }]);
  }
  return found;
}

/** What each agreement makes of a maintenance as it stands. Throws DomainError('not-found'). */
export async function readVerdicts(
  ctx: Context,
  maintenanceId: string,
): Promise<ComponentVerdict[]> {
  const h = ctx.db.read;
  const { t } = h;
  const [row] = await h.q.select().from(t.maintenances).where(eq(t.maintenances.id, maintenanceId));
  if (!row) throw new DomainError('not-found', `there is no maintenance "${maintenanceId}"`);
  const components = await h.q
    .select({ id: t.maintenanceComponents.componentId })
    .from(t.maintenanceComponents)
    .where(eq(t.maintenanceComponents.maintenanceId, maintenanceId));
  return judge(h, ctx, {
    id: row.id,
    kind: row.kind,
    cancelledAt: row.cancelledAt,
    announcements: await announcementsOf(h, row),
    componentIds: components.map(({ id }) => id).sort(),
    now: ctx.clock.now(),
  });
}
