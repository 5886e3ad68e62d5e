import { addSubscriber } from '@upheld/services/subscriber/subscribers.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { commandLine, type Run } from '../../test/command-line.ts';

eachDatabase(
  'upheld outbox',
  (databases) => {
    let ctx: TestContext;
    let upheld: (...args: string[]) => Promise<Run>;
    before(async () => {
      ctx = testContext(await databases.open());
      upheld = commandLine(ctx);
    });

    it('lists what was given up, and tries it again', async () => {
      assert.equal((await upheld('outbox', 'list')).out, 'There is no message yet.\n');
      await addSubscriber(ctx, { name: 'x' }, { channel: 'email', address: 'jan@example.com' });
      assert.equal((await upheld('outbox', 'list', '--dead')).out, 'Nothing was given up.\n');
      await ctx.db.transact(({ q, t }) =>
        q
          .update(t.outbox)
          .set({ state: 'dead', reason: 'refused: 550 \u001b[31mno', settledAt: 1 }),
      );
      const { out } = await upheld('outbox', 'list', '--dead');
      assert.match(
        out,
        /email +jan@example\.com +Bevestiging van een aanmelding +dead +refused: 550 \[31mno\n/,
      );
      const listed = JSON.parse((await upheld('outbox', 'list', '--json')).out) as {
        messages: { id: string }[];
      };
      const id = listed.messages[0]?.id ?? '';
      const run = await upheld('outbox', 'retry', id);
      assert.deepEqual(
        [run.status, run.out],
        [0, 'The message to jan@example.com is tried again.\n'],
      );
      const again = await upheld('outbox', 'retry', id);
      assert.deepEqual([again.status, /it is pending/.test(again.err)], [1, true]);
      assert.equal((await upheld('outbox', 'retry', 'none')).status, 1);
    });

    it('shows examples in the help of every command', async () => {
      for (const verb of ['list', 'retry'])
        assert.match(
          (await upheld('outbox', verb, '--help')).out,
          new RegExp(`Examples:\\n +\\$ upheld outbox ${verb}`),
        );
    });
  },
  'sqlite',
);
