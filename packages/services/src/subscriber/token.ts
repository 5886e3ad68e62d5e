import type { Instant } from '@upheld/domain/ports.ts';
import { timingSafeEqual } from 'node:crypto';
import { keyed } from '../secret.ts';

const MAC_BYTES = 12;
const MAC_CHARS = (MAC_BYTES * 4) / 3;
const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** Whose token it is. Someone who subscribes anew is another subscription: `createdAt` moves. */
export interface TokenHolder {
  id: string;
  createdAt: Instant;
}

/**
 * The token that opens one subscription and nothing else. Whoever has it could read the mail or the text
 * message that it came in. 39 characters for a UUID, so that a link fits into a text message.
 */
export function subscriberToken(secret: string, holder: TokenHolder): string {
  return `${packed(holder.id)}${mac(secret, holder).toString('base64url')}`;
}

/** The id in a token, good or not; null where there is none. */
export function idInToken(token: string): string | null {
  return unpacked(token.slice(0, -MAC_CHARS));
}

/** Whether a token is that of this subscription; takes as long for one that is nearly right. */
export function opens(secret: string, token: string, holder: TokenHolder): boolean {
  const given = Buffer.from(token);
  const right = Buffer.from(subscriberToken(secret, holder));
  return given.length === right.length && timingSafeEqual(given, right);
}

/** The six digits of a challenge by text message. */
export function challengeCode(secret: string, subscriberId: string, nonce: string): string {
  const value = keyed(secret, 'challenge', `${subscriberId}\n${nonce}`).readUIntBE(0, 6);
  return String(value % 1_000_000).padStart(6, '0');
}

function mac(secret: string, { id, createdAt }: TokenHolder): Buffer {
  return keyed(secret, 'subscriber', `${id}\n${createdAt}`).subarray(0, MAC_BYTES);
}

function packed(id: string): string {
  return UUID.test(id)
    ? `u${Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')}`
    : `t${Buffer.from(id).toString('base64url')}`;
}

function unpacked(text: string): string | null {
  const bytes = Buffer.from(text.slice(1), 'base64url');
  if (text.startsWith('t')) return bytes.toString();
  if (!text.startsWith('u') || bytes.length !== 16) return null;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
