import { readEnvironment } from '@upheld/config/environment.ts';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { settingsFile } from './settings-file.ts';
import { loadFile } from './workspace.ts';

const folder = mkdtempSync(join(tmpdir(), 'upheld-settings-file-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const CONFIG = join(folder, 'upheld.yaml');
const text = (agreement = 'standard', url = 'https://shop.example/'): string =>
  `organisation: { name: Zorgsoftware }
pages: [{ id: main, title: Status }]
groups:
  - id: products
    name: Products
    components:
      - id: shop
        name: Shop
        agreements: [{ agreement: ${agreement} }]
        monitors: [{ id: web, kind: http, url: '${url}' }]
`;
writeFileSync(CONFIG, text());
writeFileSync(join(folder, 'private.yaml'), 'password: of-somebody-else\n');
const environment = readEnvironment(
  {
    UPHELD_CONFIG: CONFIG,
    UPHELD_DATA: folder,
    DATABASE_URL: 'postgres://upheld:of-the-database@db.example/upheld',
  },
  folder,
);
const loaded = loadFile(environment);
const file = settingsFile(
  environment,
  () => loaded,
  () => Promise.resolve([]),
);

describe('the file of settings', () => {
  it('tells where the data is, without a password', () => {
    assert.equal(file.data, 'postgres://db.example/upheld');
    assert.equal(file.path, CONFIG);
  });

  it('tells whether it was changed since, or cannot be read', () => {
    assert.equal(file.state(), 'in-force');
    writeFileSync(CONFIG, `${text()}# more\n`);
    assert.equal(file.state(), 'changed');
    rmSync(CONFIG);
    assert.equal(file.state(), 'unreadable');
    writeFileSync(CONFIG, text());
    assert.equal(file.state(), 'in-force');
  });

  it('judges addresses of a draft by its own list, and looks no name up', async () => {
    const there = await file.check(text('standard', 'http://10.0.0.8/'));
    assert.match(there.warnings[0]?.message ?? '', /10\.0\.0\.8 is not public/);
    const allowed = `${text('standard', 'http://10.0.0.8/')}probing: { allow: [10.0.0.8/32] }\n`;
    assert.deepEqual((await file.check(allowed)).warnings, []);
    const named = await file.check(text('standard', 'http://no-such-host.invalid/'));
    assert.deepEqual(named, {
      faults: [],
      warnings: [],
      unchecked: ['one host name: looked up when the settings are read'],
    });
  });

  it('opens no file that only a draft names, and so tells nothing of it', async () => {
    for (const path of [
      join(folder, 'private.yaml'),
      './private.yaml',
      '/dev/zero',
      '/etc/passwd',
    ]) {
      const checked = await file.check(text(`'${path}'`));
      assert.deepEqual(checked.faults, [], path);
      assert.match(checked.unchecked[0] ?? '', /is read when the settings are/);
      assert.doesNotMatch(JSON.stringify(checked), /of-somebody-else|root:/);
    }
    assert.match(
      JSON.stringify((await file.check(text('standrd'))).faults),
      /there is no agreement .*did you mean/,
    );
  });

  it('gives nothing of the environment away', async () => {
    const asked = `${text()}timezone: '\${DATABASE_URL}'\n`;
    assert.doesNotMatch(JSON.stringify(await file.check(asked)), /of-the-database/);
  });
});
