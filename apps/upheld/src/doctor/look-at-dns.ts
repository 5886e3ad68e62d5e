import type { Config } from '@upheld/config/schema.ts';
import { createGuard, type Guard } from '@upheld/probes/guard/guard.ts';
import { isIP } from 'node:net';
import { fine, hint, wrong, type Finding } from './finding.ts';

/** The part of node:dns/promises that is needed; a test gives one of its own. */
export interface Resolver {
  lookup(host: string): Promise<readonly string[]>;
  resolveTxt(name: string): Promise<readonly (readonly string[])[]>;
}

const AT_ONCE = 20;

interface Target {
  host: string;
  port: number;
  /** What names it, for the operator. */
  where: string;
  /** Whether a check goes there, which may not go everywhere. */
  checked: boolean;
}

/** Resolves the host of every monitor and of the mail server, and asks whether a check may go there. */
export async function lookAtDns(config: Config, resolver: Resolver): Promise<Finding[]> {
  const guard = createGuard(config.probing.allow);
  const targets = targetsOf(config);
  const waiting = [...targets];
  const faults: Finding[] = [];
  const work = async (): Promise<void> => {
    for (let target = waiting.shift(); target; target = waiting.shift())
      faults.push(...(await lookAtTarget(target, guard, resolver)));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (faults.length > 0 || targets.length === 0) return faults;
  const count = targets.length === 1 ? 'the one host' : `all ${targets.length} hosts`;
  return [fine('dns', `${count} can be reached by name or address`)];
}

function targetsOf(config: Config): Target[] {
  const targets = new Map<string, Target>();
  for (const component of config.groups.flatMap((group) => group.components))
    for (const monitor of component.monitors) {
      const url = new URL(monitor.url);
      const host = url.hostname.replace(/^\[|\]$/g, '');
      const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
      const key = `${host} ${port}`;
      if (!targets.has(key))
        targets.set(key, { host, port, where: `monitor ${monitor.id}`, checked: true });
    }
  const smtp = config.channels.email?.smtp;
  const where = 'channels.email.smtp.host';
  if (smtp) targets.set('smtp', { host: smtp.host, port: smtp.port, where, checked: false });
  return [...targets.values()];
}

async function lookAtTarget(target: Target, guard: Guard, resolver: Resolver): Promise<Finding[]> {
  const { host, port, where, checked } = target;
  let addresses: readonly string[] = [host];
  if (isIP(host) === 0)
    try {
      addresses = await resolver.lookup(host);
    } catch (error) {
      return [unresolved(host, where, codeOf(error))];
    }
  if (!checked) return [];
  return addresses.flatMap((address) => {
    const judged = guard.judge(address, port);
    if (judged.allowed) return [];
    const [why, remedy = 'name another address'] = judged.why.split('; ');
    return [wrong('dns', `${where} goes to ${host}, and a check may not: ${why ?? ''}`, remedy)];
  });
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
