import type { ChannelFault } from '../channel-fault.ts';
import { twilioClient } from './request-client.ts';
import type { TwilioSettings } from './twilio.ts';
import { twilioFault } from './twilio-fault.ts';

const PATIENCE_MS = 10_000;

/** Asks the provider about the account, without sending: null when it would take messages. */
export async function verifySms(settings: TwilioSettings): Promise<ChannelFault | null> {
  if (!/^AC[0-9a-fA-F]{32}$/.test(settings.accountSid))
    return {
      message: 'channels.sms.accountSid is no account SID of Twilio',
      remedy: 'copy it from the console of Twilio: AC and 32 letters and digits',
    };
  try {
    const { status } = await twilioClient(settings, PATIENCE_MS)
      .api.v2010.accounts(settings.accountSid)
      .fetch();
    if (status === 'active') return null;
    return {
      message: `the account at Twilio is ${status}`,
      remedy: 'look at the console of Twilio for what it asks of you',
    };
  } catch (error) {
    const { reason, detail } = twilioFault(error);
    if (reason === 'not-authorised')
      return {
        message: `Twilio refuses the account or the token: ${detail}`,
        remedy: 'correct channels.sms.accountSid and authToken',
      };
    return {
      message: `Twilio cannot be asked: ${detail}`,
      remedy: 'look at the network of this machine, and at status.twilio.com',
    };
  }
}
