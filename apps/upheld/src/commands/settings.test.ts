import { eq } from '@upheld/db/query.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { after, beforeEach, describe, it } from 'node:test';
import { commandLine, type Run } from '../../test/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'upheld-settings-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const DRAFT = `organisation: { name: Zorgsoftware }
pages: [{ id: main, title: Status }]
groups:
  - id: products
    name: Products
    components:
      - id: shop
        name: Shop
        monitors:
          - { id: web, kind: http, url: 'http://10.0.0.8:8080/' }
`;

eachDatabase('upheld settings test-message', (databases) => {
  let ctx: TestContext;
  let upheld: (...args: string[]) => Promise<Run>;
  beforeEach(async () => {
    ctx = testContext(await databases.open());
    upheld = commandLine(ctx);
  });
  const test = (...more: string[]) =>
    upheld('settings', 'test-message', 'email', 'jan@example.com', ...more);
  const settle = (state: 'sent' | 'dead', reason: string | null) =>
    ctx.db.transact(({ q, t }) =>
      q
        .update(t.outbox)
        .set({ state, reason, settledAt: ctx.clock.now() })
        .where(eq(t.outbox.state, 'pending'))
        .returning(),
    );

  it('sends one, and with --no-wait says that a running product will', async () => {
    const run = await test('--no-wait', '--language', 'en');
    assert.equal(run.status, 0, run.err);
    assert.match(run.out, /^It waits to be sent; a running product sends it/);
    const json = await test('--no-wait', '--json');
    assert.equal((JSON.parse(json.out) as { kind: string }).kind, 'test');
  });

  it('waits until it is known what became of it', async () => {
    for (const [state, reason, status, said] of [
      ['sent', null, 0, /^It is sent: the other side took the message to jan@example\.com/],
      [
        'dead',
        'not-authorised: 535\u001b[2J no',
        1,
        /^It is given up: not-authorised: 535 \[2J no/,
      ],
    ] as const) {
      const waiting = test();
      while (ctx.clock.sleepers === 0) await setImmediate();
      await settle(state, reason);
      await ctx.clock.advance(500);
      const run = await waiting;
      assert.deepEqual([run.status, said.test(run.out)], [status, true], run.out + run.err);
    }
  });

  it('refuses what is no address', async () => {
    const run = await upheld('settings', 'test-message', 'sms', 'jan@example.com');
    assert.deepEqual([run.status, /is no address/.test(run.err)], [2, true]);
  });
});

describe('upheld settings check', () => {
  const upheld = commandLine({ clock: { now: () => 0 } } as TestContext);
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };

  it('takes what is right, and says what it probably does not mean', async () => {
    const run = await upheld('settings', 'check', write('right.yaml', DRAFT));
    assert.equal(run.status, 0, run.err);
    assert.match(run.out, /! monitor web goes to 10\.0\.0\.8, and a check may not/);
    assert.match(
      run.out,
      /-> if checks may reach it, add "10\.0\.0\.8\/32:8080" to probing\.allow/,
    );
    assert.match(run.out, /It would be taken\.\n$/);
  });

  it('names every fault with its line, and ends with 2', async () => {
    const file = write('wrong.yaml', DRAFT.replace('kind:', 'knd:').replace('Status', '3'));
    const run = await upheld('settings', 'check', file);
    assert.equal(run.status, 2);
    assert.match(run.out, /wrong\.yaml:10: .*knd is no known key; did you mean "kind"\?/);
    assert.match(run.out, /2 faults\.\n$/);
    const json = await upheld('settings', 'check', file, '--json');
    const { usable } = JSON.parse(json.out) as { usable: boolean };
    assert.deepEqual([json.status, usable], [2, false]);
  });
});

eachDatabase('upheld incident now', (databases) => {
  it('says what is not measured and how to mend it', async () => {
    const ctx = testContext(await databases.open());
    const upheld = commandLine(ctx);
    const run = await upheld('incident', 'now');
    assert.equal(run.status, 0, run.err);
    assert.match(
      run.out,
      /^Nothing is seen failing\.\nNot measured now:\n {2}everything: .* ever\n/,
    );
    assert.match(run.out, /-> start it with npx upheld serve/);
    const json = await upheld('incident', 'now', '--json');
    assert.deepEqual((JSON.parse(json.out) as { down: unknown[] }).down, []);
  });
});
