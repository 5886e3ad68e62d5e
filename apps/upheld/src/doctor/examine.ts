import type { EmailConfig, SmsConfig, Config } from '@upheld/config/schema.ts';
import type { ChannelFault } from '@upheld/notifiers/channel-fault.ts';
import type { Clock } from '@upheld/domain/ports.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { DatabaseReport, lookAtDatabase } from '../compose/look.ts';
import type { LeftOutVersion } from '@upheld/services/agreement/left-out.ts';
import { reason } from '../failure.ts';
import { fine, hint, wrong, type Finding } from './finding.ts';
import type { Running } from '../compose/control.ts';
import { judgeProcess } from './judge-process.ts';
import { judgeClock, judgeZone } from './look-at-clock.ts';
import { judgeDatabase, judgeServerClock } from './look-at-database.ts';
import { lookAtDns, lookAtSender, type Resolver } from './look-at-dns.ts';

/** What the doctor may touch; a test gives its own. */
export interface Instruments {
  /** Throws DomainError('invalid-input') with every fault. */
  readConfig(): Config;
  database: ReturnType<typeof lookAtDatabase>;
  dataDir: string;
  /** The processes of this machine. */
  running(): Promise<readonly Running[]>;
  /** Versions of agreements that were adopted and do not hold; asked of a database that is up to date. */
  leftOut(config: Config): Promise<readonly LeftOutVersion[]>;
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
  const [{ report, ...database }, running, channels, dns] = await Promise.all([
    examineDatabase(instruments),
    instruments.running(),
    config ? examineChannels(config, instruments) : [],
    config ? examineDns(config, instruments) : [],
  ]);
  const time = judgeClock({
    now: clock.now(),
    wallMs: clock.now() - began.wall,
    steadyMs: instruments.steady() - began.steady,
    lastWrite: instruments.database.lastWrite(),
  });
  const { dataDir } = instruments;
  const beat = report?.beat ?? null;
  const process = judgeProcess({ running, beat, dataDir, now: clock.now() });
  const isReady = report !== null && report.exists && report.pending === 0;
  const agreements = config && isReady ? await examineAgreements(config, instruments) : [];
  const zone = judgeZone(config?.timezone ?? 'Europe/Amsterdam');
  return [
    ...findings,
    ...process,
    ...database.findings,
    ...agreements,
    ...time,
    zone,
    ...channels,
    ...dns,
  ];
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

async function examineDatabase({
  database,
  clock,
}: Instruments): Promise<{ report: DatabaseReport | null; findings: Finding[] }> {
  try {
    const report = await database.inspect();
    const findings = judgeDatabase(database.place, report);
    return { report, findings: [...findings, ...judgeServerClock(report, clock.now())] };
  } catch (error) {
    const finding = wrong(
      'database',
      `${database.place} cannot be used: ${reason(error)}`,
      'correct DATABASE_URL or UPHELD_DATA, or the rights of this user there',
    );
    return { report: null, findings: [finding] };
  }
}

/** Whether the mail server and the provider of text messages take what we send. */
export async function examineAgreements(
  config: Config,
  instruments: Instruments,
): Promise<Finding[]> {
  return (await instruments.leftOut(config)).map(({ agreement, validFrom, why }) =>
    wrong(
      'agreements',
      `the version of ${validFrom} adopted for ${agreement} is left out and judges nothing: ${why}`,
      'put the file right, or withdraw the version under Agreements in the console while it is not in force',
    ),
  );
}

/** Whether the mail server and the provider of text messages take what we send. */
export async function examineChannels(
  config: Config,
  instruments: Pick<Instruments, 'verifyEmail' | 'verifySms'>,
): Promise<Finding[]> {
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
