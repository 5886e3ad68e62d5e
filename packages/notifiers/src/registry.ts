import type { Notifiers } from '@upheld/domain/notify/send.ts';
import { createMailNotifier, type MailSettings } from './email/mail.ts';
import { createWebhookNotifier, type AddressGuard } from './webhook/webhook.ts';
import { reportAddress } from './sms/report.ts';
import { createTwilioNotifier, type TwilioSettings } from './sms/twilio.ts';

/** The part of the configuration that says which channels there are. */
export interface ChannelSettings {
  channels: { email?: MailSettings | undefined; sms?: TwilioSettings | undefined };
  /** Where the product is reached: providers report there. */
  server?: { url: string } | undefined;
  onCall?: { people: readonly { webhook?: object | undefined }[] } | undefined;
}

/** A notifier for each channel that is configured: a new channel is a folder and a line here. */
export function createNotifiers(
  { channels: { email, sms }, server, onCall }: ChannelSettings,
  /** Says which addresses a webhook may be at; without it none is called. */
  guard?: AddressGuard,
): Notifiers {
  const calls = onCall?.people.some(({ webhook }) => webhook !== undefined) === true;
  return {
    ...(email ? { email: createMailNotifier(email) } : {}),
    ...(sms
      ? { sms: createTwilioNotifier({ ...sms, reportTo: server && reportAddress(server.url) }) }
      : {}),
    ...(calls && guard ? { webhook: createWebhookNotifier(guard) } : {}),
  };
}
