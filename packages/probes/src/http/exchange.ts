import type { Evidence } from '@upheld/domain/monitor/outcome.ts';
import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import type { Lookup } from '../dns/resolver.ts';
import type { Assertion, BodyReader } from './assertion.ts';
import type { Phase } from './errors.ts';
import { excerptOnly, tlsOf } from './evidence.ts';

/** What came of one request. */
export type Heard =
  | {
      kind: 'answer';
      status: number;
      location: string;
      body: BodyReader | null;
      /** Only where the answer is not as expected. */
      tls: Evidence['tls'];
    }
  | { kind: 'error'; error: Error; phase: Phase };

/**
 * What of an answer is wanted, told by its status: its body, and if so read by what. `excerptOnly` where the
 * status alone has decided: then as much as comes at once.
 */
export type Wanted = (status: number, location: string) => Assertion | null;

/** How long the first of a body is waited for when only evidence is got from it. */
const EXCERPT_WAIT_MS = 250;

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Not an error of anybody: all that was wanted has been heard. Made once, for its stack costs more than a check. */
const ENOUGH = Object.assign(new Error('enough was heard'), { code: 'UPHELD_ENOUGH' });

/**
 * One request and its answer, heard as far as is wanted; then the connection is closed. The handler of
 * undici, and what the connector and the deadline know of the connection.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  phase: Phase = 'lookup';
  /** The address that was connected to. */
  address: string | undefined;
  lookup: Lookup | undefined;
  socket: Socket | undefined;
  /** It was heard or given up: whatever comes now is of no interest. */
  over = false;
  readonly began = performance.now();
  /** When each phase was over. */
  readonly at: { looked?: number; connected?: number; secured?: number; answered?: number } = {};
  #controller: Dispatcher.DispatchController | undefined;
  #giveUpConnecting: ((error: Error) => void) | undefined;
  #answer: { status: number; location: string } | undefined;
  #body: BodyReader | null = null;
  #decided = false;
  #excerptTimer: NodeJS.Timeout | undefined;
  readonly #wanted: Wanted;
  readonly #settle: (heard: Heard) => void;

  constructor(wanted: Wanted, settle: (heard: Heard) => void) {
    this.#wanted = wanted;
    this.#settle = settle;
  }

  /** Ends it from outside, in whatever phase it is. */
  fail(error: Error): void {
    if (this.over) return;
    if (this.#decided) {
      this.#heard();
      return;
    }
    const { phase } = this;
    this.over = true;
    // Once the socket is undici's, only undici may close it: it takes any other end for that of the body.
    if (this.#controller) this.#controller.abort(ENOUGH);
    else {
      this.#giveUpConnecting?.(error);
      this.socket?.destroy();
    }
    this.#settle({ kind: 'error', error, phase });
  }

  /** A connection is being made; `giveUp` is how to stop that. */
  connecting(giveUp: (error: Error) => void): void {
    this.#giveUpConnecting = giveUp;
  }

  connected(): void {
    this.#giveUpConnecting = undefined;
    this.phase = 'request';
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.over) controller.abort(ENOUGH);
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Headers): void {
    // 103 Early Hints and its like are not the answer.
    if (this.over || status < 200) return;
    const location = one(headers['location']);
    this.at.answered = performance.now();
    this.#answer = { status, location };
    const assertion = this.#wanted(status, location);
    this.#decided = assertion === excerptOnly;
    if (this.#decided) this.#excerptTimer = setTimeout(() => this.#heard(), EXCERPT_WAIT_MS);
    if (assertion)
      this.#body = assertion({
        encoding: one(headers['content-encoding']).toLowerCase().trim(),
        contentType: one(headers['content-type']),
      });
    else this.#heard();
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.over && this.#body?.push(chunk) === true) this.#heard();
  }

  onResponseEnd(): void {
    this.#heard();
  }

  onResponseError(_: Dispatcher.DispatchController | null, error: Error): void {
    // What cuts the body of an answer that is wrong already short changes nothing.
    if (this.#decided) this.#heard();
    else this.#end({ kind: 'error', error, phase: this.phase });
  }

  #heard(): void {
    if (!this.#answer || this.over) return;
    const wrong = this.#decided || (this.#body !== null && this.#body.fault() !== null);
    // Asked while the connection stands, and only then: it costs more than the rest of the check.
    const tls = wrong ? tlsOf(this.socket) : undefined;
    this.#end({ kind: 'answer', ...this.#answer, body: this.#body, tls });
  }

  #end(heard: Heard): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.#excerptTimer);
    const controller = this.#controller;
    // Not at once: most answers end with the packet that began them, and then there is nothing to abort.
    if (controller) queueMicrotask(() => controller.abort(ENOUGH));
    this.#settle(heard);
  }
}

function one(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? '';
}
