import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from '@upheld/domain/ports.ts';

const STEP_MS = 30_000;
const DIGITS = 6;
/** One step before and one after: the clock of a telephone is seldom further off (RFC 6238, 5.2). */
const WINDOW = [0, -1, 1] as const;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The step of time (RFC 6238) of which a code is right at a moment; null where it is of none. */
export function stepOf(secret: Uint8Array, code: string, now: Instant): number | null {
  const typed = code.replace(/\s/g, '');
  if (!/^\d{6}$/.test(typed)) return null;
  const current = Math.floor(now / STEP_MS);
  // All are computed, so that how long it takes does not tell which was near.
  const right = WINDOW.map((offset) => current + offset).filter((step) =>
    timingSafeEqual(Buffer.from(codeAt(secret, step)), Buffer.from(typed)),
  );
  return right[0] ?? null;
}

/** HOTP (RFC 4226) of a counter with HMAC-SHA-1, which is what every authenticator app can. */
export function codeAt(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0x0f;
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}

/** The address that authenticator apps read from a QR code (Key URI Format). */
export function totpUri(input: { secret: string; issuer: string; account: string }): string {
  const label = `${encodeURIComponent(input.issuer)}:${encodeURIComponent(input.account)}`;
  const query = new URLSearchParams({ secret: input.secret, issuer: input.issuer });
  return `otpauth://totp/${label}?${query.toString().replaceAll('+', '%20')}`;
}

/** RFC 4648 base32 without padding. */
export function base32(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += ALPHABET[(held >> (bits - 5)) & 31] ?? '';
    held &= (1 << bits) - 1;
  }
  return bits > 0 ? text + (ALPHABET[(held << (5 - bits)) & 31] ?? '') : text;
}

/** The bytes of a base32 text. */
export function fromBase32(text: string): Buffer {
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const letter of text) {
    held = (held << 5) | ALPHABET.indexOf(letter);
    bits += 5;
    if (bits < 8) continue;
    bytes.push((held >> (bits - 8)) & 0xff);
    bits -= 8;
    held &= (1 << bits) - 1;
  }
  return Buffer.from(bytes);
}
