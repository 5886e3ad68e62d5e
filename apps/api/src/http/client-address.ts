import { isIPv6 } from 'node:net';
import type { ApiContext, ProductContext } from './env.ts';

/**
 * What a rate limit counts by: the IPv4 address, or the /64 of an IPv6 address, since one visitor
 * has all of that. Behind a proxy of ours it is the address which that proxy saw, the last one named.
 */
export function clientAddress(ctx: ProductContext, c: ApiContext): string {
  // There are no bindings where the app is called without a server.
  const bindings = c.env as ApiContext['env'] | undefined;
  const socket = bindings?.incoming?.socket?.remoteAddress;
  const forwarded = ctx.config().server.trustProxy
    ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim()
    : undefined;
  return network(forwarded !== undefined && forwarded !== '' ? forwarded : (socket ?? 'unknown'));
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
