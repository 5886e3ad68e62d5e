import type { Channel } from '@upheld/domain/notify/delivery.ts';
import { smsSize, type SmsSize } from '@upheld/domain/notify/gsm.ts';
import type {
  IncidentNotification,
  MaintenanceNotification,
} from '@upheld/domain/notify/message.ts';
import type { Reader } from '@upheld/domain/notify/letter.ts';
import { renderMail, renderSms } from '@upheld/domain/notify/render.ts';
import { LANGUAGES, type Language } from '@upheld/domain/text.ts';
import { eq } from '@upheld/db/query.ts';
import type { Context } from '../context.ts';
import { hearsOf } from '../subscriber/hears-of.ts';
import { letterheadOf } from './outgoing.ts';

/** As long as a real one, so that a text message breaks where it will; it opens nothing. */
const SAMPLE_TOKEN = 'example-example-example-example-example';

export interface PreviewedMessage {
  mail: { subject: string; text: string; html: string };
  sms: SmsSize & { text: string };
  /** Who will get it in this language. */
  recipients: Record<'email' | 'sms', number>;
}

export interface NotificationPreview {
  messages: Record<Language, PreviewedMessage>;
  /** Over both languages. */
  recipients: Record<'email' | 'sms', number>;
}

/**
 * What subscribers of these components would be sent if it were said now, and how many they are. Stores
 * nothing and tells nobody.
 */
export async function previewNotification(
  ctx: Pick<Context, 'db' | 'config'>,
  content: IncidentNotification | MaintenanceNotification,
  componentIds: readonly string[],
): Promise<NotificationPreview> {
  const told = await toldOf(ctx, componentIds);
  const letterhead = letterheadOf(ctx.config());
  const count = (channel: Channel, language?: Language): number =>
    told.filter(
      (one) => one.channel === channel && (language === undefined || one.language === language),
    ).length;
  const messageIn = (language: Language): PreviewedMessage => {
    const reader: Reader = { language, token: SAMPLE_TOKEN };
    const { subject, text, html } = renderMail(content, letterhead, reader);
    const sms = renderSms(content, letterhead, reader);
    return {
      mail: { subject, text, html },
      sms: { text: sms, ...smsSize(sms) },
      recipients: { email: count('email', language), sms: count('sms', language) },
    };
  };
  const [first, second] = LANGUAGES;
  return {
    messages: { [first]: messageIn(first), [second]: messageIn(second) },
    recipients: { email: count('email'), sms: count('sms') },
  };
}

/** The same people as `enqueueNotification` writes to; a test holds the two to each other. */
async function toldOf(ctx: Pick<Context, 'db' | 'config'>, componentIds: readonly string[]) {
  const { q, t } = ctx.db.read;
  const { channel, language, componentIds: chosen, state } = t.subscribers;
  const confirmed = await q
    .select({ channel, language, chosen })
    .from(t.subscribers)
    .where(eq(state, 'confirmed'));
  return confirmed.filter(({ chosen: own }) => hearsOf(ctx.config(), own, componentIds));
}
