import type { Handle } from '@upheld/db/database.ts';
import { and, desc, eq, gt } from '@upheld/db/query.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { maskAddress } from '@upheld/domain/notify/address.ts';
import { CHANNELS } from '@upheld/domain/notify/delivery.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { LANGUAGES } from '@upheld/domain/text.ts';
import { z } from 'zod';
import { lockHead } from '../audit/head.ts';
import { recordAudit } from '../audit/record.ts';
import type { Actor, Context } from '../context.ts';
import { parseInput } from '../input.ts';
import { enqueueTo } from '../outbox/enqueue.ts';
import { readOutbox, type OutboxView } from '../outbox/list-outbox.ts';
import { parseAddress } from '../subscriber/address.ts';

/** What all test messages are about: by it they are found again. */
const SUBJECT = 'test-message';
/** After so long it is no test of now any more. */
const WORTH_SENDING_MS = 10 * 60_000;
const HOUR = 3_600_000;
/** Over everybody who may send one, and by all ways together. */
export const MOST_TESTS_AN_HOUR = 5;
export const MOST_TESTS_A_DAY = 20;

const wanted = z.strictObject({
  channel: z.enum(CHANNELS, 'is no channel; write email or sms'),
  address: z
    .string('is missing; write an e-mail address or a mobile number')
    .trim()
    .min(1, 'is empty; write an e-mail address or a mobile number')
    .max(320, 'is too long'),
  language: z.enum(LANGUAGES).optional(),
});

const REFUSALS = {
  'invalid-address': 'is no address; write one such as jan@example.com or +31612345678',
  'not-mobile': 'is no mobile number; text messages need one',
  'country-not-served': 'is of a country that channels.sms.countries does not name',
  'channel-off': 'cannot be reached: this channel is not configured',
} as const;

/**
 * Sends a message that says that it is a test, through the outbox as every other. Throws DomainError:
 * 'invalid-input'; 'too-many-requests' above five an hour or twenty a day, whoever asked for them.
 */
export async function sendTestMessage(
  ctx: Context,
  actor: Actor,
  input: z.input<typeof wanted>,
): Promise<OutboxView> {
  const config = ctx.config();
  const { channel, address, language = config.language } = parseInput(wanted, input);
  const place = parseAddress(config, channel, address);
  if (!place.ok) {
    const message = REFUSALS[place.reason];
    throw new DomainError('invalid-input', `"${address}" ${message}`, [
      { path: place.reason === 'channel-off' ? 'channel' : 'address', message },
    ]);
  }
  const id = ctx.ids.next();
  return ctx.db.transact(async (h) => {
    const now = ctx.clock.now();
    // Held from before the count, so that two at once cannot both be the last one allowed.
    await lockHead(h);
    await refuseTooMany(h, now);
    await enqueueTo(
      h,
      { ids: ctx.ids, now },
      {
        subjectId: SUBJECT,
        content: { kind: 'test', testId: id, at: now },
        to: [
          {
            channel,
            recipient: {
              kind: 'tester',
              id,
              name: place.address,
              address: place.address,
              language,
            },
          },
        ],
        dedupe: `test:${id}`,
        expiresAt: now + WORTH_SENDING_MS,
      },
    );
    const [sent] = await testRows(h).where(eq(h.t.outbox.dedupeKey, `test:${id}:${id}:${channel}`));
    const view = sent && (await readOutbox(h, sent.id, 'en'));
    if (!view) throw new Error('the test message was just written and is not there');
    await recordAudit(h, ctx, actor, {
      action: 'settings.test-message',
      subject: view.id,
      after: { channel, address: maskAddress(channel, place.address) },
    });
    return view;
  });
}

async function refuseTooMany(h: Handle, now: Instant): Promise<void> {
  const { outbox, notifications } = h.t;
  const since = (from: Instant) =>
    testRows(h).where(and(eq(notifications.subjectId, SUBJECT), gt(outbox.createdAt, from)));
  const ofDay = await since(now - 24 * HOUR);
  const ofHour = ofDay.filter(({ at }) => at > now - HOUR);
  const tooMany =
    ofHour.length >= MOST_TESTS_AN_HOUR
      ? `${MOST_TESTS_AN_HOUR} an hour`
      : ofDay.length >= MOST_TESTS_A_DAY
        ? `${MOST_TESTS_A_DAY} a day`
        : null;
  if (tooMany !== null)
    throw new DomainError(
      'too-many-requests',
      `more than ${tooMany} are not sent; wait a while, or look with upheld doctor`,
    );
}

function testRows({ q, t }: Handle) {
  return q
    .select({ id: t.outbox.id, at: t.outbox.createdAt })
    .from(t.outbox)
    .innerJoin(t.notifications, eq(t.notifications.id, t.outbox.notificationId));
}

/** The last test messages and what became of them, newest first. */
export async function listTests(ctx: Context, limit = 5): Promise<OutboxView[]> {
  const h = ctx.db.read;
  const rows = await testRows(h)
    .where(eq(h.t.notifications.subjectId, SUBJECT))
    .orderBy(desc(h.t.outbox.createdAt), desc(h.t.outbox.id))
    .limit(limit);
  const views = await Promise.all(rows.map(({ id }) => readOutbox(h, id, 'en')));
  return views.filter((view) => view !== null);
}
