import type { MonitorConfig } from '@upheld/config/schema.ts';
import type { CheckResult, ProbeOutcome } from '@upheld/domain/monitor/outcome.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { PreparedProbe } from '@upheld/probes/probe.ts';
import type { Recorder } from '@upheld/services/check/recorder.ts';
import { applyReload } from '@upheld/services/check/resume.ts';
import type { Context } from '@upheld/services/context.ts';
import { isDeepStrictEqual } from 'node:util';
import { DueQueue } from './due-queue.ts';
import { createKeeper, type Keeper } from './keeper.ts';
import { blindSince, nextOnGrid, retryIntervalOf, soon } from './timing.ts';

/** One monitor as it is checked: replaced, not changed, when its configuration changes. */
interface Entry {
  readonly monitor: MonitorConfig;
  readonly probe: PreparedProbe;
  /** When its last check began, or from when on it is expected to be checked. */
  lastAt: Instant;
  /** When the check under way began. */
  runningSince: Instant | null;
  /** Another one took its place, or none. */
  gone: boolean;
}

interface Hooks {
  prepare: (monitor: MonitorConfig) => PreparedProbe;
  onRecorded: () => void;
}

/** Longest sleep: a clock that was set or a machine that slept is noticed within this time. */
const TICK_MS = 1000;
/** Checks that are due so close together are started by one wake-up. */
const SHORTEST_SLEEP_MS = 10;
const BEAT_MS = 10_000;
/** A beat does not wait longer than this for a check that hangs. */
const LONGEST_BEAT_LAG_MS = 15_000;
/** Woken so much too late, the checks that were missed are spread anew instead of made at once. */
const LATE_MS = 5000;
/** The clock went back when it shows so much less than before. */
const BACK_MS = 500;
/** How long a stop waits for checks under way. */
const PATIENCE_MS = 2000;

/** Starts checks when they are due, and hands what they saw to the recorder. */
export class ProbingLoop {
  readonly #ctx: Context;
  readonly #recorder: Recorder;
  readonly #hooks: Hooks;
  readonly #keeper: Keeper;
  readonly #stopping = new AbortController();
  readonly #queue = new DueQueue<Entry>();
  readonly #running = new Map<Entry, Promise<void>>();
  /** Due, but for the limit of checks at once. */
  readonly #waiting: { entry: Entry; due: Instant }[] = [];
  #entries = new Map<string, Entry>();
  /** What was seen while a reload changes what there is to record it in; null when none is under way. */
  #held: { entry: Entry; result: CheckResult }[] | null = null;
  #ended: Promise<void> = Promise.resolve();

  constructor(ctx: Context, recorder: Recorder, hooks: Hooks) {
    this.#ctx = ctx;
    this.#recorder = recorder;
    this.#hooks = hooks;
    const { signal } = this.#stopping;
    this.#keeper = createKeeper(ctx, recorder, { onRecorded: hooks.onRecorded, signal });
  }

  start(): void {
    this.#replaceEntries(this.#ctx.clock.now());
    this.#ended = this.#run();
  }

  async reload(): Promise<void> {
    this.#held ??= [];
    try {
      await this.#keeper.settled();
      await this.#keeper.between(async () => {
        await applyReload(this.#ctx);
        await this.#recorder.refresh();
      });
    } finally {
      const held = this.#held;
      this.#held = null;
      this.#replaceEntries(this.#ctx.clock.now());
      for (const { entry, result } of held) this.#take(entry, result);
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#ended;
    const patience = new AbortController();
    await Promise.race([
      Promise.all(this.#running.values()),
      this.#ctx.clock.sleep(PATIENCE_MS, patience.signal),
    ]);
    patience.abort();
    const underWay = [...this.#running];
    for (const entry of this.#entries.values()) entry.probe.stop();
    for (const [entry, done] of underWay) {
      entry.probe.stop();
      await done;
    }
    await this.#keeper.close();
  }

  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
    await this.#keeper.settled();
    if (this.#running.size > 0) await this.idle();
  }

  async #run(): Promise<void> {
    const { clock } = this.#ctx;
    const { signal } = this.#stopping;
    let expected = clock.now();
    let beaten = expected;
    while (!signal.aborted) {
      const now = clock.now();
      this.#noticeClock(now, expected);
      this.#startDue(now);
      if (now - beaten >= BEAT_MS || now < beaten) {
        this.#keeper.beat(this.#measuredUntil(now));
        beaten = now;
      }
      const next = Math.min(this.#queue.nextDue ?? Infinity, beaten + BEAT_MS, now + TICK_MS);
      expected = Math.max(next, now + SHORTEST_SLEEP_MS);
      await clock.sleep(expected - now, signal);
    }
  }

  /** Every check that began before this moment is decided. */
  #measuredUntil(now: Instant): Instant {
    let until = now;
    for (const { runningSince } of this.#running.keys())
      until = Math.min(until, runningSince ?? until);
    return Math.max(until, now - LONGEST_BEAT_LAG_MS);
  }

  /** Timers follow a clock that nobody can set, the schedule the one on the wall: here they meet. */
  #noticeClock(now: Instant, expected: Instant): void {
    const late = now - expected;
    if (late > LATE_MS) {
      this.#ctx.log.warn(
        { late },
        'woken too late, by a machine that slept or a clock set forward',
      );
      const count = this.#queue.size;
      this.#queue.reschedule(({ monitor }, due) => (due <= now ? soon(monitor, now, count) : due));
    } else if (late < -BACK_MS) {
      this.#ctx.log.warn({ back: -late }, 'the clock was set back');
      this.#queue.reschedule((_, due) => due + late);
    }
  }

  #startDue(now: Instant): void {
    for (let next = this.#queue.takeDue(now); next; next = this.#queue.takeDue(now)) {
      const { item: entry, due } = next;
      if (entry.gone) continue;
      if (this.#running.size < this.#ctx.config().probing.concurrency) this.#check(entry, due);
      else this.#waiting.push({ entry, due });
    }
  }

  #check(entry: Entry, dueAt: Instant): void {
    const at = this.#ctx.clock.now();
    entry.runningSince = at;
    const done = this.#outcomeOf(entry).then((outcome) => {
      entry.runningSince = null;
      this.#running.delete(entry);
      this.#seen(entry, { monitorId: entry.monitor.id, dueAt, at, outcome });
      this.#startWaiting();
    });
    this.#running.set(entry, done);
  }

  async #outcomeOf(entry: Entry): Promise<ProbeOutcome> {
    try {
      return await entry.probe.check();
    } catch (error) {
      // A fault of ours is never the customer's downtime.
      this.#ctx.log.error({ error, monitor: entry.monitor.id }, 'a probe broke');
      const message = error instanceof Error ? error.message : String(error);
      return { kind: 'inconclusive', cause: 'internal', evidence: { message } };
    }
  }

  #startWaiting(): void {
    if (this.#stopping.signal.aborted) return;
    const next = this.#waiting.shift();
    if (!next) return;
    if (next.entry.gone) this.#startWaiting();
    else this.#check(next.entry, next.due);
  }

  #seen(entry: Entry, result: CheckResult): void {
    if (this.#held) this.#held.push({ entry, result });
    else this.#take(entry, result);
  }

  #take(entry: Entry, result: CheckResult): void {
    if (entry.gone) entry.probe.stop();
    const { outcome, at } = result;
    if (outcome.kind !== 'inconclusive' || outcome.cause !== 'stopped') {
      const from = blindSince(entry.monitor, entry.lastAt, at);
      if (from !== null) {
        const detail = `checked ${at - from} ms late`;
        this.#recorder.interrupt(result.monitorId, { from, reason: 'overloaded', detail });
      }
      entry.lastAt = at;
      this.#record(result);
    }
    if (!entry.gone) this.#queue.push(entry, this.#nextDue(entry, at));
  }

  #record(result: CheckResult): void {
    const { monitorId, outcome } = result;
    const before = this.#recorder.memoryOf(monitorId)?.detector.state;
    if (!this.#recorder.absorb(result)) return;
    this.#keeper.store();
    const { log } = this.#ctx;
    const { message } = outcome.evidence;
    const state = this.#recorder.memoryOf(monitorId)?.detector.state;
    if (outcome.kind === 'inconclusive')
      log.warn(
        { monitor: monitorId, cause: outcome.cause },
        `a check could not tell: ${message ?? outcome.cause}`,
      );
    else if (state !== before)
      log.info({ monitor: monitorId, from: before, message }, `${monitorId} is ${state}`);
  }

  #nextDue({ monitor }: Entry, at: Instant): Instant {
    const now = this.#ctx.clock.now();
    const streak = this.#recorder.memoryOf(monitor.id)?.detector.streak ?? null;
    const onGrid = nextOnGrid(monitor, now);
    return streak === null
      ? onGrid
      : Math.min(onGrid, Math.max(now, at + retryIntervalOf(monitor)));
  }

  /** Makes the entries those of the configuration; what did not change keeps its moment. */
  #replaceEntries(now: Instant): void {
    const before = this.#entries;
    const monitors = this.#ctx
      .config()
      .groups.flatMap((group) => group.components.flatMap((component) => component.monitors))
      .filter((monitor) => !monitor.paused);
    const dues = new Map<Entry, Instant>();
    this.#queue.reschedule((entry, due) => {
      dues.set(entry, due);
      return due;
    });
    this.#entries = new Map();
    for (const monitor of monitors) {
      const old = before.get(monitor.id);
      before.delete(monitor.id);
      if (old && isDeepStrictEqual(old.monitor, monitor)) this.#entries.set(monitor.id, old);
      else {
        const sameGrid = old?.monitor.interval === monitor.interval;
        const entry = this.#newEntry(monitor, sameGrid ? old.lastAt : now);
        this.#entries.set(monitor.id, entry);
        const due = (sameGrid && dues.get(old)) || this.#firstDue(monitor, now, monitors.length);
        if (old) this.#retire(old);
        this.#queue.push(entry, due);
      }
    }
    for (const old of before.values()) this.#retire(old);
  }

  #newEntry(monitor: MonitorConfig, lastAt: Instant): Entry {
    const probe = this.#hooks.prepare(monitor);
    return { monitor, probe, lastAt, runningSince: null, gone: false };
  }

  #firstDue(monitor: MonitorConfig, now: Instant, count: number): Instant {
    const memory = this.#recorder.memoryOf(monitor.id);
    const known = memory && memory.gapId === null && memory.detector.state !== 'unknown';
    return known ? nextOnGrid(monitor, now) : soon(monitor, now, count);
  }

  /** A check under way is finished, and counts if its monitor is still there. */
  #retire(entry: Entry): void {
    entry.gone = true;
    if (entry.runningSince === null) entry.probe.stop();
  }
}
