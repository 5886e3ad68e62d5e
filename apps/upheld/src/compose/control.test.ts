import { DomainError } from '@upheld/domain/errors.ts';
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { ReloadAnswer } from '@upheld/services/settings/file.ts';
import { announcePresence, askToReload, askToReloadFor, whoRuns, type Answers } from './control.ts';

const folders: string[] = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));
function folder(below = ''): string {
  const made = mkdtempSync(join(tmpdir(), 'upheld-control-'));
  folders.push(made);
  return join(made, below);
}

const APPLIED: ReloadAnswer = { ok: true, changes: [], warnings: [] };
const answers = (answer: ReloadAnswer): Answers => ({
  startedAt: 1_700_000_000_000,
  version: '0.1.0',
  reload: () => Promise.resolve(answer),
  reloadFor: (address) =>
    address.startsWith('nobody')
      ? Promise.reject(new Error('the database is away'))
      : Promise.resolve({
          applied: true,
          processes: [{ role: address, applied: true, message: null }],
          faults: [],
          changes: [],
          warnings: [],
        }),
});
const applied = answers(APPLIED);

describe('a running process', () => {
  it('is found by its folder, and answers with what the reload gave', async () => {
    const at = folder();
    const refusal: ReloadAnswer = { ok: false, message: 'a fault', faults: ['upheld.yaml:1: x'] };
    const web = await announcePresence(at, 'web', applied);
    const worker = await announcePresence(at, 'worker', answers(refusal));
    assert.deepEqual(await askToReload(at), [
      { role: 'web', answer: APPLIED },
      { role: 'worker', answer: refusal },
    ]);
    await Promise.all([web.leave(), worker.leave()]);
    assert.deepEqual(await askToReload(at), []);
  });

  it('sees to it that all of them reload, in the name of whoever asks', async () => {
    const at = folder();
    assert.equal(await askToReloadFor(at, 'jan@shell'), null);
    const presence = await announcePresence(at, 'worker', applied);
    const outcome = await askToReloadFor(at, 'jan@shell\nreload');
    assert.deepEqual(outcome?.processes, [
      { role: 'jan@shell reload', applied: true, message: null },
    ]);
    await assert.rejects(askToReloadFor(at, 'nobody'), /the database is away/);
    await presence.leave();
  });

  it('says who it is and since when, and nothing to what it does not know', async () => {
    const at = folder();
    assert.deepEqual(await whoRuns(at), []);
    const presence = await announcePresence(at, 'all', applied);
    const since = { at: 1_700_000_000_000, version: '0.1.0' };
    assert.deepEqual(await whoRuns(at), [{ role: 'all', pid: process.pid, since }]);
    const socket = connect(join(at, 'upheld-all.sock'));
    socket.on('error', () => undefined);
    socket.end('shut down\n');
    assert.equal(await text(socket).catch(() => ''), '');
    await presence.leave();
  });

  it('is told from one that is there and does not answer', async () => {
    const at = folder();
    const server = createServer({ allowHalfOpen: true }, (socket) =>
      socket.on('error', () => undefined),
    );
    server.listen(join(at, 'upheld-worker.sock'));
    await once(server, 'listening');
    server.on('connection', (socket) => setImmediate(() => socket.destroy()));
    assert.deepEqual(await whoRuns(at), [{ role: 'worker', pid: 0, since: null }]);
    server.close();
    await once(server, 'close');
  });

  it('writes its process id, and only its owner can talk to it', async () => {
    const at = folder();
    const presence = await announcePresence(at, 'all', applied);
    assert.equal(readFileSync(join(at, 'upheld-all.pid'), 'utf8'), `${process.pid}\n`);
    assert.equal(statSync(join(at, 'upheld-all.sock')).mode & 0o077, 0);
    await presence.leave();
    assert.ok(!existsSync(join(at, 'upheld-all.pid')));
  });

  it('is alone in its role on a folder', async () => {
    const at = folder();
    const presence = await announcePresence(at, 'all', applied);
    await assert.rejects(announcePresence(at, 'all', applied), (error: unknown) => {
      assert.ok(error instanceof DomainError);
      assert.match(error.message, new RegExp(`another Upheld \\(process ${process.pid}\\)`));
      return true;
    });
    await presence.leave();
  });

  it('takes over what a killed one left, also in a folder with a very long name', async () => {
    for (const at of [folder(), folder('long/'.repeat(30))]) {
      const first = await announcePresence(at, 'all', applied);
      await first.leave();
      writeFileSync(join(at, 'upheld-all.pid'), '1\n');
      const second = await announcePresence(at, 'all', applied);
      assert.equal((await askToReload(at)).length, 1);
      await second.leave();
    }
  });

  it('is not mistaken for a socket that nobody listens on', async () => {
    const at = folder();
    const path = join(at, 'upheld-all.sock');
    writeFileSync(path, '');
    assert.deepEqual(await askToReload(at), []);
    const presence = await announcePresence(at, 'all', applied);
    await presence.leave();
    const server = createServer().listen(path);
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    assert.deepEqual(await askToReload(at), []);
  });
});
