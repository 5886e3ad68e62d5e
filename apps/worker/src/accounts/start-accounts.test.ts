import { accountDesk } from '@upheld/services/account/desk.ts';
import { browser, colleague, firstOwner } from '@upheld/testkit/accounts.ts';
import { testContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { startAccounts } from './start-accounts.ts';

const HOUR = 3_600_000;

eachDatabase(
  'the hourly look at accounts',
  (databases) => {
    it('blocks who lay unused, and forgets sessions, challenges and tries that ran out', async () => {
      const ctx = testContext(await databases.open());
      const desk = accountDesk(ctx);
      const owner = await firstOwner(ctx, desk);
      await colleague(ctx, desk, { invitedBy: owner.person, role: 'viewer', name: 'Vera Viewer' });
      await desk.passkeySignInOptions(browser().visit());
      await desk.signIn({ ...browser().visit(), email: 'x@example.test', password: 'wrong' });
      await ctx.clock.advance(90 * 24 * HOUR - HOUR / 2);
      const loop = startAccounts(ctx);
      const { q, t } = ctx.db.read;
      const left = async () => [
        (await q.select().from(t.sessions)).length,
        (await q.select().from(t.challenges)).length,
        (await q.select().from(t.tries)).length,
        (await desk.listPeople()).people.filter(({ blockedAt }) => blockedAt !== null).length,
      ];
      const becomes = async (wanted: number[]) => {
        for (let turn = 0; turn < 500; turn += 1) {
          if (JSON.stringify(await left()) === JSON.stringify(wanted)) return;
          await new Promise((resolve) => setImmediate(resolve));
        }
        assert.deepEqual(await left(), wanted);
      };
      await becomes([0, 0, 0, 0]);
      while (ctx.clock.sleepers === 0) await new Promise((resolve) => setImmediate(resolve));
      await ctx.clock.advance(HOUR);
      await becomes([0, 0, 0, 1]);
      await loop.stop();
    });
  },
  'sqlite',
);
