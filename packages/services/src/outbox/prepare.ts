import type { Config } from '@upheld/config/schema.ts';
import type { Handle } from '@upheld/db/database.ts';
import type { Tables } from '@upheld/db/tables.ts';
import { decideDelivery, type Decision } from '@upheld/domain/notify/decide.ts';
import { aboutsOf, type AlertNotification } from '@upheld/domain/notify/desk-messages.ts';
import type { NotificationContent } from '@upheld/domain/notify/message.ts';
import type { Outgoing } from '@upheld/domain/notify/send.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { and, asc, eq, gt, isNotNull, isNull, lt, or } from '@upheld/db/query.ts';
import { stillOpen } from '../alert/alert-row.ts';
import type { Context } from '../context.ts';
import { instanceSecret, messageHost } from '../secret.ts';
import { LEASE_MS } from './claim.ts';
import { outgoingOf, type Addressee } from './outgoing.ts';
import { FREE, setOutbox, type OutboxRow } from './row.ts';

const HOUR = 3_600_000;

/** What is to be done with a message that was claimed. */
export type Prepared =
  /** It is marked as being sent: send it now. */
  | { act: 'send'; row: OutboxRow; outgoing: Outgoing }
  /** It may have gone out: ask the provider, and tell `settleAsked`. */
  | { act: 'ask'; row: OutboxRow; outgoing: Outgoing; since: Instant }
  /** There is nothing to do: it is settled, waits, or another worker has it. */
  | { act: 'nothing' };

const NOTHING: Prepared = { act: 'nothing' };

/**
 * Decides what becomes of a claimed message. Where it is to be sent, that is written before it is done,
 * so that a crash leaves evidence. `canAsk`: the channel knows what it took, so what is in doubt is asked
 * for first; `asked`: that was done, and it did not go out.
 */
export async function prepareDelivery(
  ctx: Context,
  row: OutboxRow,
  { canAsk, asked = false }: { canAsk: boolean; asked?: boolean },
): Promise<Prepared> {
  const config = ctx.config();
  const secret = await instanceSecret(ctx.db, ctx.ids);
  const host = await messageHost(ctx.db, new URL(config.server.url).hostname);
  return ctx.db.transact(async (h) => {
    const now = ctx.clock.now();
    const { to, content, earlier, decision } = await factsOf(h, config, row, now);
    if (decision.act !== 'send') {
      await setOutbox(h, row, settledBy(decision, now));
      return NOTHING;
    }
    const outgoing = outgoingOf(config, { row, to, content, earlier, secret, host, now });
    if (row.doubtSince !== null && canAsk && !asked)
      return { act: 'ask', row, outgoing, since: row.doubtSince };
    const marked = await setOutbox(h, row, {
      state: 'sending',
      attempts: row.attempts + 1,
      leaseUntil: now + LEASE_MS,
    });
    return marked ? { act: 'send', row: marked, outgoing } : NOTHING;
  });
}

function settledBy(decision: Exclude<Decision, { act: 'send' }>, now: Instant) {
  return decision.act === 'settle'
    ? { ...FREE, state: decision.state, reason: decision.reason, settledAt: now }
    : {
        ...FREE,
        state: 'pending' as const,
        availableAt: decision.until,
        reason: decision.reason,
      };
}

async function factsOf(h: Handle, config: Config, row: OutboxRow, now: Instant) {
  const { q, t } = h;
  const [found] = await q
    .select({ subscriber: t.subscribers, content: t.notifications.content })
    .from(t.outbox)
    .leftJoin(t.subscribers, eq(t.subscribers.id, t.outbox.subscriberId))
    .innerJoin(t.notifications, eq(t.notifications.id, t.outbox.notificationId))
    .where(eq(t.outbox.id, row.id));
  if (!found) throw new Error(`the outbox row ${row.id} has lost what it is about`);
  const { subscriber, content } = found;
  const to = addressee(config, row, subscriber);
  const lane = await laneBefore(h, row);
  const decision = decideDelivery(
    {
      channel: row.channel,
      content,
      createdAt: row.createdAt,
      expiresAt: row.expiresAt,
      inDoubt: row.doubtSince !== null,
      lastReason: row.reason,
      subscriber,
      acknowledged: content.kind === 'alert' && (await isSeenTo(h, content)),
      newerWaits: await newerWaits(h, row),
      lastSent: lane.lastSent,
      sentThisHour: await sentSince(h, row, now - HOUR),
    },
    now,
  );
  return { to, content, earlier: lane.ids, decision };
}

/** Whether nothing that a call is about needs anybody any more. */
async function isSeenTo(h: Handle, call: AlertNotification): Promise<boolean> {
  const open = await stillOpen(
    h,
    aboutsOf(call).map(({ alertId }) => alertId),
  );
  return open.length === 0;
}

function addressee(
  config: Config,
  row: OutboxRow,
  subscriber: Tables['subscribers']['$inferSelect'] | null,
): Addressee {
  if (subscriber) return { kind: 'subscriber', subscriber };
  const { recipient } = row;
  if (!recipient) throw new Error(`the outbox row ${row.id} is to nobody`);
  const person = config.onCall?.people.find(({ id }) => id === recipient.id);
  return { kind: 'recipient', recipient, webhookSecret: person?.webhook?.secret ?? null };
}

/** Rows to the same person, as far as they are looked at together. */
function toTheSame({ t }: Handle, row: OutboxRow) {
  return row.subscriberId === null
    ? eq(t.outbox.lane, row.lane)
    : eq(t.outbox.subscriberId, row.subscriberId);
}

/** The messages of the lane that went out before, or may have: the thread that this one goes on. */
async function laneBefore(
  { q, t }: Handle,
  row: OutboxRow,
): Promise<{ ids: string[]; lastSent: NotificationContent | null }> {
  const before = await q
    .select({ id: t.outbox.id, state: t.outbox.state, content: t.notifications.content })
    .from(t.outbox)
    .innerJoin(t.notifications, eq(t.notifications.id, t.outbox.notificationId))
    .where(
      and(
        toTheSame({ q, t }, row),
        eq(t.outbox.lane, row.lane),
        lt(t.outbox.id, row.id),
        or(eq(t.outbox.state, 'sent'), isNotNull(t.outbox.doubtSince)),
      ),
    )
    .orderBy(asc(t.outbox.id));
  return {
    ids: before.map(({ id }) => id),
    lastSent: before.findLast(({ state }) => state === 'sent')?.content ?? null,
  };
}

async function newerWaits({ q, t }: Handle, row: OutboxRow): Promise<boolean> {
  const newer = await q
    .select({ id: t.outbox.id })
    .from(t.outbox)
    .where(and(eq(t.outbox.lane, row.lane), isNull(t.outbox.settledAt), gt(t.outbox.id, row.id)))
    .limit(1);
  return newer.length > 0;
}

async function sentSince({ q, t }: Handle, row: OutboxRow, since: Instant): Promise<Instant[]> {
  const sent = await q
    .select({ at: t.outbox.settledAt, content: t.notifications.content })
    .from(t.outbox)
    .innerJoin(t.notifications, eq(t.notifications.id, t.outbox.notificationId))
    .where(
      and(toTheSame({ q, t }, row), eq(t.outbox.state, 'sent'), gt(t.outbox.settledAt, since)),
    );
  return sent.flatMap(({ at, content }) =>
    at === null || content.kind === 'challenge' ? [] : [at],
  );
}
