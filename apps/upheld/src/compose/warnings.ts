import type { Config } from '@upheld/config/schema.ts';
import type { SettingsWarning } from '@upheld/services/settings/file.ts';
import { setTimeout as timer } from 'node:timers/promises';
import type { Finding } from '../doctor/finding.ts';

/** Whoever reloads waits for it; what takes longer is left to the doctor. */
const PATIENCE_MS = 5000;

const TOO_LONG: SettingsWarning = {
  message: 'not everything that the settings name could be looked at in time',
  remedy: 'run npx upheld doctor',
};

/**
 * What the doctor would warn of because of a configuration: hosts that cannot be found or that no check
 * may reach and, with `channels`, a mail server or provider that does not take our messages.
 */
export async function warningsOf(
  config: Config,
  { channels }: { channels: boolean },
): Promise<SettingsWarning[]> {
  const { lookAtDns } = await import('../doctor/look-at-dns.ts');
  const { systemResolver } = await import('./look.ts');
  const looks = [lookAtDns(config, systemResolver), ...(channels ? [lookAtChannels(config)] : [])];
  const inTime = await Promise.all(
    looks.map((look) =>
      Promise.race([look.then(warnings), timer(PATIENCE_MS, [TOO_LONG], { ref: false })]),
    ),
  );
  return [...new Map(inTime.flat().map((one) => [one.message, one])).values()];
}

async function lookAtChannels(config: Config): Promise<readonly Finding[]> {
  const { examineChannels } = await import('../doctor/examine.ts');
  const { verifyEmail } = await import('@upheld/notifiers/email/verify.ts');
  const { verifySms } = await import('@upheld/notifiers/sms/verify.ts');
  return examineChannels(config, { verifyEmail, verifySms });
}

/**
 * The same of a draft, without asking anybody: a name that is looked up tells others what it is, and the
 * answer tells what this machine can see. `names`: how many hosts that leaves out.
 */
export async function warningsOfDraft(
  config: Config,
): Promise<{ warnings: SettingsWarning[]; names: number }> {
  const { lookAtDns } = await import('../doctor/look-at-dns.ts');
  const names = new Set<string>();
  const asksNobody = {
    lookup(host: string) {
      names.add(host);
      return Promise.resolve([]);
    },
    resolveTxt: () => Promise.resolve([]),
  };
  const found = await lookAtDns(config, asksNobody);
  return { warnings: warnings(found), names: names.size };
}

function warnings(findings: readonly Finding[]): SettingsWarning[] {
  return findings
    .filter(({ state }) => state === 'wrong')
    .map(({ message, remedy = '' }) => ({ message, remedy }));
}
