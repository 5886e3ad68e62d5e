import { timingSafeEqual } from 'node:crypto';
import { keyed } from '../secret.ts';

const MAC_BYTES = 8;
const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/**
 * Where a mail server reports that one mail could not be delivered: `bounces+<message>-<mac>@…` (VERP). In
 * small letters and digits alone, because a local part may come back in another case; 64 of them at most.
 */
export function returnPath(secret: string, bounces: string, outboxId: string): string {
  const at = bounces.lastIndexOf('@');
  const id = UUID.test(outboxId)
    ? outboxId.replaceAll('-', '')
    : `x${Buffer.from(outboxId).toString('hex')}`;
  return `${bounces.slice(0, at)}+${id}-${mac(secret, outboxId)}${bounces.slice(at)}`;
}

/** Whether an address is one of those for reports, ours or forged. */
export function isReturnPath(bounces: string, address: string): boolean {
  return tagOf(bounces, address) !== null;
}

/** The message that an address is about; null where we did not make it. */
export function messageOfReturnPath(
  secret: string,
  bounces: string,
  address: string,
): string | null {
  const [, packed = '', given = ''] =
    /^(.+)-([0-9a-f]+)$/.exec(tagOf(bounces, address) ?? '') ?? [];
  const id = packed.startsWith('x')
    ? Buffer.from(packed.slice(1), 'hex').toString()
    : packed.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const right = Buffer.from(mac(secret, id));
  const mine = given.length === right.length && timingSafeEqual(Buffer.from(given), right);
  return mine ? id : null;
}

function tagOf(bounces: string, address: string): string | null {
  const at = bounces.lastIndexOf('@');
  const before = `${bounces.slice(0, at)}+`.toLowerCase();
  const after = bounces.slice(at).toLowerCase();
  const given = address.trim().toLowerCase();
  return given.startsWith(before) && given.endsWith(after)
    ? given.slice(before.length, given.length - after.length)
    : null;
}

function mac(secret: string, outboxId: string): string {
  return keyed(secret, 'bounce', outboxId).subarray(0, MAC_BYTES).toString('hex');
}
