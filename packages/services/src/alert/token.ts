import { timingSafeEqual } from 'node:crypto';
import { keyed } from '../secret.ts';

const MAC_BYTES = 15;
const PART = /^[A-Za-z0-9_-]+$/;

/**
 * What the link in a call carries: who has it may acknowledge this one alert in the name of this one
 * person, and nothing else.
 */
export function alertToken(secret: string, alertId: string, personId: string): string {
  const mac = keyed(secret, 'alert', `${alertId}\n${personId}`).subarray(0, MAC_BYTES);
  return `${alertId}.${personId}.${mac.toString('base64url')}`;
}

/** Whose alert a token stands for; null for one that is not ours. */
export function alertInToken(
  secret: string,
  token: string,
): { alertId: string; personId: string } | null {
  const [alertId = '', personId = '', mac = ''] = token.split('.');
  if (![alertId, personId, mac].every((part) => PART.test(part))) return null;
  const given = Buffer.from(token);
  const right = Buffer.from(alertToken(secret, alertId, personId));
  return given.length === right.length && timingSafeEqual(given, right)
    ? { alertId, personId }
    : null;
}
