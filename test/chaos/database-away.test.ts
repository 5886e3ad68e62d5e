import {
  createPostgresDatabase,
  freePort,
  startPostgres,
  type PostgresServer,
} from '@upheld/testkit/postgres-server.ts';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startProduct, type ProductServer } from '../support/product-server.ts';
import { serveUpheld, type RunningUpheld } from '../support/upheld-process.ts';

/* Somebody unplugs the database while a product breaks: nothing is lost, and the page is still there. */

const data = mkdtempSync(join(tmpdir(), 'upheld-unplugged-'));
let postgres: PostgresServer;
let product: ProductServer;
let running: RunningUpheld;
let brokenAt: number;

const status = async (path: string): Promise<number> => (await fetch(running.url + path)).status;

before(async () => {
  postgres = await startPostgres();
  product = await startProduct();
  const port = await freePort();
  const config = join(data, 'upheld.yaml');
  writeFileSync(config, configuration(product.url));
  running = await serveUpheld({
    PORT: String(port),
    UPHELD_DATA: data,
    UPHELD_CONFIG: config,
    DATABASE_URL: await createPostgresDatabase(postgres.url),
  });
  await running.printed(/web is up/);
  await product.asked();
});

after(async () => {
  await running.stop();
  await product.close();
  await postgres.stop();
  rmSync(data, { recursive: true, force: true });
});

test('while the database is away the page is served, and readiness says what is wrong', async () => {
  assert.equal(await status('/?lang=en'), 200);
  await postgres.kill();
  const page = await fetch(`${running.url}/?lang=en`);
  assert.equal(page.status, 200);
  assert.match(await page.text(), /Shop/);
  assert.equal(await status('/healthz'), 200);
  assert.equal(await status('/readyz'), 503);
});

test('checks go on meanwhile, and an outage that began then is stored with its own time', async () => {
  brokenAt = Date.now();
  product.break();
  await product.asked(4);
  const confirmedAt = Date.now();
  await postgres.restart();
  await running.printed(/the database takes results again/);
  const incidents = await openIncidents();
  assert.equal(incidents.length, 1);
  const startedAt = Date.parse(incidents[0]?.started_at ?? '');
  assert.ok(
    startedAt >= brokenAt - 1000 && startedAt < confirmedAt,
    new Date(startedAt).toISOString(),
  );
});

async function openIncidents(): Promise<{ started_at: string }[]> {
  const answer = await fetch(`${running.url}/api/v2/incidents/unresolved.json`);
  return ((await answer.json()) as { incidents: { started_at: string }[] }).incidents;
}

function configuration(url: string): string {
  return JSON.stringify({
    organisation: { name: 'Unplugged' },
    pages: [{ id: 'main', title: 'Unplugged' }],
    groups: [
      {
        id: 'all',
        name: 'All',
        components: [
          {
            id: 'shop',
            name: 'Shop',
            monitors: [
              { id: 'web', kind: 'http', url, interval: '5s', retryInterval: '1s', timeout: '2s' },
            ],
          },
        ],
      },
    ],
    probing: { allow: ['127.0.0.0/8'] },
  });
}
