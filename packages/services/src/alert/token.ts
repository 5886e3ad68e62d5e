import { timingSafeEqual } from 'node:crypto';
import { keyed } from '../secret.ts';

const MAC_BYTES = 15;
const PART = /^[A-Za-z0-9_-]+$/;

/** What a link opens: one alert, or all that one call was about. */
const PURPOSES = ['alert', 'call'] as const;
type Purpose = (typeof PURPOSES)[number];

/**
 * What the link in a call carries: who has it may acknowledge what this one call was about in the name of this
 * one person, and nothing else.
 */
function tokenFor(secret: string, purpose: Purpose, id: string, personId: string): string {
  const mac = keyed(secret, purpose, `${id}\n${personId}`).subarray(0, MAC_BYTES);
  return `${id}.${personId}.${mac.toString('base64url')}`;
}

/** Of a call about one alert. */
export function alertToken(secret: string, alertId: string, personId: string): string {
  return tokenFor(secret, 'alert', alertId, personId);
}

/** Of a call about several, by the message that it is. */
export function callToken(secret: string, callId: string, personId: string): string {
  return tokenFor(secret, 'call', callId, personId);
}

/** What a token stands for; null for one that is not ours. */
export function readToken(
  secret: string,
  token: string,
): { of: Purpose; id: string; personId: string } | null {
  const [id = '', personId = '', mac = ''] = token.split('.');
  if (![id, personId, mac].every((part) => PART.test(part))) return null;
  const given = Buffer.from(token);
  const isRight = (of: Purpose): boolean => {
    const right = Buffer.from(tokenFor(secret, of, id, personId));
    return given.length === right.length && timingSafeEqual(given, right);
  };
  const of = PURPOSES.find(isRight);
  return of ? { of, id, personId } : null;
}
