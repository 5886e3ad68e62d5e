import type { Channel } from './delivery.ts';

const LONGEST_ADDRESS = 254;
const LONGEST_LOCAL_PART = 64;
// A dot-atom of RFC 5322 with the letters of RFC 6531; quoted local parts are refused on purpose.
const LOCAL_PART = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const DOMAIN =
  /^([\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+\p{L}[\p{L}\p{N}-]{0,61}[\p{L}\p{N}]$/u;

/**
 * Exactly one mailbox, as it was typed, or null: no list, no name, no comment, nothing that a header or a
 * mail server could read as more than one address.
 */
export function parseMailAddress(text: string): string | null {
  const address = text.trim().normalize('NFC');
  const at = address.lastIndexOf('@');
  const local = address.slice(0, Math.max(at, 0));
  const fits = address.length <= LONGEST_ADDRESS && local.length <= LONGEST_LOCAL_PART;
  return fits && LOCAL_PART.test(local) && DOMAIN.test(address.slice(at + 1)) ? address : null;
}

/** An address by which its owner knows it and nobody else does: j…n@example.com, +316…78. */
export function maskAddress(channel: Channel, address: string): string {
  if (channel === 'sms') return `${address.slice(0, 4)}…${address.slice(-2)}`;
  const at = address.lastIndexOf('@');
  const local = Array.from(address.slice(0, at));
  const shown = local.length > 3 ? `${local[0] ?? ''}…${local.at(-1) ?? ''}` : `${local[0] ?? ''}…`;
  return shown + address.slice(at);
}
