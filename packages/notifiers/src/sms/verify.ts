import type { ChannelFault } from '../channel-fault.ts';
import { twilioClient, type TwilioSettings } from './twilio.ts';
import { twilioFault } from './twilio-fault.ts';

/** Asks the provider about the account, without sending: null when it would take messages. */
export async function verifySms(settings: TwilioSettings): Promise<ChannelFault | null> {
  if (!/^AC[0-9a-fA-F]{32}$/.test(settings.accountSid))
    return {
      message: 'channels.sms.accountSid is no account SID of Twilio',
      remedy: 'copy it from the console of Twilio: AC and 32 letters and digits',
    };
  try {
    const { status } = await twilioClient(settings).api.v2010.accounts(settings.accountSid).fetch();
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
