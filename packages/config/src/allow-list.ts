import { BlockList, isIP } from 'node:net';

/** Addresses that hand out a machine's own credentials: no check may reach them, whatever is allowed. */
const METADATA = [
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '100.100.100.200',
  '192.0.0.192',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
] as const;

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
  const reached = METADATA.find((metadata) =>
    range.check(metadata, isIP(metadata) === 4 ? 'ipv4' : 'ipv6'),
  );
  return reached === undefined
    ? null
    : `${entry} holds the metadata service ${reached}, which no check may reach; write a narrower range`;
}
