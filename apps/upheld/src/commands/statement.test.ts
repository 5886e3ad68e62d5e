import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runStatement, type StatementArgs } from './statement.ts';

const cwd = mkdtempSync(join(tmpdir(), 'upheld-statement-'));
after(() => rmSync(cwd, { recursive: true }));

const FACTS = {
  agreement: 'standard',
  component: 'shop',
  period: { kind: 'calendar-month', month: '2026-06' },
  outages: [
    {
      id: 'O',
      from: '2026-06-10T10:00:00+02:00',
      to: '2026-06-10T11:30:00+02:00',
      severity: 'outage',
    },
  ],
};

async function run(args: StatementArgs, stdin = '') {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runStatement(args, {
    cwd,
    stdin: () => Promise.resolve(stdin),
    out: (text) => out.push(text),
    err: (text) => err.push(text),
  });
  return { code, out, err };
}

suite('upheld statement', () => {
  test('reads standard input', async () => {
    const { code, out } = await run({ files: ['-'] }, JSON.stringify(FACTS));
    assert.equal(code, 0);
    const statement = JSON.parse(out.join('')) as { availability: { verdict: string }[] };
    assert.equal(statement.availability[0]?.verdict, 'missed');
  });

  test('takes an agreement file from the folder of the facts', async () => {
    const folder = join(cwd, 'facts');
    mkdirSync(folder);
    const shipped = new URL('../../../../agreements/standard.yaml', import.meta.url);
    copyFileSync(fileURLToPath(shipped), join(folder, 'ours.yaml'));
    const facts = { ...FACTS, agreement: './ours.yaml' };
    writeFileSync(join(folder, 'facts.json'), JSON.stringify(facts));
    const { code, out, err } = await run({ files: ['facts/facts.json'] });
    assert.deepEqual([code, err], [0, []]);
    assert.match(out.join(''), /^\{"agreement":"\.\/ours\.yaml","component":"shop"/);
  });

  test('takes the agreement beside the facts before the one of that id that is shipped', async () => {
    const folder = join(cwd, 'downloaded');
    mkdirSync(folder);
    const shipped = new URL('../../../../agreements/standard.yaml', import.meta.url);
    const stricter = readFileSync(shipped, 'utf8').replaceAll("norm: '99.9'", "norm: '99.99'");
    writeFileSync(join(folder, 'standard.yaml'), stricter);
    writeFileSync(join(folder, 'web-shop.yaml'), stricter);
    for (const agreement of ['standard', 'web-shop']) {
      writeFileSync(join(folder, 'facts.json'), JSON.stringify({ ...FACTS, agreement }));
      const { code, out, err } = await run({ files: ['downloaded/facts.json'] });
      assert.deepEqual([code, err], [0, []]);
      const statement = JSON.parse(out.join('')) as { availability: { norm: string }[] };
      assert.equal(statement.availability[0]?.norm, '99.99', agreement);
    }
    const { out } = await run({ files: ['-'] }, JSON.stringify(FACTS));
    assert.match(out.join(''), /"norm":"99\.9"/);
  });

  test('names every fault in a line of its own and prints nothing else', async () => {
    const facts = {
      ...FACTS,
      component: '',
      outages: [{ ...FACTS.outages[0], to: 'later', x: 1 }],
    };
    const { code, out, err } = await run({ files: ['-'] }, JSON.stringify(facts));
    assert.deepEqual([code, out], [2, []]);
    assert.deepEqual(
      err.map((line) => line.split(' ').slice(0, 2).join(' ')),
      ['-: component', '-: outages[0].x', '-: outages[0].to'],
    );
  });

  test('says of a file that is not there that it does not exist', async () => {
    const { code, err } = await run({ files: ['none.json'] });
    assert.deepEqual([code, err], [2, ['none.json: (file) does not exist']]);
  });

  test('explains interval by interval with --explain', async () => {
    const { out } = await run({ files: ['-'], explain: true }, JSON.stringify(FACTS));
    const text = out.join('');
    assert.match(
      text,
      /T08:00:00Z to 2026-06-10T09:30:00Z {2}1 h 30 min {2}down: outage O, outage, internal \(1\)/,
    );
    assert.match(text, /\(2592000 - 5400\) \/ \(2592000\) = 99\.791666 %/);
    assert.match(text, /norm 99\.9 %: missed; 46 min 48 s more than may be down/);
  });
});
