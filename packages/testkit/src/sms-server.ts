import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { Arrivals } from './mailbox.ts';
import { twilioContract } from './twilio-contract.ts';

export interface ReceivedSms {
  sid: string;
  to: string;
  from: string;
  body: string;
  /** Every field of the request. */
  fields: Record<string, string>;
  at: number;
}

/**
 * What the provider answers instead of 201: an error of its own, something that is no answer of it, or
 * nothing. `accepted`: the message was taken all the same.
 */
export type SmsFault =
  | {
      status: number;
      code?: number;
      message?: string;
      headers?: Record<string, string>;
      accepted?: boolean;
    }
  | { html: number; accepted?: boolean }
  | { drop: true; accepted?: boolean }
  | { hang: true; accepted?: boolean };

export interface SmsServerOptions {
  onSms?: (sms: ReceivedSms) => void;
  /** With the message already counted: waits for what it gives before it answers. */
  beforeReply?: (sms: ReceivedSms) => Promise<void>;
  accountSid?: string;
  authToken?: string;
  /** What the provider calls now, for the dates of messages (epoch ms). */
  now?: () => number;
}

export interface SmsServer {
  /** The base address of the API. */
  url: string;
  readonly received: readonly ReceivedSms[];
  /** The first that arrives after this call and matches. */
  next(matches?: (sms: ReceivedSms) => boolean): Promise<ReceivedSms>;
  count(): number;
  /** From now on, until it is called with null; `list`: for asking after messages instead of sending. */
  fail(fault: SmsFault | null, of?: 'create' | 'list'): void;
  /** How often it was asked after messages. */
  lists(): number;
  close(): Promise<void>;
}

/**
 * An HTTP server that answers as Twilio's Messages API does. Requests, and its own answers, are checked
 * against Twilio's published description; a request that breaks it is answered with 400 and shows in
 * what the client reports.
 */
export async function startSmsServer(options: SmsServerOptions = {}): Promise<SmsServer> {
  const provider = new Provider(options);
  const server = createServer((req, res) => {
    provider.answer(req, res).catch((error: unknown) => {
      res.writeHead(599, { 'content-type': 'text/plain' }).end(String(error));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    received: provider.arrivals.all,
    next: (matches) => provider.arrivals.next(matches),
    count: () => provider.arrivals.all.length,
    fail(fault, of = 'create') {
      provider.faults[of] = fault;
    },
    lists: () => provider.lists,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const MESSAGES = /^\/2010-04-01\/Accounts\/(AC[0-9a-fA-F]{32})\/Messages\.json$/;
const ACCOUNT = /^\/2010-04-01\/Accounts\/(AC[0-9a-fA-F]{32})\.json$/;

class Provider {
  readonly arrivals = new Arrivals<ReceivedSms>();
  readonly faults: Record<'create' | 'list', SmsFault | null> = { create: null, list: null };
  lists = 0;
  readonly #options: SmsServerOptions;
  readonly #contract = twilioContract();

  constructor(options: SmsServerOptions) {
    this.#options = options;
  }

  async answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '/', 'http://provider.example');
    const sid = (MESSAGES.exec(url.pathname) ?? ACCOUNT.exec(url.pathname))?.[1];
    if (sid === undefined) refuse(res, 404, 20404, 'The requested resource was not found');
    else if (!this.#knows(sid, req)) refuse(res, 401, 20003, 'Authenticate');
    else if (ACCOUNT.test(url.pathname)) reply(res, 200, { sid, status: 'active', type: 'Full' });
    else if (req.method === 'GET') this.#list(sid, url, res);
    else if (req.method === 'POST') await this.#create(sid, req, res);
    else refuse(res, 405, 20004, 'Method not allowed');
  }

  #knows(sid: string, req: IncomingMessage): boolean {
    const { accountSid = sid, authToken } = this.#options;
    const [, encoded = ''] = /^Basic (.+)$/.exec(req.headers.authorization ?? '') ?? [];
    const [user, password] = Buffer.from(encoded, 'base64').toString().split(':');
    return (
      sid === accountSid && user === sid && (authToken === undefined || password === authToken)
    );
  }

  async #create(sid: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
    const fields = Object.fromEntries(new URLSearchParams(await text(req)));
    const fault = this.#contract.createFault(req.headers['content-type'] ?? '', fields);
    if (fault !== null) {
      refuse(res, 400, fault.code, fault.message);
      return;
    }
    const failure = this.faults.create;
    const sms: ReceivedSms = {
      sid: `SM${randomBytes(16).toString('hex')}`,
      to: fields['To'] ?? '',
      from: fields['From'] ?? '',
      body: fields['Body'] ?? '',
      fields,
      at: this.#now(),
    };
    if (failure === null || failure.accepted === true) {
      this.arrivals.add(sms);
      this.#options.onSms?.(sms);
      await this.#options.beforeReply?.(sms);
    }
    if (failure) misbehave(failure, res);
    else reply(res, 201, this.#contract.message(messageOf(sid, sms)));
  }

  #list(sid: string, url: URL, res: ServerResponse): void {
    this.lists += 1;
    const fault = this.#contract.listFault(url.searchParams);
    if (fault !== null) {
      refuse(res, 400, 20001, fault);
      return;
    }
    if (this.faults.list) {
      misbehave(this.faults.list, res);
      return;
    }
    const to = url.searchParams.get('To');
    // Twilio looks at the day, in UTC.
    const after = url.searchParams.get('DateSent>')?.slice(0, 10) ?? '';
    const messages = this.arrivals.all
      .filter((sms) => to === null || sms.to === to)
      .filter((sms) => new Date(sms.at).toISOString().slice(0, 10) >= after)
      .map((sms) => this.#contract.message(messageOf(sid, sms)));
    const page = { page: 0, page_size: 50, start: 0, end: Math.max(0, messages.length - 1) };
    const uri = `${url.pathname}${url.search}`;
    const links = { uri, first_page_uri: uri, next_page_uri: null, previous_page_uri: null };
    reply(res, 200, { ...page, ...links, messages: [...messages].reverse() });
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}

function messageOf(sid: string, sms: ReceivedSms): Record<string, unknown> {
  const at = new Date(sms.at).toUTCString().replace('GMT', '+0000');
  const uri = `/2010-04-01/Accounts/${sid}/Messages/${sms.sid}`;
  return {
    account_sid: sid,
    api_version: '2010-04-01',
    body: sms.body,
    date_created: at,
    date_sent: at,
    date_updated: at,
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
    from: sms.from,
    messaging_service_sid: null,
    num_media: '0',
    num_segments: '1',
    price: null,
    price_unit: 'USD',
    sid: sms.sid,
    status: 'queued',
    subresource_uris: { media: `${uri}/Media.json` },
    to: sms.to,
    uri: `${uri}.json`,
  };
}

function misbehave(fault: SmsFault, res: ServerResponse): void {
  if ('drop' in fault) res.socket?.destroy();
  else if ('html' in fault)
    res.writeHead(fault.html, { 'content-type': 'text/html' }).end('<h1>It works!</h1>');
  else if ('status' in fault)
    refuse(
      res,
      fault.status,
      fault.code ?? 20000 + fault.status,
      fault.message ?? '',
      fault.headers,
    );
}

function refuse(
  res: ServerResponse,
  status: number,
  code: number,
  message: string,
  headers: Record<string, string> = {},
): void {
  const more_info = `https://www.twilio.com/docs/errors/${code}`;
  reply(res, status, { code, message, more_info, status }, headers);
}

function reply(
  res: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  res
    .writeHead(status, { 'content-type': 'application/json', ...headers })
    .end(JSON.stringify(body));
}
