import type { DeskAnswer, SubscriptionDesk } from '@upheld/services/subscriber/desk.ts';
import { network } from './client-address.ts';
import { TooManyRequests, type ApiLimits, type Limit } from './limits.ts';

/**
 * The desk as the forms of the site use it: counted with the same limits as the API, so that there is
 * no second way in for whoever wants to fill mailboxes or guess codes.
 */
export function limitedDesk(desk: SubscriptionDesk, limits: ApiLimits): SubscriptionDesk {
  return {
    ...desk,
    subscribe: (input) => {
      const limit = input.channel === 'sms' ? limits.subscribeBySms : limits.subscribeByEmail;
      return within(limit, input.ip, () => desk.subscribe(input));
    },
    confirmCode: (input) => within(limits.confirm, input.ip, () => desk.confirmCode(input)),
  };
}

async function within(
  limit: Limit,
  ip: string,
  ask: () => Promise<DeskAnswer>,
): Promise<DeskAnswer> {
  try {
    await limit.take(network(ip));
  } catch (error) {
    if (error instanceof TooManyRequests) return { ok: false, reason: 'too-many-requests' };
    throw error;
  }
  return ask();
}
