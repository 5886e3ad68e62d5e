import type { Instant } from '@upheld/domain/ports.ts';
import { createHmac, timingSafeEqual } from 'node:crypto';

/** A call that is older or younger than this is one that somebody kept. */
const TOLERANCE_MS = 5 * 60_000;

export interface SignedCall {
  id: string | undefined;
  timestamp: string | undefined;
  /** `v1,<base64>`; several, separated by spaces, while a secret is being replaced. */
  signature: string | undefined;
  body: Buffer;
}

/**
 * What is wrong with a call that should be signed as Standard Webhooks say (standardwebhooks.com); null when
 * it is ours: HMAC-SHA256 over the id, the moment and the body, made within five minutes.
 */
export function faultOfSignature(call: SignedCall, secret: string, now: Instant): string | null {
  const { id, timestamp, signature, body } = call;
  if (id === undefined || timestamp === undefined || signature === undefined)
    return 'sign it with webhook-id, webhook-timestamp and webhook-signature';
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(Number(timestamp) * 1000 - now) > TOLERANCE_MS)
    return 'webhook-timestamp is not within five minutes of our clock';
  const right = createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body).digest();
  const matches = signature.split(' ').some((one) => {
    const given = Buffer.from(one.replace(/^v1,/, ''), 'base64');
    return one.startsWith('v1,') && given.length === right.length && timingSafeEqual(given, right);
  });
  return matches ? null : 'the signature is not that of our secret over this body';
}
