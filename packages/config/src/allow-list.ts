import { METADATA_ADDRESSES } from '@upheld/domain/monitor/metadata-addresses.ts';
import { BlockList, isIP } from 'node:net';

/** What is wrong with one entry of console.allow; null when it is right. */
export function addressRangeFault(entry: string): string | null {
  const [, address, bits] = /^([0-9A-Fa-f.:]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
  const family = address === undefined ? 0 : isIP(address);
  if (family === 0)
    return `"${entry}" is no range of addresses; write one such as 192.0.2.0/24 or 2001:db8::/32`;
  const width = family === 4 ? 32 : 128;
  return bits !== undefined && Number(bits) > width
    ? `/${bits} is too long; an IPv${family} range ends at /${width}`
    : null;
}

/** What is wrong with one entry of probing.allow; null when it is right. */
export function allowEntryFault(entry: string): string | null {
  const [, address, bits, port] = /^([0-9A-Fa-f.:]+)\/(\d{1,3})(?::(\d{1,5}))?$/.exec(entry) ?? [];
  const example = 'write an address range such as 10.20.0.0/16, or 10.20.0.0/16:443 for one port';
  if (address === undefined || bits === undefined) return `"${entry}" is no range; ${example}`;
  const family = isIP(address);
  if (family === 0) return `"${address}" is no IP address; ${example}`;
  const width = family === 4 ? 32 : 128;
  if (Number(bits) > width) return `/${bits} is too long; an IPv${family} range ends at /${width}`;
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535))
    return `port ${port} does not exist; write 1 to 65535`;

  const range = new BlockList();
  range.addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  const reached = METADATA_ADDRESSES.find((metadata) =>
    range.check(metadata, isIP(metadata) === 4 ? 'ipv4' : 'ipv6'),
  );
  return reached === undefined
    ? null
    : `${entry} holds the metadata service ${reached}, which no check may reach; write a narrower range`;
}
