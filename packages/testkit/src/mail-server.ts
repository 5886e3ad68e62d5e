import { simpleParser, type ParsedMail } from 'mailparser';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { Arrivals } from './mailbox.ts';

export interface ReceivedMail {
  /** The envelope's sender and recipients. */
  from: string;
  to: string[];
  subject: string;
  text: string;
  html: string;
  /** In angle brackets. */
  messageId: string;
  references: string[];
  /** As mailparser gives them, by their lower-case names. */
  headers: Map<string, unknown>;
  parsed: ParsedMail;
  /** As it came over the wire. */
  raw: string;
}

export const SMTP_STEPS = ['connect', 'ehlo', 'auth', 'mail', 'rcpt', 'data', 'dot'] as const;
/** Where in a conversation something goes wrong; `dot` is after the message, in place of its answer. */
export type SmtpStep = (typeof SMTP_STEPS)[number];

/**
 * What a server does instead of what it should: answer so (`refuse`), cut the connection (`drop`), or say
 * nothing at all (`hang`). A message refused, dropped or left hanging at `dot` was received all the same.
 */
export type SmtpFault =
  { at: SmtpStep; refuse: string } | { at: SmtpStep; drop: true } | { at: SmtpStep; hang: true };

export interface MailServerOptions {
  onMail?: (mail: ReceivedMail) => void;
  /** Before the final dot is answered, with the message already counted: waits for what it gives. */
  beforeReply?: (mail: ReceivedMail) => Promise<void>;
  /** Whether it offers STARTTLS, with the certificate that smtp-server brings, or the given one. */
  tls?: { key: string; cert: string } | true;
  /** Asks for this login. */
  login?: { user: string; password: string };
  /** Lets clients send commands without waiting for answers; faults need one at a time. */
  pipelining?: boolean;
  port?: number;
}

export interface MailServer {
  port: number;
  readonly received: readonly ReceivedMail[];
  /** The first that arrives after this call and matches. */
  next(matches?: (mail: ReceivedMail) => boolean): Promise<ReceivedMail>;
  count(): number;
  /** From now on, until it is called with null. */
  fail(fault: SmtpFault | null): void;
  /** Resolves when the fault of `fail` strikes at this step the next time. */
  reached(step: SmtpStep): Promise<void>;
  /** Commands seen, in order, such as `EHLO` and `RCPT`. */
  readonly commands: readonly string[];
  close(): Promise<void>;
}

/** A real mail server (smtp-server) on a port of this machine that parses what it gets, and fails as told. */
export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const arrivals = new Arrivals<ReceivedMail>();
  const tap = new Tap();
  const server = new SMTPServer({
    ...securityOf(options),
    authOptional: options.login === undefined,
    logger: false,
    disableReverseLookup: true,
    closeTimeout: 100,
    hidePIPELINING: options.pipelining !== true,
    hideSTARTTLS: options.tls === undefined,
    disabledCommands: options.login === undefined ? ['AUTH'] : [],
    onAuth({ username, password }, _session, done) {
      const { login } = options;
      if (login && (username !== login.user || password !== login.password))
        done(Object.assign(new Error('Invalid login'), { responseCode: 535 }));
      else done(null, { user: username });
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        void receive(Buffer.concat(chunks), session.envelope).then(async (mail) => {
          arrivals.add(mail);
          options.onMail?.(mail);
          await options.beforeReply?.(mail);
          done();
        }, done);
      });
    },
  });
  // Clients that are cut off are what the faults are about.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const inner = portOf(server.server);
  const front = await tap.listen(inner, options.port ?? 0);
  return {
    port: front,
    received: arrivals.all,
    next: (matches) => arrivals.next(matches),
    count: () => arrivals.all.length,
    fail(fault) {
      tap.fault = fault;
    },
    reached: (step) => tap.struck.next((at) => at === step).then(() => undefined),
    commands: tap.commands,
    async close() {
      await tap.close();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function securityOf({ tls }: MailServerOptions): Pick<SMTPServerOptions, 'key' | 'cert'> {
  return typeof tls === 'object' ? { key: tls.key, cert: tls.cert } : {};
}

async function receive(
  raw: Buffer,
  envelope: { mailFrom: false | { address: string }; rcptTo: { address: string }[] },
): Promise<ReceivedMail> {
  const parsed = await simpleParser(raw);
  const { references } = parsed;
  return {
    from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
    to: envelope.rcptTo.map(({ address }) => address),
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    html: parsed.html === false ? '' : parsed.html,
    messageId: parsed.messageId ?? '',
    references: typeof references === 'string' ? [references] : (references ?? []),
    headers: parsed.headers,
    parsed,
    raw: raw.toString(),
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null)
    throw new Error('the server does not listen');
  return address.port;
}

/**
 * A wire between client and server that reads along and breaks where it is told. It answers a step itself
 * by its place in the conversation, so that the server behind it stays an honest one.
 */
class Tap {
  fault: SmtpFault | null = null;
  readonly commands: string[] = [];
  readonly struck = new Arrivals<SmtpStep>();
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #inner = 0;

  constructor() {
    this.#server = createServer((client) => this.#join(client));
  }

  async listen(inner: number, port: number): Promise<number> {
    this.#inner = inner;
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return portOf(this.#server);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(client: Socket): void {
    this.#keep(client);
    if (this.#breaks('connect', client)) return;
    const server = this.#keep(connect(this.#inner, '127.0.0.1'));
    let inData = false;
    let broken = false;
    let tail = '';
    client.on('data', (chunk) => {
      const text = chunk.toString('latin1');
      tail = (tail + text).slice(-5);
      const step = inData ? (tail === '\r\n.\r\n' ? 'dot' : null) : stepOf(text);
      if (!inData && /^[A-Z]{4}/i.test(text)) this.commands.push(text.slice(0, 4).toUpperCase());
      // The message itself reaches the server, which then has it, whatever the client hears.
      if (step === 'dot') server.write(chunk);
      if (step !== null && this.#breaks(step, client)) {
        broken = true;
        return;
      }
      if (step !== 'dot') server.write(chunk);
      if (step === 'dot') inData = false;
      else if (step === 'data') inData = true;
    });
    server.on('data', (chunk) => {
      if (!broken) client.write(chunk);
    });
    const part = (): void => {
      client.destroy();
      if (!broken) server.destroy();
    };
    client.on('close', part);
    server.on('close', part);
  }

  /** Does what the fault says, when it is about this step. */
  #breaks(step: SmtpStep, client: Socket): boolean {
    const { fault } = this;
    if (fault?.at !== step) return false;
    this.struck.add(step);
    if ('drop' in fault) client.destroy();
    else if ('refuse' in fault) client.write(`${fault.refuse}\r\n`);
    return true;
  }

  #keep(socket: Socket): Socket {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    // A connection that is cut off is nothing to report.
    socket.on('error', () => socket.destroy());
    return socket;
  }
}

function stepOf(line: string): SmtpStep | null {
  const verb = /^(EHLO|AUTH|MAIL|RCPT|DATA)\b/i.exec(line)?.[1]?.toLowerCase();
  return (SMTP_STEPS as readonly (string | undefined)[]).includes(verb) ? (verb as SmtpStep) : null;
}
