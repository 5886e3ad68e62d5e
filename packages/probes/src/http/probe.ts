import type { Evidence, ProbeOutcome } from '@upheld/domain/monitor/outcome.ts';
import type { ProbeEnvironment } from '../environment.ts';
import type { PreparedProbe } from '../probe.ts';
import { assertionOf, type Assertion } from './assertion.ts';
import { AddressRefused, DeadlinePassed, faultOf, Stopped } from './errors.ts';
import { excerpt, excerptOnly } from './evidence.ts';
import { Exchange, type Heard } from './exchange.ts';
import { Line } from './line.ts';
import { firstRequest, isRedirect, nextRequest, type HttpRequest } from './request.ts';
import { statusTest } from './status.ts';
import type { HttpTarget } from './target.ts';

/** Of a check that came to its deadline, so much of our own standing still makes it say nothing. */
const NOTICEABLE_LAG_MS = 100;

/**
 * Prepares the check of an HTTP(S) target: one request with its redirects, judged by status, body and
 * latency. A target that cannot be prepared gives a probe that says so, inconclusively, at every check.
 */
export function prepareHttp(target: HttpTarget, environment: ProbeEnvironment): PreparedProbe {
  let assertion: Assertion | null;
  try {
    assertion = assertionOf(target.expect);
  } catch (error) {
    return unusable(error instanceof Error ? error.message : String(error));
  }
  return new HttpProbe(target, assertion, environment);
}

function unusable(message: string): PreparedProbe {
  const outcome: ProbeOutcome = { kind: 'inconclusive', cause: 'internal', evidence: { message } };
  return { check: () => Promise.resolve(outcome), stop: () => undefined };
}

type Answered = Extract<Heard, { kind: 'answer' }>;

class HttpProbe implements PreparedProbe {
  readonly #target: HttpTarget;
  readonly #assertion: Assertion | null;
  readonly #environment: ProbeEnvironment;
  readonly #isGood: (status: number) => boolean;
  readonly #first: HttpRequest;
  readonly #line: Line;
  #exchange: Exchange | null = null;

  constructor(target: HttpTarget, assertion: Assertion | null, environment: ProbeEnvironment) {
    this.#target = target;
    this.#assertion = assertion;
    this.#environment = environment;
    this.#isGood = statusTest(target.expect.status);
    this.#first = firstRequest(target);
    this.#line = new Line(this.#first.origin, environment, target.timeout);
  }

  async check(): Promise<ProbeOutcome> {
    const start = performance.now();
    // After the deadline, what has already arrived is still read: setImmediate comes after the sockets.
    const deadline = setTimeout(() => setImmediate(() => this.#giveUp()), this.#target.timeout);
    try {
      const evidence: Evidence = {};
      const outcome = await this.#follow(this.#first, evidence);
      const elapsed = performance.now() - start;
      evidence.latencyMs = Math.round(elapsed);
      const judged = this.#judgeTime(outcome, start, elapsed);
      if (judged.kind !== 'ok') judged.evidence.phases = phasesOf(this.#exchange);
      return judged;
    } finally {
      clearTimeout(deadline);
      this.#exchange = null;
    }
  }

  stop(): void {
    this.#line.close();
    this.#exchange?.fail(new Stopped('the check was stopped'));
  }

  #giveUp(): void {
    const { timeout } = this.#target;
    this.#exchange?.fail(new DeadlinePassed(`no full answer within ${timeout} ms`));
  }

  async #follow(first: HttpRequest, evidence: Evidence): Promise<ProbeOutcome> {
    let request = first;
    for (let hop = 0; ; hop += 1) {
      const { heard, exchange } = await this.#exchangeOver(request);
      if (exchange.address !== undefined) evidence.address = exchange.address;
      if (heard.kind === 'error') return this.#failure(heard, exchange, hop, evidence);
      const { status, location } = heard;
      evidence.status = status;
      if (!this.#goesOn(status, location)) return this.#judge(heard, evidence);
      if (hop === this.#target.redirects)
        return failed('redirect', `it redirects more than ${hop} times`, evidence);
      const next = nextRequest(request, status, location);
      if (typeof next === 'string') return failed('redirect', excerpt(next, []), evidence);
      request = next;
    }
  }

  async #exchangeOver(request: HttpRequest): Promise<{ heard: Heard; exchange: Exchange }> {
    const settled = Promise.withResolvers<Heard>();
    const exchange = new Exchange(this.#wanted, settled.resolve);
    this.#exchange = exchange;
    if (request === this.#first) {
      this.#line.start(exchange, request.options);
      return { heard: await settled.promise, exchange };
    }
    const line = new Line(request.origin, this.#environment, this.#target.timeout);
    line.start(exchange, request.options);
    const heard = await settled.promise;
    line.close();
    return { heard, exchange };
  }

  readonly #wanted = (status: number, location: string): Assertion | null =>
    this.#goesOn(status, location) ? null : this.#isGood(status) ? this.#assertion : excerptOnly;

  /** A redirect that is itself what is expected is not followed. */
  #goesOn(status: number, location: string): boolean {
    return this.#target.redirects > 0 && !this.#isGood(status) && isRedirect(status, location);
  }

  #judge({ status, body, tls }: Answered, evidence: Evidence): ProbeOutcome {
    const good = this.#isGood(status);
    const fault = good ? (body?.fault() ?? null) : `HTTP status ${status}`;
    if (fault === null) return { kind: 'ok', evidence };
    const start = body?.start() ?? '';
    if (start !== '') evidence.bodyStart = excerpt(start, Object.values(this.#target.headers));
    if (tls) evidence.tls = tls;
    return failed(good ? 'assertion' : 'status', fault, evidence);
  }

  #failure(
    { error, phase }: Extract<Heard, { kind: 'error' }>,
    exchange: Exchange,
    hop: number,
    evidence: Evidence,
  ): ProbeOutcome {
    if (error instanceof AddressRefused) {
      // Where it sends its visitors is the product's doing; where we refuse to look at all is ours.
      if (hop > 0) return failed('redirect', `it redirects astray: ${error.message}`, evidence);
      evidence.message = error.message;
      return { kind: 'inconclusive', cause: 'address-not-allowed', evidence };
    }
    const waitsForUs = phase === 'lookup' && exchange.lookup?.started === false;
    if (waitsForUs && error instanceof DeadlinePassed)
      return overloaded('every thread for looking names up was taken', evidence);
    const { message, ...fault } = faultOf(error, phase);
    evidence.message = message;
    return { ...fault, evidence };
  }

  /** What of the time was our own standing still is not held against the product. */
  #judgeTime(outcome: ProbeOutcome, start: number, elapsed: number): ProbeOutcome {
    const { within } = this.#target.expect;
    if (outcome.kind === 'failed' && outcome.cause === 'timeout') {
      const lag = Math.round(this.#environment.stalls.lagSince(start));
      return lag < NOTICEABLE_LAG_MS
        ? outcome
        : overloaded(`this process stood still for ${lag} ms`, outcome.evidence);
    }
    if (outcome.kind !== 'ok' || within === undefined || elapsed <= within) return outcome;
    const { evidence } = outcome;
    if (elapsed - this.#environment.stalls.lagSince(start) <= within) return outcome;
    evidence.message = `it took ${Math.round(elapsed)} ms, more than ${within} ms`;
    return { kind: 'degraded', cause: 'slow', evidence };
  }
}

/** How the time of an exchange was spent, as far as it came. */
function phasesOf(exchange: Exchange | null): NonNullable<Evidence['phases']> {
  if (!exchange) return {};
  const { began, at } = exchange;
  const since = (from: number, to: number | undefined): number | undefined =>
    to === undefined ? undefined : Math.max(0, Math.round(to - from));
  const phases = {
    lookupMs: since(began, at.looked),
    connectMs: since(at.looked ?? began, at.connected),
    tlsMs: since(at.connected ?? began, at.secured),
    firstByteMs: since(at.secured ?? at.connected ?? began, at.answered),
  };
  return Object.fromEntries(Object.entries(phases).filter(([, ms]) => ms !== undefined));
}

function failed(
  cause: Extract<ProbeOutcome, { kind: 'failed' }>['cause'],
  message: string,
  evidence: Evidence,
): ProbeOutcome {
  evidence.message = message;
  return { kind: 'failed', cause, evidence };
}

function overloaded(message: string, evidence: Evidence): ProbeOutcome {
  return { kind: 'inconclusive', cause: 'overloaded', evidence: { ...evidence, message } };
}
