/*
 * What a check costs: CPU of the whole path (schedule, request, decision, storing in SQLite) beside a bare
 * undici loop that makes the same requests, each on a new connection, in turns so that both meet the same
 * machine. Then what an hour of a thousand monitors that are well writes, by a clock that is turned by hand.
 */
import { loadAgreementBook } from '@upheld/config/agreements.ts';
import { configSchema, type Config } from '@upheld/config/schema.ts';
import { openDatabase } from '@upheld/db/open.ts';
import type { Clock } from '@upheld/domain/ports.ts';
import { resumeMeasuring, stopMeasuring } from '@upheld/services/check/resume.ts';
import { fixedShelf } from '@upheld/services/agreement/shelf.ts';
import type { Context } from '@upheld/services/context.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { prepareProbe, probeEnvironment } from '@upheld/probes/registry.ts';
import { startProbing } from '@upheld/worker/probing/start-probing.ts';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Agent, request } from 'undici';
import { systemClock, systemIds } from '../apps/upheld/src/compose/system.ts';
import { quantile, report } from './support.ts';

/** Of the comparison, and of the hour. */
const MONITORS = { busy: 200, hour: 1000 } as const;
const ROUNDS = Number(process.argv[2] ?? 5);
/** So many requests are under way at once, in the product as in the bare loop. */
const AT_ONCE = 20;
/** Far shorter than a configuration may say: there is always a check due, as the bare loop never waits. */
const INTERVAL_MS = 100;
/** The first check of each monitor is a transition: the price of a start, not of watching. */
const SETTLING_MS = 5000;
/** Long enough for a beat, which is every ten seconds. */
const ROUND_MS = 11_000;
const SIMULATED_MS = 3_600_000;

const silent = { info: () => undefined, warn: () => undefined, error: console.error };
const folder = mkdtempSync(join(tmpdir(), 'upheld-bench-'));
const server = fork(fileURLToPath(new URL('./support/plain-server.ts', import.meta.url)));
try {
  const [port] = (await once(server, 'message')) as [number];
  await compareCpu(port);
  await simulateHour();
} finally {
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}

async function compareCpu(port: number): Promise<void> {
  const samples: Record<'product' | 'bare', number[]> = { product: [], bare: [] };
  // The first round warms both up and is not counted.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const product = await productCpu(port, round);
    const bare = await bareCpu(port, product.checks);
    if (round === 0) continue;
    samples.product.push(product.cpuMs / product.checks);
    samples.bare.push(bare / product.checks);
  }
  report(
    `CPU a check, ${AT_ONCE} at once, stored`,
    quantile(samples.product, 0.5),
    quantile(samples.bare, 0.5),
    'ms',
    'ratio <= 1.50',
  );
}

async function productCpu(port: number, round: number): Promise<{ cpuMs: number; checks: number }> {
  const db = await openDatabase({ kind: 'sqlite', file: join(folder, `cpu-${round}.db`) });
  const config = configOf(MONITORS.busy, port, `${INTERVAL_MS}ms`);
  const ctx = context(db, systemClock(), config);
  await resumeMeasuring(ctx, 'bench');
  const environment = probeEnvironment(config.probing.allow);
  let checks = 0;
  const probing = startProbing(ctx, {
    workerId: 'bench',
    prepare(monitor) {
      const probe = prepareProbe(monitor, environment);
      return {
        check() {
          checks += 1;
          return probe.check();
        },
        stop: () => probe.stop(),
      };
    },
  });
  await ctx.clock.sleep(SETTLING_MS);
  checks = 0;
  const before = process.cpuUsage();
  await ctx.clock.sleep(ROUND_MS);
  await probing.stop();
  const cpuMs = cpuSince(before);
  environment.stop();
  await stopMeasuring(ctx, 'bench');
  const { q, t } = db.read;
  const rows = await q.select().from(t.checkRollups);
  const gaps = await q.select({ id: t.gaps.id }).from(t.gaps);
  await db.close();
  if (gaps.length > 0)
    console.log(`round ${round}: too busy a machine, ${gaps.length} checks late`);
  const notOk = rows.reduce((sum, row) => sum + row.failed + row.inconclusive, 0);
  if (notOk > 0) throw new Error(`${notOk} checks were not good`);
  return { cpuMs, checks };
}

async function bareCpu(port: number, checks: number): Promise<number> {
  const dispatcher = new Agent({ allowH2: false });
  const before = process.cpuUsage();
  let left = checks;
  const ask = async (): Promise<void> => {
    while (left-- > 0) {
      const { statusCode, body } = await request(`http://127.0.0.1:${port}/`, {
        dispatcher,
        reset: true,
      });
      await body.dump();
      if (statusCode !== 200) throw new Error(`the server answered ${statusCode}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  const cpuMs = cpuSince(before);
  await dispatcher.close();
  return cpuMs;
}

/** An hour in which nothing happens: what is written then is the price of watching. */
async function simulateHour(): Promise<void> {
  const clock = controlledClock();
  const db = await openDatabase({ kind: 'sqlite', file: join(folder, 'hour.db') });
  const ctx = context(db, clock, configOf(MONITORS.hour, 1, '60s'));
  await resumeMeasuring(ctx, 'bench');
  let checks = 0;
  const probing = startProbing(ctx, {
    workerId: 'bench',
    prepare: () => ({
      check() {
        checks += 1;
        return Promise.resolve({ kind: 'ok', evidence: { status: 200, latencyMs: 40 } });
      },
      stop: () => undefined,
    }),
  });
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 1000) {
      await clock.advance(1000);
      await probing.idle();
    }
  };
  // The first check of each monitor is a transition, and not what is measured here.
  await pass(60_000);
  checks = 0;
  const [written, cpu] = [bytesWritten(), process.cpuUsage()];
  await pass(SIMULATED_MS);
  const perCheck = (bytesWritten() - written) / checks;
  report('bytes written a good check, every 60 s', perCheck, 500, 'B', 'ratio <= 1.00');
  console.log(
    `of the CPU a check, schedule and storing at that pace take ${(cpuSince(cpu) / checks).toFixed(4)} ms`,
  );
  await probing.stop();
  await db.close();
}

/** What this process handed to the system to write; the WAL and the pages that it is copied to. */
function bytesWritten(): number {
  const [, written] = /^wchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8')) ?? [];
  if (written === undefined) throw new Error('/proc/self/io does not tell what was written');
  return Number(written);
}

function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function context(db: Context['db'], clock: Clock, config: Config): Context {
  const book = loadAgreementBook();
  return {
    db,
    clock,
    ids: systemIds(clock),
    log: silent,
    config: () => config,
    agreements: () => book,
    shelf: fixedShelf(book),
  };
}

function configOf(monitors: number, port: number, interval: string): Config {
  return configSchema.parse({
    organisation: { name: 'Bench' },
    pages: [{ id: 'main', title: 'Bench' }],
    groups: [
      {
        id: 'all',
        name: 'All',
        components: Array.from({ length: monitors }, (_, n) => ({
          id: `c${n}`,
          name: `Component ${n}`,
          monitors: [
            {
              id: `m${n}`,
              kind: 'http' as const,
              url: `http://127.0.0.1:${port}/`,
              interval,
              timeout: '10s',
            },
          ],
        })),
      },
    ],
    probing: { allow: ['127.0.0.0/8'], concurrency: AT_ONCE },
  });
}
