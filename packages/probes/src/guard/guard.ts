import { METADATA_ADDRESSES } from '@upheld/domain/monitor/metadata-addresses.ts';
import ipaddr from 'ipaddr.js';

/** Whether a check may connect to an address, and if not, why. */
export type Judgement = { allowed: true } | { allowed: false; why: string };

export interface Guard {
  /** Judges an address as a socket uses it, never a name. */
  judge(address: string, port: number): Judgement;
}

type Address = ReturnType<typeof ipaddr.process>;

interface AllowedRange {
  contains(address: Address, port: number): boolean;
}

const METADATA: ReadonlySet<string> = new Set(
  METADATA_ADDRESSES.map((text) => ipaddr.process(text).toNormalizedString()),
);

const MOST_REMEMBERED = 4096;
const ALLOWED: Judgement = { allowed: true };

/**
 * A guard that lets through public unicast addresses, and of the others those that the operator's
 * `probing.allow` names: a CIDR, optionally with a port, as in `10.20.0.0/16:443`. Forms that carry an
 * IPv4 address inside an IPv6 one (NAT64, 6to4, Teredo) are not public here, so nothing is smuggled
 * through them. Throws on an entry that the configuration would refuse.
 */
export function createGuard(allow: readonly string[]): Guard {
  const ranges = allow.map(allowedRange);
  const remembered = new Map<string, Judgement>();
  return {
    judge(address, port) {
      const key = `${address} ${port}`;
      let judgement = remembered.get(key);
      if (judgement === undefined) {
        judgement = judge(ranges, address, port);
        if (remembered.size >= MOST_REMEMBERED) remembered.clear();
        remembered.set(key, judgement);
      }
      return judgement;
    },
  };
}

function judge(ranges: readonly AllowedRange[], text: string, port: number): Judgement {
  if (!ipaddr.isValid(text)) return { allowed: false, why: `"${text}" is no address` };
  // `process` unpacks ::ffff:127.0.0.1, which the system connects to as 127.0.0.1.
  const address = ipaddr.process(text);
  if (METADATA.has(address.toNormalizedString()))
    return { allowed: false, why: `${text} is a metadata service, which no check may reach` };
  const range = publicOrRange(address);
  if (range === 'public' || ranges.some((one) => one.contains(address, port))) return ALLOWED;
  const single = `${address.toString()}/${address.kind() === 'ipv4' ? 32 : 128}:${port}`;
  const why = `${text} is not public (${range}); if checks may reach it, add "${single}" to probing.allow`;
  return { allowed: false, why };
}

const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** IANA hands out public IPv6 addresses from 2000::/3 alone (RFC 4291 2.4). */
function publicOrRange(address: Address): string {
  const range = address.range();
  if (range !== 'unicast') return range;
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_UNICAST) ? 'public' : 'unassigned';
}

function allowedRange(entry: string): AllowedRange {
  const [, cidr, port] = /^([0-9A-Fa-f.:]+\/\d{1,3})(?::(\d{1,5}))?$/.exec(entry) ?? [];
  if (cidr === undefined) throw new Error(`"${entry}" is no range of addresses`);
  const [network, bits] = ipaddr.parseCIDR(cidr);
  const only = port === undefined ? null : Number(port);
  return {
    contains: (address, asked) =>
      address.kind() === network.kind() &&
      (only === null || only === asked) &&
      address.match(network, bits),
  };
}
