import type { Notifiers } from '@upheld/domain/notify/send.ts';
import { createMailNotifier, type MailSettings } from './email/mail.ts';
import { createTwilioNotifier, type TwilioSettings } from './sms/twilio.ts';

/** The part of the configuration that says which channels there are. */
export interface ChannelSettings {
  channels: { email?: MailSettings | undefined; sms?: TwilioSettings | undefined };
}

/** A notifier for each channel that is configured: a new channel is a folder and a line here. */
export function createNotifiers({ channels: { email, sms } }: ChannelSettings): Notifiers {
  return {
    ...(email ? { email: createMailNotifier(email) } : {}),
    ...(sms ? { sms: createTwilioNotifier(sms) } : {}),
  };
}
