import type { Environment } from '@upheld/config/environment.ts';
import type { Clock } from '@upheld/domain/ports.ts';
import { startMailServer } from '@upheld/testkit/mail-server.ts';
import { startSmsServer } from '@upheld/testkit/sms-server.ts';
import { join } from 'node:path';
import type { Logging } from '../compose/logging.ts';
import { makeDemo } from '../compose/make-demo.ts';
import { serve, type Served } from '../compose/serve.ts';
import { systemClock } from '../compose/system.ts';
import { demoConfig } from './demo-config.ts';
import { startMailbox, type Mailbox } from './mailbox.ts';
import { flapping, slow, startSimulated, steady } from './products.ts';

export interface Demo extends Served {
  mailboxUrl: string;
  environment: Environment;
}

/** Starts three simulated products, a mailbox for everybody, and the product that watches them. */
export async function startDemo(given: Environment, logging: Logging): Promise<Demo> {
  const folder = join(given.dataDir, 'demo');
  const environment: Environment = {
    ...given,
    dataDir: folder,
    configPath: join(folder, 'upheld.yaml'),
    databaseUrl: null,
  };
  const world = await startWorld(systemClock(), given.port === 0 ? 0 : given.port + 1);
  try {
    await makeDemo(environment, world.config, logging);
    const served = await serve(environment, 'all', logging);
    const stop = async (): Promise<void> => {
      try {
        await served.stop();
      } finally {
        await world.stop();
      }
    };
    return { ...served, stop, mailboxUrl: world.mailbox.url, environment };
  } catch (error) {
    await world.stop();
    throw error;
  }
}

interface World {
  /** An upheld.yaml that watches the products and writes to the mailbox. */
  config: string;
  mailbox: Mailbox;
  stop: () => Promise<void>;
}

async function startWorld(clock: Clock, mailboxPort: number): Promise<World> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (let next = stops.pop(); next; next = stops.pop()) await next();
  };
  const keep = <T extends { close(): Promise<void> }>(one: T): T => {
    stops.push(() => one.close());
    return one;
  };
  try {
    const mailbox = keep(await startMailbox(mailboxPort));
    const mail = keep(await mailInto(mailbox, clock));
    const sms = keep(await smsInto(mailbox, clock));
    const config = demoConfig({
      publicUrl: 'http://localhost:${PORT}',
      steadyUrl: keep(await startSimulated(steady)).url,
      flappingUrl: keep(await startSimulated(flapping(() => clock.now()))).url,
      slowUrl: keep(await startSimulated(slow(() => clock.now()))).url,
      smtpPort: mail.port,
      smsUrl: sms.url,
    });
    return { config, mailbox, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function mailInto(mailbox: Mailbox, clock: Clock) {
  return startMailServer({
    onMail: ({ from, to, subject, text, html }) =>
      mailbox.receive({
        channel: 'e-mail',
        at: clock.now(),
        from,
        to: to.join(', '),
        subject,
        text,
        html,
      }),
  });
}

function smsInto(mailbox: Mailbox, clock: Clock) {
  return startSmsServer({
    onSms: ({ from, to, body }) =>
      mailbox.receive({
        channel: 'sms',
        at: clock.now(),
        from,
        to,
        subject: null,
        text: body,
        html: null,
      }),
  });
}
