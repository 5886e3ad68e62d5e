import { parseConfig } from '@upheld/config/load.ts';
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { freePort } from '@upheld/testkit/postgres-server.ts';
import { serveUpheld, upheld, type RunningUpheld } from './support/upheld-process.ts';

describe('the first start, in an empty folder', () => {
  let folder: string;
  let env: Record<string, string>;
  let running: RunningUpheld;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'upheld-first-'));
    env = { PORT: String(await freePort()) };
    running = await serveUpheld(env, folder);
  });
  after(async () => {
    await running.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('writes a configuration that is right, with its schema beside it', () => {
    const text = readFileSync(join(folder, 'upheld.yaml'), 'utf8');
    const loaded = parseConfig(text, env);
    assert.ok(loaded.ok, JSON.stringify(loaded));
    assert.match(text, /^# yaml-language-server: \$schema=\.\/upheld\.schema\.json/);
    assert.ok(existsSync(join(folder, 'upheld.schema.json')));
    assert.ok(existsSync(join(folder, 'data', 'upheld.db')));
    assert.match(running.output, /wrote upheld\.yaml/);
  });

  it('serves a page that says in one sentence what to do next', async () => {
    const response = await fetch(running.url, { headers: { 'accept-language': 'en' } });
    assert.equal(response.status, 200);
    assert.match(await response.text(), /upheld\.yaml/);
  });

  it('watches its own health', async () => {
    const health = await fetch(`${running.url}/healthz`);
    assert.equal(health.status, 200);
    await eventually(async () => {
      const summary = await fetch(`${running.url}/api/v2/summary.json`);
      const { components } = (await summary.json()) as {
        components: { name: string; status: string; group: boolean }[];
      };
      return components.some(({ status, group }) => !group && status === 'operational');
    });
  });

  it('gives a link to the first account, which opens its page', async () => {
    const link = await setupLinkOf(running);
    const page = await fetch(link, { headers: { 'accept-language': 'en' } });
    assert.equal(page.status, 200);
    assert.match(await page.text(), /<form[^>]* method="post"/i);
    const command = await upheld(['account', 'setup-link'], env, folder);
    assert.equal(command.code, 0, command.stderr);
    assert.notEqual(command.stdout.trim(), link);
  });

  it('finds nothing wrong with itself', async () => {
    const { code, stdout } = await upheld(['doctor', '--json'], env, folder);
    const report = JSON.parse(stdout) as { healthy: boolean };
    assert.ok(report.healthy, stdout);
    assert.equal(code, 0);
  });

  it('refuses a second process on the same data in one line', async () => {
    const second = await upheld(['serve'], { PORT: String(await freePort()) }, folder);
    assert.equal(second.code, 1);
    assert.match(
      second.stderr,
      /^upheld: another Upheld \(process \d+\) already works on this data.*\n$/,
    );
  });

  it('refuses a port that is taken in one line', async () => {
    const elsewhere = { ...env, UPHELD_DATA: join(folder, 'other') };
    const second = await upheld(['serve'], elsewhere, folder);
    assert.equal(second.code, 1);
    assert.match(second.stderr, /^upheld: port \d+ is in use;.*\n$/);
  });

  it('stops in order, and starts again on the same files', async () => {
    const written = readFileSync(join(folder, 'upheld.yaml'), 'utf8');
    assert.equal(await running.stop(), 0);
    assert.ok(!existsSync(join(folder, 'data', 'upheld-all.pid')));
    running = await serveUpheld(env, folder);
    assert.equal((await fetch(running.url)).status, 200);
    assert.equal(readFileSync(join(folder, 'upheld.yaml'), 'utf8'), written);
    assert.doesNotMatch(running.output, /wrote upheld\.yaml/);
    assert.match(await setupLinkOf(running), /token=/);
  });

  it('starts again after it was killed', async () => {
    await running.kill();
    running = await serveUpheld(env, folder);
    assert.equal((await fetch(running.url)).status, 200);
  });
});

/** Asks again as fast as the answers come, until one is right; the runner's time limit is the end. */
async function eventually(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

async function setupLinkOf(running: RunningUpheld): Promise<string> {
  const found = (): string | undefined =>
    /http:\S+\/console\/setup\?token=[\w-]{43}/.exec(running.output)?.[0];
  await eventually(() => Promise.resolve(found() !== undefined));
  return found() ?? '';
}
