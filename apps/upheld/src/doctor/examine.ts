import type { EmailConfig, SmsConfig, Config } from '@upheld/config/schema.ts';
import type { ChannelFault } from '@upheld/notifiers/channel-fault.ts';
import type { Clock } from '@upheld/domain/ports.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { lookAtDatabase } from '../compose/look.ts';
import { reason } from '../failure.ts';
import { fine, hint, wrong, type Finding } from './finding.ts';
import { judgeClock, judgeZone } from './look-at-clock.ts';
import { judgeDatabase, judgeServerClock } from './look-at-database.ts';
import { lookAtDns, lookAtSender, type Resolver } from './look-at-dns.ts';

/** What the doctor may touch; a test gives its own. */
export interface Instruments {
  /** Throws DomainError('invalid-input') with every fault. */
  readConfig(): Config;
  database: ReturnType<typeof lookAtDatabase>;
  clock: Clock;
  /** A clock that nobody sets, ms. */
  steady(): number;
  resolver: Resolver;
  verifyEmail(config: EmailConfig): Promise<ChannelFault | null>;
  verifySms(config: SmsConfig): Promise<ChannelFault | null>;
}

/** Looks at everything at once and gives the findings in a fixed order. Changes nothing. */
export async function examine(instruments: Instruments): Promise<readonly Finding[]> {
  const { clock } = instruments;
  const began = { wall: clock.now(), steady: instruments.steady() };
  const { config, findings } = lookAtConfig(instruments);
  const [database, channels, dns] = await Promise.all([
    examineDatabase(instruments),
    config ? examineChannels(config, instruments) : [],
    config ? examineDns(config, instruments) : [],
  ]);
  const time = judgeClock({
    now: clock.now(),
    wallMs: clock.now() - began.wall,
    steadyMs: instruments.steady() - began.steady,
    lastWrite: instruments.database.lastWrite(),
  });
  const zone = judgeZone(config?.timezone ?? 'Europe/Amsterdam');
  return [...findings, ...database, ...time, zone, ...channels, ...dns];
}

function lookAtConfig(instruments: Instruments): { config: Config | null; findings: Finding[] } {
  try {
    const config = instruments.readConfig();
    const components = config.groups.flatMap((group) => group.components);
    const monitors = components.flatMap((component) => component.monitors);
    return {
      config,
      findings: [
        fine(
          'configuration',
          `${counted(components.length, 'component')}, ${counted(monitors.length, 'monitor')}`,
        ),
      ],
    };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const faults = error.faults.length > 0 ? error.faults : [error];
    return {
      config: null,
      findings: faults.map(({ message }) =>
        wrong('configuration', message, 'correct it and run upheld doctor again'),
      ),
    };
  }
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

async function examineDatabase({ database, clock }: Instruments): Promise<Finding[]> {
  try {
    const report = await database.inspect();
    return [...judgeDatabase(database.place, report), ...judgeServerClock(report, clock.now())];
  } catch (error) {
    return [
      wrong(
        'database',
        `${database.place} cannot be used: ${reason(error)}`,
        'correct DATABASE_URL or UPHELD_DATA, or the rights of this user there',
      ),
    ];
  }
}

async function examineChannels(config: Config, instruments: Instruments): Promise<Finding[]> {
  const { email, sms } = config.channels;
  const [mail, text] = await Promise.all([
    email ? instruments.verifyEmail(email) : undefined,
    sms ? instruments.verifySms(sms) : undefined,
  ]);
  return [
    channelFinding('e-mail', mail, 'the mail server takes our mail', 'channels.email'),
    channelFinding('sms', text, 'the provider knows the account', 'channels.sms'),
  ];
}

function channelFinding(
  about: 'e-mail' | 'sms',
  fault: ChannelFault | null | undefined,
  good: string,
  key: string,
): Finding {
  if (fault === undefined)
    return hint(about, 'nobody can subscribe by it', `set ${key} in upheld.yaml to offer it`);
  return fault === null ? fine(about, good) : wrong(about, fault.message, fault.remedy);
}

async function examineDns(config: Config, { resolver }: Instruments): Promise<Finding[]> {
  const { email } = config.channels;
  const [hosts, sender] = await Promise.all([
    lookAtDns(config, resolver),
    email ? lookAtSender(email.from, resolver) : [],
  ]);
  return [...hosts, ...sender];
}
