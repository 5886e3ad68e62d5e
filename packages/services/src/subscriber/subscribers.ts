import { maskAddress } from '@upheld/domain/notify/address.ts';
import type { Handle } from '@upheld/db/database.ts';
import { CHANNELS, type Channel } from '@upheld/domain/notify/delivery.ts';
import { REMINDERS, remindersWanted, type Reminder } from '@upheld/domain/notify/reminders.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { LANGUAGES, type Language } from '@upheld/domain/text.ts';
import { and, desc, eq, inArray, ne, or } from '@upheld/db/query.ts';
import { z } from 'zod';
import { recordAudit } from '../audit/record.ts';
import { knownComponents } from '../components.ts';
import type { Actor, Context } from '../context.ts';
import { parseInput } from '../input.ts';
import { transactUntilWon } from '../race.ts';
import { after, type Place } from '../read/place.ts';
import { instanceSecret } from '../secret.ts';
import { parseAddress } from './address.ts';
import { challenge, subscriptionOf } from './challenge.ts';
import type { SubscriberRow } from './subscriber-row.ts';
import { unsubscribeRow } from './unsubscribe.ts';

/** A subscriber as the operator sees it. */
export interface SubscriberView {
  id: string;
  channel: Channel;
  address: string;
  language: Language;
  /** Null: all components, also those to come. */
  componentIds: readonly string[] | null;
  /** Which reminders of maintenance it gets. */
  reminders: readonly Reminder[];
  createdAt: Instant;
  /** Null until the address said yes. */
  confirmedAt: Instant | null;
  /** Mail to it comes back: it gets nothing until its owner subscribes again. */
  bounced: boolean;
}

/** Who subscribed and did not leave, newest first: everybody, or one page of them. */
export async function listSubscribers(
  ctx: Context,
  page?: { limit: number; after?: Place | undefined },
): Promise<SubscriberView[]> {
  const { q, t } = ctx.db.read;
  const { subscribers } = t;
  const place = { at: subscribers.createdAt, id: subscribers.id };
  const all = q
    .select()
    .from(subscribers)
    .where(and(ne(subscribers.state, 'unsubscribed'), after(place, page?.after)))
    .orderBy(desc(subscribers.createdAt), desc(subscribers.id));
  const rows = await (page === undefined ? all : all.limit(page.limit));
  return rows.map(viewOf);
}

const newSubscriber = z.strictObject({
  channel: z.enum(CHANNELS),
  address: z.string().min(1).max(320),
  language: z.enum(LANGUAGES).optional(),
  componentIds: z.array(z.string()).min(1).nullish(),
  reminders: z.array(z.enum(REMINDERS)).max(REMINDERS.length).nullish(),
});

const REFUSALS = {
  'invalid-address': 'is no address; write one such as jan@example.com or +31612345678',
  'not-mobile': 'is no mobile number; text messages need one',
  'country-not-served': 'is of a country that channels.sms.countries does not name',
  'channel-off': 'cannot be reached: this channel is not configured',
} as const;

/**
 * Adds somebody on the operator's word; the address itself still has to say yes. Throws
 * DomainError('conflict') for one that is confirmed, or whose owner left: only they can come back.
 */
export async function addSubscriber(
  ctx: Context,
  actor: Actor,
  input: z.input<typeof newSubscriber>,
): Promise<SubscriberView> {
  const given = parseInput(newSubscriber, input);
  const { channel, address, language, componentIds = null, reminders = null } = given;
  if (componentIds !== null) knownComponents(ctx.config(), componentIds);
  const place = parseAddress(ctx.config(), channel, address);
  if (!place.ok) {
    const message = `"${address}" ${REFUSALS[place.reason]}`;
    throw new DomainError('invalid-input', message, [{ path: 'address', message }]);
  }
  const wish = {
    channel,
    address: place.address,
    key: place.key,
    language: language ?? ctx.config().language,
    componentIds,
    reminders,
  };
  const secret = await instanceSecret(ctx.db, ctx.ids);
  const row = await transactUntilWon(ctx.db, async (h) => {
    const known = await subscriptionOf(h, secret, wish);
    if (known?.state === 'confirmed')
      throw new DomainError('conflict', `"${place.address}" has subscribed already`);
    if (known?.state === 'unsubscribed')
      throw new DomainError(
        'conflict',
        `the owner of "${place.address}" unsubscribed; only they can subscribe again, on the page`,
      );
    const added = await challenge(h, ctx, secret, wish, ctx.clock.now());
    await recordAudit(h, ctx, actor, {
      action: 'subscriber.add',
      subject: added.id,
      after: {
        ...masked(added),
        language: added.language,
        componentIds: added.componentIds,
      },
    });
    return added;
  });
  return viewOf(row);
}

/** Ends a subscription by id or address and forgets the address; throws DomainError('not-found'). */
export async function removeSubscriber(
  ctx: Context,
  actor: Actor,
  idOrAddress: string,
): Promise<void> {
  const secret = await instanceSecret(ctx.db, ctx.ids);
  await transactUntilWon(ctx.db, async (h) => {
    const found = await rowsOf(h, ctx, idOrAddress);
    for (const row of found) {
      await unsubscribeRow(h, secret, row, ctx.clock.now());
      const before = { ...masked(row), state: row.state };
      const after = { ...masked(row), state: 'unsubscribed' };
      await recordAudit(h, ctx, actor, {
        action: 'subscriber.remove',
        subject: row.id,
        before,
        after,
      });
    }
  });
}

/** The log outlives a subscription: it keeps no address that anybody could write to. */
function masked({ channel, address }: SubscriberRow): { channel: Channel; address: string } {
  return { channel, address: maskAddress(channel, address) };
}

/** The subscriber with an id, an address or a number; throws DomainError('not-found'). */
export async function findSubscriber(ctx: Context, idOrAddress: string): Promise<SubscriberView> {
  const [row] = await rowsOf(ctx.db.read, ctx, idOrAddress);
  return viewOf(row);
}

async function rowsOf(
  { q, t: { subscribers } }: Handle,
  ctx: Context,
  idOrAddress: string,
): Promise<[SubscriberRow, ...SubscriberRow[]]> {
  const wanted = idOrAddress.trim();
  const keys = [wanted, wanted.toLowerCase(), phoneKey(ctx, wanted)];
  const [first, ...others] = await q
    .select()
    .from(subscribers)
    .where(
      and(
        ne(subscribers.state, 'unsubscribed'),
        or(eq(subscribers.id, wanted), inArray(subscribers.addressKey, keys)),
      ),
    );
  if (!first) throw new DomainError('not-found', `nobody subscribed as "${idOrAddress}"`);
  return [first, ...others];
}

/** A number as it is stored, however it was written. */
function phoneKey(ctx: Context, text: string): string {
  const parsed = parseAddress(ctx.config(), 'sms', text);
  return parsed.ok ? parsed.key : text;
}

/** A row as the operator sees it. */
export function viewOf(row: SubscriberRow): SubscriberView {
  return {
    id: row.id,
    channel: row.channel,
    address: row.address,
    language: row.language,
    componentIds: row.componentIds,
    reminders: remindersWanted(row),
    createdAt: row.createdAt,
    confirmedAt: row.confirmedAt,
    bounced: row.state === 'bounced',
  };
}
