import {
  createPostgresDatabase,
  freePort,
  startPostgres,
  type PostgresServer,
} from '@upheld/testkit/postgres-server.ts';
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startProduct, type ProductServer } from './support/product-server.ts';
import { serveUpheld, upheld, type RunningUpheld } from './support/upheld-process.ts';

function configuration(product: string, name = 'FysioOne'): string {
  const url = product;
  const monitor = { id: 'web', kind: 'http', url, interval: '5s', timeout: '2s' };
  return JSON.stringify({
    organisation: { name: 'Zorgsoftware' },
    pages: [{ id: 'main', title: 'Status' }],
    groups: [
      {
        id: 'products',
        name: 'Products',
        components: [{ id: 'fysioone', name, monitors: [monitor] }],
      },
    ],
    probing: { allow: ['127.0.0.1/32'] },
  });
}

async function component(url: string): Promise<{ name: string; status: string } | undefined> {
  const answer = await fetch(`${url}/api/v2/components.json`);
  const { components } = (await answer.json()) as {
    components: { name: string; status: string; group: boolean }[];
  };
  return components.find((one) => !one.group);
}

/** Asks again until it holds: other processes have to come round first. */
async function eventually(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

describe('the page and the checks in processes of their own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'upheld-roles-'));
  let product: ProductServer;
  let env: Record<string, string>;
  let web: RunningUpheld;
  let worker: RunningUpheld;
  before(async () => {
    product = await startProduct();
    writeFileSync(join(folder, 'upheld.yaml'), configuration(product.url));
    env = { PORT: String(await freePort()) };
    web = await serveUpheld(env, folder, ['--role', 'web']);
    worker = await serveUpheld(env, folder, ['--role', 'worker'], /measuring/);
  });
  after(async () => {
    await Promise.all([web.stop(), worker.stop()]);
    await product.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('show on the one what the other measured', async () => {
    await eventually(async () => (await component(web.url))?.status === 'operational');
    product.break();
    await eventually(async () => (await component(web.url))?.status === 'major_outage');
    product.repair();
    await eventually(async () => (await component(web.url))?.status === 'operational');
  });

  it('are both reached by upheld reload', async () => {
    writeFileSync(join(folder, 'upheld.yaml'), configuration(product.url, 'FysioTwo'));
    const { code, stdout } = await upheld(['reload', '--json'], env, folder);
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout), {
      applied: true,
      processes: [
        { role: 'web', applied: true, message: null },
        { role: 'worker', applied: true, message: null },
      ],
      faults: [],
      changes: [
        {
          path: 'groups.products.components.fysioone.name',
          before: 'FysioOne',
          after: 'FysioTwo',
        },
      ],
      warnings: [],
    });
    assert.equal((await component(web.url))?.name, 'FysioTwo');
  });

  it('say what a new configuration probably does not mean, and who had it read', async () => {
    const wrong = configuration('http://10.0.0.8:81/', 'FysioThree');
    writeFileSync(join(folder, 'upheld.yaml'), wrong);
    const taken = await upheld(['reload'], env, folder);
    assert.equal(taken.code, 0, taken.stderr);
    assert.match(
      taken.stdout,
      /monitors\.web\.url: http:\/\/127\.0\.0\.1\S* -> http:\/\/10\.0\.0\.8:81/,
    );
    assert.match(taken.stdout, /! monitor web goes to 10\.0\.0\.8, and a check may not/);
    assert.match(taken.stdout, /-> if checks may reach it, add "10\.0\.0\.8\/32:81"/);
    const shown = await upheld(['settings', 'show'], env, folder);
    assert.match(shown.stdout, /monitors\.web\.url +http:\/\/10\.0\.0\.8:81\/? +file/);
    const audit = await upheld(['audit', 'list', '--json'], env, folder);
    assert.match(audit.stdout, /"settings\.reload"/);
    await eventually(async () =>
      /10\.0\.0\.8 is not public/.test((await upheld(['incident', 'now'], env, folder)).stdout),
    );
    writeFileSync(join(folder, 'upheld.yaml'), '[');
    const refused = await upheld(['reload'], env, folder);
    assert.equal(refused.code, 2);
    assert.match(
      refused.stderr,
      /^upheld: the configuration has a fault; the old one stays in force\n {2}/,
    );
    writeFileSync(join(folder, 'upheld.yaml'), configuration(product.url, 'FysioTwo'));
    assert.equal((await upheld(['reload'], env, folder)).code, 0);
  });

  it('are found by the doctor, each by itself', async () => {
    const { stdout } = await upheld(['doctor'], env, folder);
    assert.match(stdout, /process \d+ \(web\) runs since /);
    assert.match(stdout, /process \d+ \(worker\) runs since /);
  });

  it('allow no second one of either', async () => {
    const other = { PORT: String(await freePort()) };
    for (const role of ['worker', 'web', 'all']) {
      const second = await upheld(['serve', '--role', role], other, folder);
      assert.equal(second.code, 1, role);
      assert.match(second.stderr, /^upheld: another Upheld .*\n$/, role);
    }
  });
});

describe('on PostgreSQL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'upheld-postgres-'));
  let server: PostgresServer;
  let product: ProductServer;
  let env: Record<string, string>;
  let running: RunningUpheld;
  before(async () => {
    server = await startPostgres();
    product = await startProduct();
    writeFileSync(join(folder, 'upheld.yaml'), configuration(product.url));
    const url = await createPostgresDatabase(server.url);
    env = { PORT: String(await freePort()), DATABASE_URL: url };
    running = await serveUpheld(env, folder);
  });
  after(async () => {
    await running.stop();
    await product.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('everything works the same, and no file is made for data', async () => {
    await eventually(async () => (await component(running.url))?.status === 'operational');
    const doctor = await upheld(['doctor'], env, folder);
    assert.equal(doctor.code, 0, doctor.stdout);
    assert.match(doctor.stdout, /PostgreSQL \d+.* opens, is up to date/);
    assert.match(doctor.stdout, /clock differs \d+\.\d s from the database server's/);
  });

  it('a second process that measures is refused, also with a data folder of its own', async () => {
    const other = { ...env, PORT: String(await freePort()), UPHELD_DATA: join(folder, 'other') };
    const second = await upheld(['serve'], other, folder);
    assert.equal(second.code, 1);
    assert.match(second.stderr, /^upheld: another Upheld already works on this data.*\n$/);
  });

  it('the server may restart: the process takes its right again and goes on measuring', async () => {
    await server.restart();
    await running.printed(/forgotten this process/);
    product.break();
    await eventually(async () => {
      const answer = await fetch(`${running.url}/api/v2/components.json`);
      await answer.text();
      return answer.ok;
    });
    await eventually(async () => (await component(running.url))?.status === 'major_outage');
    const other = { ...env, PORT: String(await freePort()), UPHELD_DATA: join(folder, 'other') };
    assert.equal((await upheld(['serve'], other, folder)).code, 1);
  });
});
