import { BlockList, isIP } from 'node:net';
import type { Context } from '../context.ts';

const MAPPED = /^::ffff:(?=\d+\.)/i;

/** Whether the console may be used from an address: from all, unless console.allow names some. */
export function mayUseConsole(ctx: Pick<Context, 'config'>, address: string): boolean {
  const { allow } = ctx.config().console;
  if (allow.length === 0) return true;
  const plain = address.replace(MAPPED, '');
  const family = isIP(plain);
  if (family === 0) return false;
  const list = new BlockList();
  for (const entry of allow) {
    const [range = '', bits] = entry.split('/');
    const type = isIP(range) === 4 ? 'ipv4' : 'ipv6';
    if (bits === undefined) list.addAddress(range, type);
    else list.addSubnet(range, Number(bits), type);
  }
  return list.check(plain, family === 4 ? 'ipv4' : 'ipv6');
}
