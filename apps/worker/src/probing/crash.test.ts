import { openDatabase } from '@upheld/db/open.ts';
import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('./crash-child.case.ts', import.meta.url));

/** A product that a test breaks and repairs, and that tells how often it was asked. */
async function product(t: TestContext) {
  const state = { status: 200, url: '', asked: 0 };
  let wake: (() => void) | undefined;
  const server = createServer((_, response) => {
    response.writeHead(state.status).end();
    state.asked += 1;
    wake?.();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    state,
    /** Resolves after it was asked so many times more. */
    async askedAgain(times: number): Promise<void> {
      const until = state.asked + times;
      while (state.asked < until) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}

/** Starts lives of the measuring process, one after the other. */
function lives(t: TestContext, args: { file: string; urls: readonly string[] }) {
  let life = 0;
  let child: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    if (!child) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    child = undefined;
  };
  t.after(kill);
  return {
    kill,
    async start(): Promise<void> {
      life += 1;
      child = fork(CHILD, [args.file, String(life), ...args.urls]);
      const [said] = (await once(child, 'message')) as [string];
      assert.equal(said, 'started');
    },
    /** Resolves when something was stored. */
    async recorded(): Promise<void> {
      assert.ok(child);
      await once(child, 'message');
    },
  };
}

test(
  'killed again and again in the middle of everything, nothing is lost, doubled or invented',
  { timeout: 180_000 },
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'upheld-crash-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'upheld.db');
    const steady = await product(t);
    const shaky = await product(t);
    const process = lives(t, { file, urls: [steady.state.url, shaky.state.url] });

    await process.start();
    await shaky.askedAgain(3);
    await process.recorded();
    const broken = Date.now();
    shaky.state.status = 503;
    // Killed after 0, 1, 2 … failing checks: before, while and after the outage is confirmed and stored.
    for (let checks = 0; checks < 5; checks += 1) {
      await shaky.askedAgain(checks);
      await process.kill();
      await process.start();
    }
    await shaky.askedAgain(6);
    const repaired = Date.now();
    shaky.state.status = 200;
    for (let checks = 0; checks < 3; checks += 1) {
      await shaky.askedAgain(checks);
      await process.kill();
      await process.start();
    }
    await shaky.askedAgain(6);
    await process.kill();

    const db = await openDatabase({ kind: 'sqlite', file });
    t.after(() => db.close());
    const { q, t: tables } = db.read;
    const outages = await q.select().from(tables.outages).orderBy(tables.outages.startedAt);
    const incidents = await q.select().from(tables.incidents);
    const transitions = await q.select().from(tables.transitions).orderBy(tables.transitions.id);
    assert.equal(outages.length, 1);
    const [outage] = outages;
    assert.equal(outage?.monitorId, 'shaky-web');
    assert.ok(outage.startedAt >= broken, 'not before it broke');
    assert.ok(outage.endedAt !== null && outage.endedAt >= repaired, 'not before it was repaired');
    assert.equal(incidents.length, 1);
    assert.equal(incidents[0]?.status, 'resolved');
    const shakes = transitions.filter((transition) => transition.monitorId === 'shaky-web');
    assert.deepEqual(
      shakes.map(({ fromState, toState }) => `${fromState}-${toState}`),
      ['unknown-up', 'up-down', 'down-up'],
    );
    const gaps = await q.select().from(tables.gaps);
    for (const gap of gaps.filter((one) => one.endedAt !== null))
      assert.ok((gap.endedAt ?? 0) >= gap.startedAt);
    assert.ok(gaps.some((gap) => gap.reason === 'not-running'));
  },
);
