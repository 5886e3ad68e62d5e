import type { Handle } from '@upheld/db/database.ts';
import {
  nextReminderAt,
  remindersDue,
  remindersWanted,
  type DueReminder,
  type RemindedMaintenance,
} from '@upheld/domain/notify/reminders.ts';
import type { ReminderNotification } from '@upheld/domain/notify/message.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { and, asc, eq, gt, inArray, isNotNull, isNull, lt, or } from '@upheld/db/query.ts';
import { namesOf } from '../components.ts';
import type { Context } from '../context.ts';
import { enqueueNotification } from '../outbox/enqueue.ts';

const HOUR = 3_600_000;
/** The first moment of a window is so long before it, and the last one is news for so long after it. */
const FIRST_MS = 24 * HOUR;
const LAST_MS = 6 * HOUR;

/** What a round of reminders did. */
export interface RemindersRound {
  /** Messages written into the outbox. */
  written: number;
  /** The next moment of what is announced so far; null when there is none within a day. */
  nextAt: Instant | null;
}

/**
 * Writes the reminders whose moment has come into the outbox. A second round, also after a crash or beside
 * another process, writes none of them again: what was written is the record of what was done.
 */
export async function sendReminders(ctx: Context): Promise<RemindersRound> {
  const now = ctx.clock.now();
  const near = await nearMaintenances(ctx.db.read, now);
  let written = 0;
  for (const one of near) {
    const due = remindersDue(one, now);
    // Most of the time all of them are sent: looking costs no write.
    const sent = due.length === 0 ? null : await sentBefore(ctx.db.read, one.id);
    if (sent && due.some((reminder) => !sent.has(keyOf(one.id, reminder))))
      written += await remind(ctx, one.id, now);
  }
  const moments = near.flatMap((one) => nextReminderAt(one, now) ?? []);
  return { written, nextAt: moments.length === 0 ? null : Math.min(...moments) };
}

interface Near extends RemindedMaintenance {
  id: string;
  row: Handle['t']['maintenances']['$inferSelect'];
  /** Of the last announcement. */
  text: { nl: string; en: string };
}

/** The maintenances of which a moment may have come, or comes within a day. */
async function nearMaintenances({ q, t }: Handle, now: Instant, id?: string): Promise<Near[]> {
  const { maintenances: m, announcements } = t;
  const rows = await q
    .select()
    .from(m)
    .where(
      and(
        ...(id === undefined ? [] : [eq(m.id, id)]),
        isNull(m.cancelledAt),
        lt(m.windowFrom, now + 2 * FIRST_MS),
        or(
          gt(m.windowTo, now - LAST_MS),
          gt(m.workEndedAt, now - LAST_MS),
          and(isNotNull(m.workStartedAt), isNull(m.workEndedAt)),
        ),
      ),
    );
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const said = Map.groupBy(
    await q
      .select()
      .from(announcements)
      .where(inArray(announcements.maintenanceId, ids))
      .orderBy(asc(announcements.announcedAt), asc(announcements.id)),
    (announcement) => announcement.maintenanceId,
  );
  return rows.map((row) => {
    const all = said.get(row.id) ?? [];
    const { windowFrom, windowTo, cancelledAt, workStartedAt, workEndedAt } = row;
    return {
      id: row.id,
      row,
      windowFrom,
      windowTo,
      cancelledAt,
      workStartedAt,
      workEndedAt,
      announcements: all.map((one) => ({
        at: one.announcedAt,
        from: one.windowFrom,
        to: one.windowTo,
      })),
      text: { nl: all.at(-1)?.textNl ?? '', en: all.at(-1)?.textEn ?? '' },
    };
  });
}

/** Reads the maintenance again where nobody can change it meanwhile, and writes what is due of it. */
function remind(ctx: Context, id: string, now: Instant): Promise<number> {
  return ctx.db.transact(async (h) => {
    const [maintenance] = await nearMaintenances(h, now, id);
    if (!maintenance) return 0;
    const sent = await sentBefore(h, id);
    let written = 0;
    for (const due of remindersDue(maintenance, now))
      if (!sent.has(keyOf(id, due))) written += await enqueue(h, ctx, maintenance, { due, now });
    return written;
  });
}

/** One window, one kind, one key; `enqueueNotification` adds the subscriber. */
function keyOf(id: string, { reminder, edge }: Pick<DueReminder, 'reminder' | 'edge'>): string {
  return `reminder:${id}:${reminder}:${edge}`;
}

/** The reminders that were written before, also those that nobody wanted. */
async function sentBefore({ q, t }: Handle, id: string): Promise<ReadonlySet<string>> {
  const rows = await q
    .select({ content: t.notifications.content })
    .from(t.notifications)
    .where(eq(t.notifications.subjectId, id));
  return new Set(
    rows.flatMap(({ content }) =>
      content.kind === 'reminder'
        ? [
            keyOf(id, {
              reminder: content.reminder,
              edge: content.reminder === 'end' ? content.to : content.from,
            }),
          ]
        : [],
    ),
  );
}

async function enqueue(
  h: Handle,
  ctx: Context,
  { id, row, text }: Near,
  { due, now }: { due: DueReminder; now: Instant },
): Promise<number> {
  const components = await h.q
    .select({ id: h.t.maintenanceComponents.componentId })
    .from(h.t.maintenanceComponents)
    .where(eq(h.t.maintenanceComponents.maintenanceId, id));
  const componentIds = components.map((component) => component.id).sort();
  const content: ReminderNotification = {
    kind: 'reminder',
    reminder: due.reminder,
    maintenanceId: id,
    title: { nl: row.titleNl, en: row.titleEn },
    body: text,
    components: namesOf(ctx.config(), componentIds),
    from: row.windowFrom,
    to: row.windowTo,
    until: due.until,
  };
  const written = await enqueueNotification(
    h,
    { ids: ctx.ids, now, config: ctx.config() },
    {
      subjectId: id,
      content,
      componentIds,
      // Who came after the moment has read the page just now.
      wantedBy: (subscriber) =>
        (subscriber.confirmedAt ?? subscriber.createdAt) <= due.at &&
        remindersWanted(subscriber).includes(due.reminder),
      dedupe: keyOf(id, due),
    },
  );
  // Where nobody wanted it, nothing else says that it was looked at.
  if (written === 0)
    await h.q
      .insert(h.t.notifications)
      .values({ id: ctx.ids.next(), subjectId: id, content, createdAt: now });
  return written;
}
