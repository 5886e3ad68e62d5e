import type { Notifiers } from '@upheld/domain/notify/send.ts';
import type { Context } from '@upheld/services/context.ts';
import { claimDue, releaseOrphans, SEND_LIMIT_MS } from '@upheld/services/outbox/claim.ts';
import { forgetAnswers } from '@upheld/services/idempotency/answers.ts';
import { forgetUnconfirmed } from '@upheld/services/subscriber/forget-unconfirmed.ts';
import { deliver, type Step } from './deliver.ts';

export interface OutboxLoop {
  /** There may be something to send: looks now instead of at the next turn. */
  wake(): void;
  /** Resolves when nothing is due and nothing is under way, as far as this process can see. */
  quiet(): Promise<void>;
  /** Claims nothing more, finishes what is under way, and gives up after a while what does not end. */
  stop(): Promise<void>;
}

export interface OutboxOptions {
  workerId: string;
  notifiers: Notifiers;
  /** Whether no other process delivers: what earlier ones held is then taken back at once. */
  alone?: boolean;
  /** Sends at once. */
  concurrency?: number;
  /** Uniform in [0, 1). */
  random?: () => number;
  /** Hears of every step, before the next one is taken. */
  onStep?: (step: Step, rowId: string) => void;
}

/** Between two looks for what other processes wrote: a command, or the page in a process of its own. */
const POLL_MS = 1000;
const HOUSEKEEPING_MS = 3_600_000;
const STOP_PATIENCE_MS = 8000;
const CONCURRENCY = 8;

/** Delivers what the outbox holds until it is stopped. */
export function startOutbox(ctx: Context, options: OutboxOptions): OutboxLoop {
  const loop = new Loop(ctx, options);
  return { wake: () => loop.wake(), quiet: () => loop.quiet(), stop: () => loop.stop() };
}

class Loop {
  readonly #ctx: Context;
  readonly #options: OutboxOptions;
  readonly #underWay = new Set<Promise<void>>();
  readonly #stopped = new AbortController();
  readonly #impatient = new AbortController();
  #quietWaiters: (() => void)[] = [];
  #nap = new AbortController();
  #keptHouseAt: number | null = null;
  readonly #ended: Promise<void>;

  constructor(ctx: Context, options: OutboxOptions) {
    this.#ctx = ctx;
    this.#options = options;
    this.#ended = this.#run();
  }

  wake(): void {
    this.#nap.abort();
  }

  quiet(): Promise<void> {
    const settled = new Promise<void>((resolve) => this.#quietWaiters.push(resolve));
    this.wake();
    return settled;
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.wake();
    const done = new AbortController();
    const patience = this.#ctx.clock
      .sleep(STOP_PATIENCE_MS, done.signal)
      .then(() => this.#impatient.abort());
    await this.#ended;
    await Promise.all(this.#underWay);
    done.abort();
    await patience;
  }

  async #run(): Promise<void> {
    let released = this.#options.alone !== true;
    while (!this.#stopped.signal.aborted) {
      // Renewed before looking: who wakes us while we look makes us look again.
      this.#nap = new AbortController();
      try {
        if (!released) await releaseOrphans(this.#ctx, this.#options.workerId);
        released = true;
        if (await this.#turn()) continue;
        await this.#keepHouse();
      } catch (error) {
        this.#ctx.log.error({ error }, 'the outbox cannot be read; trying again');
      }
      if (!this.#nap.signal.aborted) await this.#ctx.clock.sleep(POLL_MS, this.#nap.signal);
    }
    this.#tellQuiet();
  }

  /** Starts what there is room for; true when there may be more. */
  async #turn(): Promise<boolean> {
    const { workerId, concurrency = CONCURRENCY } = this.#options;
    const room = concurrency - this.#underWay.size;
    if (room <= 0) return false;
    const rows = await claimDue(this.#ctx, workerId, room);
    for (const row of rows) {
      const task = this.#deliver(row).finally(() => {
        this.#underWay.delete(task);
        this.wake();
      });
      this.#underWay.add(task);
    }
    if (rows.length === 0 && this.#underWay.size === 0 && !this.#nap.signal.aborted)
      this.#tellQuiet();
    return rows.length === room;
  }

  async #deliver(row: Awaited<ReturnType<typeof claimDue>>[number]): Promise<void> {
    const { notifiers, random = Math.random, onStep = () => undefined } = this.#options;
    const ended = new AbortController();
    const limit = this.#ctx.clock.sleep(SEND_LIMIT_MS, ended.signal).then(() => ended.abort());
    const signal = AbortSignal.any([ended.signal, this.#impatient.signal]);
    try {
      await deliver(this.#ctx, row, { notifier: notifiers[row.channel], signal, random, onStep });
    } catch (error) {
      // The lease runs out, and whoever claims it then goes on from what is written.
      this.#ctx.log.error({ error, outboxId: row.id }, 'a message could not be delivered');
    } finally {
      ended.abort();
      await limit;
    }
  }

  async #keepHouse(): Promise<void> {
    const now = this.#ctx.clock.now();
    if (this.#keptHouseAt !== null && now - this.#keptHouseAt < HOUSEKEEPING_MS) return;
    this.#keptHouseAt = now;
    await forgetUnconfirmed(this.#ctx);
    await forgetAnswers(this.#ctx);
  }

  #tellQuiet(): void {
    const waiters = this.#quietWaiters;
    this.#quietWaiters = [];
    for (const resolve of waiters) resolve();
  }
}
