import { loadAgreementBook } from '@upheld/config/agreements.ts';
import { parseConfig } from '@upheld/config/load.ts';
import { freePort } from '@upheld/testkit/postgres-server.ts';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startProduct, type ProductServer } from './support/product-server.ts';
import { serveUpheld, upheld, type RunningUpheld } from './support/upheld-process.ts';

describe('the configuration in the README', () => {
  it('is a right one', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
    const variables = {
      SMTP_PASSWORD: 'secret',
      TWILIO_SID: `AC${'0'.repeat(32)}`,
      TWILIO_TOKEN: 'secret',
    };
    const loaded = parseConfig(yaml, variables, loadAgreementBook());
    assert.ok(loaded.ok, JSON.stringify(loaded));
  });
});

describe('a changed configuration', () => {
  let folder: string;
  let file: string;
  let env: Record<string, string>;
  let product: ProductServer;
  let running: RunningUpheld;

  const components = (...names: string[]): string =>
    JSON.stringify({
      organisation: { name: 'Zorgsoftware' },
      pages: [{ id: 'main', title: 'Status' }],
      groups: [
        {
          id: 'products',
          name: 'Products',
          components: names.map((name) => ({
            id: name.toLowerCase(),
            name,
            monitors: [
              {
                id: `${name.toLowerCase()}-web`,
                kind: 'http',
                url: `${product.url}${name}`,
                interval: '5s',
                timeout: '2s',
              },
            ],
          })),
        },
      ],
      probing: { allow: ['127.0.0.1/32'] },
    });
  const shown = async (): Promise<string[]> => {
    const summary = await fetch(`${running.url}/api/v2/components.json`);
    const { components: list } = (await summary.json()) as {
      components: { name: string; group: boolean }[];
    };
    return list.filter((component) => !component.group).map((component) => component.name);
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'upheld-reload-'));
    file = join(folder, 'upheld.yaml');
    env = { PORT: String(await freePort()) };
    product = await startProduct();
    writeFileSync(file, components('One'));
    running = await serveUpheld(env, folder);
  });
  after(async () => {
    await running.stop();
    await product.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('is applied by upheld reload', async () => {
    assert.deepEqual(await shown(), ['One']);
    writeFileSync(file, components('One', 'Two'));
    const reload = await upheld(['reload'], env, folder);
    assert.deepEqual(
      [reload.code, reload.stdout.trimEnd().split('\n')],
      [
        0,
        ['  groups.products.components.two: not there -> added', 'The configuration is applied.'],
      ],
    );
    assert.deepEqual(await shown(), ['One', 'Two']);
    const page = await fetch(running.url);
    assert.match(await page.text(), /Two/);
  });

  it('changes nothing when there is a fault in it, and every fault is named', async () => {
    writeFileSync(file, components('One').replace('"5s"', '"1s"').replace('"kind"', '"knid"'));
    const reload = await upheld(['reload'], env, folder);
    assert.equal(reload.code, 2);
    assert.match(reload.stderr, /the old one stays in force/);
    assert.match(reload.stderr, /upheld\.yaml:1: .*kind/);
    assert.deepEqual(await shown(), ['One', 'Two']);
  });

  it('is applied by SIGHUP', async () => {
    writeFileSync(file, components('One', 'Two', 'Three'));
    const before = running.output.length;
    running.signal('SIGHUP');
    await running.printed(/configuration is applied[\s\S]*configuration is applied/);
    assert.ok(running.output.length > before);
    assert.deepEqual(await shown(), ['One', 'Two', 'Three']);
  });

  it('goes on being measured: every component is asked about after the reload', async () => {
    await product.asked(6);
  });

  it('that is wrong at the start ends it with every fault and status 2', async () => {
    writeFileSync(join(folder, 'wrong.yaml'), 'organisation: {}\npages: []\n');
    const started = await upheld(
      ['serve'],
      {
        PORT: String(await freePort()),
        UPHELD_CONFIG: 'wrong.yaml',
        UPHELD_DATA: join(folder, 'other'),
      },
      folder,
    );
    assert.equal(started.code, 2);
    assert.deepEqual(
      started.stderr.split('\n').map((line) => line.trim()),
      [
        'upheld: the configuration has 3 faults',
        'wrong.yaml:1: organisation.name is missing; write a text',
        'wrong.yaml:1: groups is missing; write a list',
        'wrong.yaml:2: pages must have at least 1 entry',
        '',
      ],
    );
  });

  it('and reload says so when nothing runs', async () => {
    const reload = await upheld(['reload'], { UPHELD_DATA: join(folder, 'none') }, folder);
    assert.equal(reload.code, 1);
    assert.match(reload.stderr, /^upheld: no Upheld runs on .*\n$/);
  });
});
