import { createPostgresDatabase, startPostgres } from '@upheld/testkit/postgres-server.ts';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import pg from 'pg';
import { holdMeasuring } from './hold.ts';
import type { DatabaseAddress } from './open.ts';

const cleanUp: (() => Promise<void>)[] = [];
after(async () => {
  for (const step of cleanUp.reverse()) await step();
});

const unexpected = (): never => {
  throw new Error('the right was lost');
};

const HOLDER = `
  import { holdMeasuring } from ${JSON.stringify(new URL('./hold.ts', import.meta.url).href)};
  const hold = await holdMeasuring(JSON.parse(process.argv[1]), () => {});
  process.stdout.write(hold ? 'held' : 'refused');
  setInterval(() => {}, 1000);
`;

function suite(name: string, address: () => Promise<DatabaseAddress>): void {
  describe(`the right to measure on ${name}`, () => {
    it('belongs to one process, and is free again once it is released', async () => {
      const at = await address();
      const first = await holdMeasuring(at, unexpected);
      assert.ok(first);
      assert.equal(await holdMeasuring(at, unexpected), null);
      await first.release();
      const second = await holdMeasuring(at, unexpected);
      assert.ok(second);
      await second.release();
    });

    it('is free again after its process was killed', async () => {
      const at = await address();
      const child = spawn(process.execPath, [
        '--input-type=module-typescript',
        '-e',
        HOLDER,
        JSON.stringify(at),
      ]);
      const [said] = (await once(child.stdout, 'data')) as [Buffer];
      assert.equal(said.toString(), 'held');
      assert.equal(await holdMeasuring(at, unexpected), null);
      child.kill('SIGKILL');
      await once(child, 'exit');
      const hold = await takeWhenFree(at);
      await hold.release();
    });
  });
}

/** A server notices a killed client a moment later than we do. */
async function takeWhenFree(at: DatabaseAddress) {
  for (;;) {
    const hold = await holdMeasuring(at, unexpected);
    if (hold) return hold;
  }
}

suite('sqlite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'upheld-hold-'));
  cleanUp.push(() => rm(folder, { recursive: true, force: true }));
  return Promise.resolve({ kind: 'sqlite', file: join(folder, 'upheld.db') });
});

let server: Promise<string> | undefined;
async function serverUrl(): Promise<string> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined && given !== '') return given;
  const started = await startPostgres();
  cleanUp.push(() => started.stop());
  return started.url;
}
async function postgresAddress(): Promise<DatabaseAddress> {
  server ??= serverUrl();
  return { kind: 'postgres', url: await createPostgresDatabase(await server) };
}
suite('postgres', postgresAddress);

describe('the right to measure on a server', () => {
  it('is reported lost when the server ends the connection', async () => {
    const at = await postgresAddress();
    assert.ok(at.kind === 'postgres');
    const { promise: lost, resolve } = Promise.withResolvers<undefined>();
    const hold = await holdMeasuring(at, () => resolve(undefined));
    assert.ok(hold);
    const client = new pg.Client(at.url);
    await client.connect();
    await client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'upheld measuring' and datname = current_database()",
    );
    await lost;
    await client.end();
  });
});
