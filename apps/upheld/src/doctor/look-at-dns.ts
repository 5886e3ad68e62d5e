import type { Config } from '@upheld/config/schema.ts';
import { isIP } from 'node:net';
import { fine, hint, wrong, type Finding } from './finding.ts';

/** The part of node:dns/promises that is needed; a test gives one of its own. */
export interface Resolver {
  lookup(host: string): Promise<readonly string[]>;
  resolveTxt(name: string): Promise<readonly (readonly string[])[]>;
}

const AT_ONCE = 20;

/** Resolves the host of every monitor and of the mail server, as a check would. */
export async function lookAtDns(config: Config, resolver: Resolver): Promise<Finding[]> {
  const hosts = new Map<string, string>();
  for (const component of config.groups.flatMap((group) => group.components))
    for (const monitor of component.monitors) {
      const host = new URL(monitor.url).hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) === 0 && !hosts.has(host)) hosts.set(host, `monitor ${monitor.id}`);
    }
  const smtp = config.channels.email?.smtp.host;
  if (smtp !== undefined && isIP(smtp) === 0) hosts.set(smtp, 'channels.email.smtp.host');

  const waiting = [...hosts];
  const faults: Finding[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [host, where] = next;
      const code = await resolver.lookup(host).then(() => null, codeOf);
      if (code !== null) faults.push(unresolved(host, where, code));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (faults.length > 0 || hosts.size === 0) return faults;
  return [
    fine('dns', hosts.size === 1 ? 'the one host resolves' : `all ${hosts.size} hosts resolve`),
  ];
}

function unresolved(host: string, where: string, code: string): Finding {
  return code === 'ENOTFOUND' || code === 'ENODATA'
    ? wrong('dns', `${host} (${where}) does not exist`, 'correct the host, or add it to the DNS')
    : wrong(
        'dns',
        `${host} (${where}) cannot be looked up: ${code}`,
        'look at the resolver of this machine',
      );
}

/** Whether receivers can tell that the sender's domain lets us send: SPF (RFC 7208) and DMARC (RFC 7489). */
export async function lookAtSender(from: string, resolver: Resolver): Promise<Finding[]> {
  const domain = /@([^\s@>]+)>?\s*$/.exec(from)?.[1];
  if (domain === undefined) return [];
  const has = async (name: string, start: string): Promise<boolean> => {
    const records = await resolver.resolveTxt(name).catch((error: unknown) => {
      codeOf(error);
      return [];
    });
    return records.some((parts) => parts.join('').toLowerCase().startsWith(start));
  };
  const [spf, dmarc] = await Promise.all([
    has(domain, 'v=spf1'),
    has(`_dmarc.${domain}`, 'v=dmarc1'),
  ]);
  const findings: Finding[] = [];
  if (!spf)
    findings.push(
      hint(
        'dns',
        `${domain} has no SPF record`,
        'add one that names your mail server, or mail may end up as spam',
      ),
    );
  if (!dmarc)
    findings.push(
      hint(
        'dns',
        `${domain} has no DMARC record`,
        `add one at _dmarc.${domain}, or mail may end up as spam`,
      ),
    );
  return findings.length > 0 ? findings : [fine('dns', `${domain} has SPF and DMARC records`)];
}

/** The code of a resolver's error; what is no such error is a bug and goes on. */
function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string')
    return error.code;
  throw error;
}
