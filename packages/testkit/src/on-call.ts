import type { configSchema } from '@upheld/config/schema.ts';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { z } from 'zod';
import { startMailServer, type MailServer } from './mail-server.ts';
import { startSmsServer, type SmsServer } from './sms-server.ts';

type RawConfig = z.input<typeof configSchema>;
type RawOnCall = NonNullable<RawConfig['onCall']>;

/** What calls of the webhook are signed with. */
export const HOOK_SECRET = 'a-secret-of-a-webhook';

/** A call of the webhook, as it arrived. */
export interface HookCall {
  headers: IncomingHttpHeaders;
  body: string;
}

/** The servers that calls go to: a mail server, a provider of text messages, and a webhook. */
export interface OnCallServers {
  mail: MailServer;
  sms: SmsServer;
  /** The calls of the webhook so far. */
  hooked: HookCall[];
  /**
   * A configuration that calls by them: Anna by mail, in English; Bob by text message; Carl by the webhook.
   * For an incident one after the other, `wait` apart, so many rounds; for a duty Anna alone.
   */
  config(own?: {
    wait?: string;
    rounds?: number;
    onCall?: Partial<RawOnCall>;
  }): Pick<RawConfig, 'channels' | 'onCall' | 'probing'>;
  close(): Promise<void>;
}

/** Starts them. `now` is what the provider of text messages calls now. */
export async function startOnCallServers(options: { now: () => number }): Promise<OnCallServers> {
  const [mail, sms] = await Promise.all([startMailServer(), startSmsServer(options)]);
  const hooked: HookCall[] = [];
  const hook = createServer((req, res) => {
    void text(req).then((body) => {
      hooked.push({ headers: req.headers, body });
      res.writeHead(204).end();
    });
  }).listen(0, '127.0.0.1');
  await once(hook, 'listening');
  const { port } = hook.address() as AddressInfo;
  return {
    mail,
    sms,
    hooked,
    config: ({ wait = '5m', rounds = 2, onCall = {} } = {}) => ({
      channels: {
        email: {
          from: 'Status <status@example.test>',
          smtp: { host: '127.0.0.1', port: mail.port, tls: 'none' },
        },
        sms: {
          accountSid: `AC${'0'.repeat(32)}`,
          authToken: 'x',
          from: 'Upheld',
          baseUrl: sms.url,
        },
      },
      onCall: {
        people: [
          { id: 'anna', name: 'Anna', email: 'anna@example.test', language: 'en' },
          { id: 'bob', name: 'Bob', phone: '+31612345678' },
          {
            id: 'carl',
            name: 'Carl',
            webhook: { url: `http://127.0.0.1:${port}/call`, secret: HOOK_SECRET },
          },
        ],
        escalations: [
          {
            id: 'night',
            for: { kinds: ['incident'] },
            steps: ['anna', 'bob', 'carl'].map((id) => ({ people: [id], wait })),
            rounds,
          },
          { id: 'desk', for: { kinds: ['duty'] }, steps: [{ people: ['anna'] }], rounds: 1 },
        ],
        ...onCall,
      },
      probing: { allow: ['127.0.0.1/32'] },
    }),
    async close() {
      hook.closeAllConnections();
      hook.close();
      await Promise.all([mail.close(), sms.close()]);
    },
  };
}
