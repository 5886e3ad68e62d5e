import type { NotificationContent } from '@upheld/domain/notify/message.ts';
import type { Channel } from '@upheld/domain/notify/delivery.ts';
import type { Context } from '@upheld/services/context.ts';
import { enqueueNotification } from '@upheld/services/outbox/enqueue.ts';
import type { OutboxRow } from '@upheld/services/outbox/row.ts';

const both = (text: string) => ({ nl: text, en: text });

/** Writes a confirmed subscriber to everything. */
export async function subscribe(ctx: Context, channel: Channel, address: string): Promise<void> {
  await ctx.db.transact(({ q, t }) =>
    q.insert(t.subscribers).values({
      id: ctx.ids.next(),
      channel,
      address,
      addressKey: address,
      language: 'nl',
      state: 'confirmed',
      componentIds: null,
      challengeTries: 0,
      createdAt: ctx.clock.now(),
      version: 1,
    }),
  );
}

/** Tells every subscriber of an incident; its title is how a test knows it again. */
export async function tell(
  ctx: Context,
  subjectId: string,
  event: 'opened' | 'updated' | 'resolved' = 'opened',
): Promise<void> {
  const now = ctx.clock.now();
  const status = { opened: 'investigating', updated: 'identified', resolved: 'resolved' } as const;
  const content: NotificationContent = {
    kind: 'incident',
    event,
    incidentId: subjectId,
    title: both(`Incident ${subjectId}`),
    status: status[event],
    body: both(`${event} ${subjectId}`),
    components: [],
    startedAt: now,
    at: now,
  };
  await ctx.db.transact((h) =>
    enqueueNotification(
      h,
      { ids: ctx.ids, now, config: ctx.config() },
      { subjectId, content, componentIds: ['fysioone'], dedupe: `${subjectId}:${event}` },
    ),
  );
}

/** The outbox, oldest first. */
export async function outbox(ctx: Context): Promise<OutboxRow[]> {
  const rows = await ctx.db.read.q.select().from(ctx.db.read.t.outbox);
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
}
