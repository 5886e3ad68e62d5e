import { connect as connectTcp, isIP, type TcpNetConnectOpts } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Client, type buildConnector, type Dispatcher } from 'undici';
import type { ProbeEnvironment } from '../environment.ts';
import { AddressRefused, Stopped } from './errors.ts';
import type { Exchange } from './exchange.ts';

const MOST_HEADER_BYTES = 64 * 1024;
/** How long one of several addresses may take before the next one is tried as well (RFC 8305). */
const LONGEST_ATTEMPT_MS = 2500;
const SHORTEST_ATTEMPT_MS = 250;

type Connected = (error: Error | null) => void;

/**
 * The way to one origin: a new and guarded connection for every request, one request at a time. It keeps
 * undici's client between checks, because making one costs as much as a request does.
 */
export class Line {
  readonly #client: Client;
  readonly #environment: ProbeEnvironment;
  readonly #attemptMs: number;
  #exchange: Exchange | null = null;

  constructor(origin: string, environment: ProbeEnvironment, timeoutMs: number) {
    this.#environment = environment;
    const third = Math.floor(timeoutMs / 3);
    this.#attemptMs = Math.max(SHORTEST_ATTEMPT_MS, Math.min(LONGEST_ATTEMPT_MS, third));
    this.#client = new Client(origin, {
      allowH2: false,
      // One deadline over the whole check is kept by the check itself.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: MOST_HEADER_BYTES,
      connect: (options, callback) => this.#connect(options, callback),
    });
  }

  /** Starts an exchange; it tells of its end itself. */
  start(exchange: Exchange, request: Dispatcher.DispatchOptions): void {
    this.#exchange = exchange;
    this.#client.dispatch(request, exchange);
  }

  /** Lets go of the client; an exchange under way fails. */
  close(): void {
    this.#exchange?.fail(new Stopped('the monitor was taken away'));
    this.#client.destroy(null, () => undefined);
  }

  #connect(options: buildConnector.Options, callback: buildConnector.Callback): void {
    const exchange = this.#exchange;
    if (!exchange || exchange.over) {
      callback(new Stopped('it was given up before it was connected'), null);
      return;
    }
    let told = false;
    const tell: Connected = (error) => {
      if (told) return;
      told = true;
      if (error) callback(error, null);
      else if (exchange.socket) {
        exchange.connected();
        callback(null, exchange.socket);
      }
    };
    exchange.connecting(tell);
    const secure = options.protocol === 'https:';
    const port = Number(options.port) || (secure ? 443 : 80);
    const { hostname } = options;
    if (isIP(hostname) === 0) void this.#findAndDial(exchange, { hostname, port, secure }, tell);
    else this.#dial(exchange, { host: hostname, port }, secure ? '' : null, tell);
  }

  /** Judges every address that a name has, and connects to one of exactly those. */
  async #findAndDial(
    exchange: Exchange,
    { hostname, port, secure }: { hostname: string; port: number; secure: boolean },
    tell: Connected,
  ): Promise<void> {
    try {
      exchange.lookup = this.#environment.resolver.lookUp(hostname);
      const addresses = [...(await exchange.lookup.addresses)];
      exchange.at.looked = performance.now();
      if (exchange.over) return;
      for (const { address } of addresses) this.#judge(address, port);
      const [only, second] = addresses;
      const host = only && !second ? only.address : hostname;
      const several: Omit<Partial<TcpNetConnectOpts>, 'host' | 'port'> = {
        autoSelectFamily: true,
        autoSelectFamilyAttemptTimeout: this.#attemptMs,
        lookup: (_name, _options, done) => done(null, addresses),
      };
      const options = { host, port, ...(second ? several : {}) };
      this.#dial(exchange, options, secure ? hostname : null, tell);
    } catch (error) {
      tell(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Connects; with a server name (empty for a bare address) by TLS. */
  #dial(
    exchange: Exchange,
    options: { host: string; port: number },
    servername: string | null,
    tell: Connected,
  ): void {
    const literal = isIP(options.host) !== 0;
    const early = literal ? this.#refusal(options.host, options.port) : null;
    if (early) {
      tell(early);
      return;
    }
    exchange.phase = 'connect';
    const dial = { ...options, noDelay: true };
    const socket =
      servername === null
        ? connectTcp(dial)
        : connectTls({
            ...dial,
            servername,
            ALPNProtocols: ['http/1.1'],
            secureContext: this.#environment.secureContext,
          });
    exchange.socket = socket;
    socket.on('error', tell);
    socket.once('connect', () => {
      exchange.at.connected = performance.now();
      exchange.address = socket.remoteAddress;
      // Judged again: this is the address that the system really connected to.
      const refused = this.#refusal(socket.remoteAddress ?? '', options.port);
      if (refused) {
        tell(refused);
        socket.destroy();
      } else if (servername === null) tell(null);
      else exchange.phase = 'tls';
    });
    if (servername !== null)
      socket.once('secureConnect', () => {
        exchange.at.secured = performance.now();
        tell(null);
      });
  }

  #judge(address: string, port: number): void {
    const refused = this.#refusal(address, port);
    if (refused) throw refused;
  }

  #refusal(address: string, port: number): AddressRefused | null {
    const judgement = this.#environment.guard.judge(address, port);
    return judgement.allowed ? null : new AddressRefused(judgement.why);
  }
}
