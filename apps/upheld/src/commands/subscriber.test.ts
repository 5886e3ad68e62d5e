import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { beforeEach, it } from 'node:test';
import { commandLine, type Run } from '../../test/command-line.ts';

eachDatabase(
  'upheld subscriber',
  (databases) => {
    let ctx: TestContext;
    let upheld: (...args: string[]) => Promise<Run>;
    beforeEach(async () => {
      ctx = testContext(await databases.open());
      upheld = commandLine(ctx);
    });

    it('add asks the address to confirm, and list shows that it has not yet', async () => {
      const added = await upheld(
        'subscriber',
        'add',
        '--email',
        'Jan@example.com',
        '--language',
        'en',
      );
      assert.deepEqual(
        [added.status, added.out],
        [0, 'Jan@example.com is asked to confirm.\n'],
        added.err,
      );
      const sms = await upheld(
        'subscriber',
        'add',
        '--sms',
        '06 12345678',
        '--component',
        'fysioone',
      );
      assert.equal(sms.status, 0, sms.err);
      const { out } = await upheld('subscriber', 'list');
      assert.match(out, /email +Jan@example\.com +en +not yet +24h +all\n/);
      assert.match(out, /sms +\+31612345678 +nl +not yet +1h +fysioone\n/);
      const waiting = await ctx.db.read.q.select().from(ctx.db.read.t.outbox);
      assert.equal(waiting.length, 2);
    });

    it('reminders chooses when somebody is reminded of maintenance', async () => {
      const added = await upheld(
        'subscriber',
        'add',
        '--email',
        'r@example.com',
        '--remind',
        '24h',
      );
      assert.equal(added.status, 0, added.err);
      const choose = (...moments: string[]) =>
        upheld('subscriber', 'reminders', 'r@example.com', ...moments);
      assert.equal((await choose('end', '1h')).out, 'r@example.com is reminded: 1h, end.\n');
      assert.equal((await choose('none')).out, 'r@example.com is reminded: not at all.\n');
      assert.equal((await choose('default')).out, 'r@example.com is reminded: 24h.\n');
      assert.equal((await choose('none', '24h')).status, 2);
      assert.equal((await choose('tomorrow')).status, 2);
      assert.equal((await upheld('subscriber', 'remove', 'r@example.com')).status, 0);
    });

    it('remove ends it by address, number or id', async () => {
      const add = async (...target: string[]): Promise<string> =>
        (JSON.parse((await upheld('subscriber', 'add', ...target, '--json')).out) as { id: string })
          .id;
      const id = await add('--email', 'a@example.com');
      await add('--email', 'b@example.com');
      await add('--sms', '+31612345678');
      for (const who of [id, 'B@example.com', '+31612345678']) {
        const run = await upheld('subscriber', 'remove', who);
        assert.deepEqual(
          [run.status, run.out],
          [0, `${who} hears of nothing any more.\n`],
          run.err,
        );
      }
      assert.equal((await upheld('subscriber', 'list')).out, 'Nobody has subscribed.\n');
      assert.equal((await upheld('subscriber', 'remove', id)).status, 1);
    });

    it('refuses with status 2 what cannot be', async () => {
      const both = await upheld('subscriber', 'add', '--email', 'a@example.com', '--sms', '06 1');
      assert.deepEqual([both.status, /either --email or --sms/.test(both.err)], [2, true]);
      assert.equal((await upheld('subscriber', 'add')).status, 2);
      const wrong = await upheld('subscriber', 'add', '--email', 'jan');
      assert.deepEqual([wrong.status, /write one such as/.test(wrong.err)], [2, true]);
      const fixed = await upheld('subscriber', 'add', '--sms', '020 1234567');
      assert.deepEqual([fixed.status, /no mobile number/.test(fixed.err)], [2, true]);
    });

    it('shows examples in the help of every command', async () => {
      for (const verb of ['add', 'list', 'reminders', 'remove'])
        assert.match(
          (await upheld('subscriber', verb, '--help')).out,
          new RegExp(`Examples:\\n +\\$ upheld subscriber ${verb}`),
        );
    });
  },
  'sqlite',
);
