import type { Environment } from '@upheld/config/environment.ts';
import { startMailServer } from '@upheld/testkit/mail-server.ts';
import { startSmsServer } from '@upheld/testkit/sms-server.ts';
import { join } from 'node:path';
import type { Logging } from '../compose/logging.ts';
import { makeDemo } from '../compose/make-demo.ts';
import { serve, type Served } from '../compose/serve.ts';
import { systemClock } from '../compose/system.ts';
import { demoConfig } from './demo-config.ts';
import { startMailbox } from './mailbox.ts';
import { flapping, slow, startSimulated, steady } from './products.ts';

export interface Demo extends Served {
  mailboxUrl: string;
  environment: Environment;
}

/** Starts three simulated products, a mailbox for everybody, and the product that watches them. */
export async function startDemo(given: Environment, logging: Logging): Promise<Demo> {
  const clock = systemClock();
  const closing: (() => Promise<void>)[] = [];
  const keep = <T extends { close(): Promise<void> }>(one: T): T => {
    closing.unshift(() => one.close());
    return one;
  };
  const stopWorld = async (): Promise<void> => {
    for (const close of closing.splice(0)) await close();
  };
  try {
    const products = await Promise.all([steady, flapping(clock.now), slow()].map(startSimulated));
    const [steadyOne, flappingOne, slowOne] = products.map(keep);
    const mailbox = keep(await startMailbox(given.port === 0 ? 0 : given.port + 1));
    const mail = keep(
      await startMailServer({
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
      }),
    );
    const sms = keep(
      await startSmsServer({
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
      }),
    );
    const folder = join(given.dataDir, 'demo');
    const environment: Environment = {
      ...given,
      dataDir: folder,
      configPath: join(folder, 'upheld.yaml'),
      databaseUrl: null,
    };
    const config = demoConfig({
      publicUrl: 'http://localhost:${PORT}',
      steadyUrl: steadyOne?.url ?? '',
      flappingUrl: flappingOne?.url ?? '',
      slowUrl: slowOne?.url ?? '',
      smtpPort: mail.port,
      smsUrl: sms.url,
    });
    await makeDemo(environment, config, logging);
    const served = await serve(environment, 'all', logging);
    const stop = (): Promise<void> => served.stop().finally(stopWorld);
    return { ...served, stop, mailboxUrl: mailbox.url, environment };
  } catch (error) {
    await stopWorld();
    throw error;
  }
}
