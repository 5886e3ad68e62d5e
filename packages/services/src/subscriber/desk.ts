import type { Handle } from '@upheld/db/database.ts';
import { maskAddress } from '@upheld/domain/notify/address.ts';
import type { Channel } from '@upheld/domain/notify/delivery.ts';
import { remindersWanted, type Reminder } from '@upheld/domain/notify/reminders.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Language } from '@upheld/domain/text.ts';
import { and, eq } from '@upheld/db/query.ts';
import { timingSafeEqual } from 'node:crypto';
import { componentsOf } from '../components.ts';
import type { Context } from '../context.ts';
import { transactUntilWon, won } from '../race.ts';
import { instanceSecret } from '../secret.ts';
import { parseAddress } from './address.ts';
import { createBudget } from './budget.ts';
import { challenge } from './challenge.ts';
import type { SubscriberRow } from './subscriber-row.ts';
import { confirmRow, isAsked, takeTry } from './confirm.ts';
import { challengeCode, idInToken, opens } from './token.ts';
import { unsubscribeRow } from './unsubscribe.ts';

/**
 * A refusal names its reason by a word: `invalid-address`, `country-not-served`, `not-mobile`,
 * `channel-off`, `unknown-component`, `wrong-code`, `expired`, `unknown-token`, `too-many-requests`.
 */
export type DeskAnswer = { ok: true } | { ok: false; reason: string; field?: string };

export interface Subscription {
  channel: Channel;
  /** With the middle hidden, as in j…n@example.com. */
  maskedAddress: string;
  confirmed: boolean;
  language: Language;
  /** Null: all, also those to come. */
  componentIds: readonly string[] | null;
  /** Which reminders of maintenance they get: those chosen, or those of the channel's default. */
  reminders: readonly Reminder[];
}

/** What can be chosen without saying yes again; what is left out stays as it is. */
export interface Choice {
  componentIds?: readonly string[] | null | undefined;
  reminders?: readonly Reminder[] | null | undefined;
}

/** Subscribing as a visitor does it. Answers never tell whether an address was known before. */
export interface SubscriptionDesk {
  subscribe(input: {
    channel: Channel;
    address: string;
    language: Language;
    componentIds: readonly string[] | null;
    /** Left out or null: those of the channel's default. */
    reminders?: readonly Reminder[] | null | undefined;
    ip: string;
  }): Promise<DeskAnswer>;
  /** What a link in a message points at; null when the token is wrong or there is nothing any more. */
  look(token: string): Promise<Subscription | null>;
  confirm(token: string): Promise<DeskAnswer>;
  confirmCode(input: { address: string; code: string; ip: string }): Promise<DeskAnswer>;
  choose(token: string, choice: Choice): Promise<DeskAnswer>;
  unsubscribe(token: string): Promise<DeskAnswer>;
}

const OK: DeskAnswer = { ok: true };
const refused = (reason: string, field?: string): DeskAnswer =>
  field === undefined ? { ok: false, reason } : { ok: false, reason, field };

/** The desk over a database: double opt-in, and one token that opens one subscription. */
export function subscriptionDesk(ctx: Context): SubscriptionDesk {
  const spend = createSpending(ctx);
  return {
    async subscribe({ channel, address, language, componentIds, reminders = null, ip }) {
      const parsed = parseAddress(ctx.config(), channel, address);
      if (!parsed.ok) return refused(parsed.reason, 'address');
      if (!areKnown(ctx, componentIds)) return refused('unknown-component', 'componentIds');
      if (!spend(channel, parsed.key, ip)) return refused('too-many-requests');
      const place = { channel, address: parsed.address, key: parsed.key };
      const wish = { ...place, language, componentIds, reminders };
      const secret = await instanceSecret(ctx.db, ctx.ids);
      await transactUntilWon(ctx.db, (h) => challenge(h, ctx, secret, wish, ctx.clock.now()));
      return OK;
    },
    async look(token) {
      const row = await rowOf(ctx.db.read, await instanceSecret(ctx.db, ctx.ids), token);
      return row && row.state !== 'unsubscribed' ? viewOf(row) : null;
    },
    confirm: (token) =>
      withRow(ctx, token, async (h, row, now) => {
        if (isAsked(row, now)) await confirmRow(h, row, now);
        else if (row.state !== 'confirmed') return refused('expired');
        return OK;
      }),
    confirmCode: (input) => confirmCode(ctx, input),
    choose: (token, choice) =>
      withRow(ctx, token, async (h, row) => {
        if (!areKnown(ctx, choice.componentIds ?? null))
          return refused('unknown-component', 'componentIds');
        await choose(h, row, choice);
        return OK;
      }),
    unsubscribe: (token) =>
      withRow(ctx, token, async (h, row, now, secret) => {
        await unsubscribeRow(h, secret, row, now);
        return OK;
      }),
  };
}

const HOUR = 3_600_000;

/**
 * Whether a challenge may be sent on behalf of a client. Text messages cost money: each client, each
 * range of a thousand numbers and the whole have a budget, and the operator hears when the last is spent.
 */
function createSpending(ctx: Context): (channel: Channel, key: string, ip: string) => boolean {
  const clients = { email: createBudget(30, HOUR), sms: createBudget(10, 4 * HOUR) };
  const ranges = createBudget(10, HOUR);
  const all = { email: createBudget(2000, HOUR), sms: createBudget(200, HOUR) };
  return (channel, key, ip) => {
    const now = ctx.clock.now();
    if (!clients[channel].take(ip, now)) return false;
    if (channel === 'sms' && !ranges.take(key.slice(0, -3), now)) return false;
    if (all[channel].take('', now)) return true;
    ctx.log.error(
      { channel },
      'the hourly budget for confirmations is spent; see the log of requests',
    );
    return false;
  };
}

/** The subscription that a token opens; undefined when it opens none. */
async function rowOf(
  { q, t }: Handle,
  secret: string,
  token: string,
): Promise<SubscriberRow | undefined> {
  const id = idInToken(token);
  if (id === null) return undefined;
  const [row] = await q.select().from(t.subscribers).where(eq(t.subscribers.id, id));
  return row && opens(secret, token, row) ? row : undefined;
}

async function withRow(
  ctx: Context,
  token: string,
  work: (h: Handle, row: SubscriberRow, now: Instant, secret: string) => Promise<DeskAnswer>,
): Promise<DeskAnswer> {
  const secret = await instanceSecret(ctx.db, ctx.ids);
  return transactUntilWon(ctx.db, async (h) => {
    const row = await rowOf(h, secret, token);
    if (!row || row.state === 'unsubscribed') return refused('unknown-token');
    return work(h, row, ctx.clock.now(), secret);
  });
}

async function confirmCode(
  ctx: Context,
  { address, code }: { address: string; code: string },
): Promise<DeskAnswer> {
  const parsed = parseAddress(ctx.config(), 'sms', address);
  if (!parsed.ok) return refused('wrong-code', 'code');
  const secret = await instanceSecret(ctx.db, ctx.ids);
  return transactUntilWon(ctx.db, async (h) => {
    const now = ctx.clock.now();
    const row = await takeTry(h, parsed.key);
    if (!row) return refused('wrong-code', 'code');
    const right = Buffer.from(challengeCode(secret, row.id, row.challengeNonce ?? ''));
    const given = Buffer.from(code);
    if (given.length !== right.length || !timingSafeEqual(given, right))
      return refused('wrong-code', 'code');
    // Only who knows the code hears that it is too old: others learn nothing of the number.
    if (!isAsked(row, now)) return refused('expired', 'code');
    await confirmRow(h, row, now);
    return OK;
  });
}

async function choose(
  { q, t }: Handle,
  row: SubscriberRow,
  { componentIds, reminders }: Choice,
): Promise<void> {
  won(
    await q
      .update(t.subscribers)
      .set({
        ...(componentIds === undefined ? {} : { componentIds: componentIds && [...componentIds] }),
        ...(reminders === undefined ? {} : { reminders: reminders && [...reminders] }),
        version: row.version + 1,
      })
      .where(and(eq(t.subscribers.id, row.id), eq(t.subscribers.version, row.version)))
      .returning({ id: t.subscribers.id }),
  );
}

function areKnown(ctx: Context, componentIds: readonly string[] | null): boolean {
  const known = componentsOf(ctx.config());
  return componentIds === null || componentIds.every((id) => known.has(id));
}

function viewOf(row: SubscriberRow): Subscription {
  return {
    channel: row.channel,
    maskedAddress: maskAddress(row.channel, row.address),
    confirmed: row.state === 'confirmed',
    language: row.language,
    componentIds: row.componentIds,
    reminders: remindersWanted(row),
  };
}
