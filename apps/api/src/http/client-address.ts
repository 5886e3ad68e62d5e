import { isIP, isIPv6 } from 'node:net';
import type { ApiContext, ProductContext } from './env.ts';

/**
 * What a rate limit counts by: the IPv4 address, or the /64 of an IPv6 address, since one visitor
 * has all of that.
 */
export function clientAddress(ctx: ProductContext, c: ApiContext): string {
  return network(remoteAddress(ctx, c));
}

/**
 * Where a request comes from, for the record: the address of the socket, or behind a proxy of ours the
 * one which that proxy saw, the last one named. `unknown` where it is no address at all.
 */
export function remoteAddress(ctx: ProductContext, c: ApiContext): string {
  // There are no bindings where the app is called without a server.
  const bindings = c.env as ApiContext['env'] | undefined;
  const socket = bindings?.incoming?.socket?.remoteAddress;
  const forwarded = ctx.config().server.trustProxy
    ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim()
    : undefined;
  const address = forwarded !== undefined && forwarded !== '' ? forwarded : (socket ?? '');
  return isIP(address) === 0 ? 'unknown' : address.replace(/^::ffff:(?=\d+\.)/i, '');
}

/** The part of an address that belongs to one visitor. */
export function network(address: string): string {
  if (!isIPv6(address)) return address;
  const groups = expand(address);
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (mapped)
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 0xff])
      .join('.');
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/** The eight groups of an IPv6 address. */
function expand(address: string): number[] {
  // WHATWG URL writes every form, also ::ffff:1.2.3.4, as groups of hexadecimal digits.
  const plain = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [head = '', tail] = plain.split('::');
  const read = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const before = read(head);
  if (tail === undefined) return before;
  const after = read(tail);
  const zeros = new Array<number>(8 - before.length - after.length).fill(0);
  return [...before, ...zeros, ...after];
}
