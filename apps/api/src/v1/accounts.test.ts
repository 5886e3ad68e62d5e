import { accountDesk } from '@upheld/services/account/desk.ts';
import { browser, firstOwner, granted, PASSWORD, tokenIn } from '@upheld/testkit/accounts.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { harness, problemIn } from '../../test/harness.ts';

interface Account {
  id: string;
  email: string;
  role: string;
  blockedBecause: string | null;
  hasSecondFactor: boolean;
}

eachDatabase(
  'accounts over the API',
  (databases) => {
    it('are invited, listed, changed, blocked and let in again as in the console', async () => {
      const h = await harness(await databases.open());
      const desk = accountDesk(h.ctx);
      const owner = await firstOwner(h.ctx, desk);
      const invited = await h.as('POST', '/api/v1/accounts/invitations', {
        email: 'eva@example.test',
        role: 'viewer',
      });
      assert.equal(invited.status, 201);
      const { link, mailed } = invited.json as { link: string; mailed: boolean };
      assert.equal(mailed, true);
      granted(
        await desk.acceptInvitation({
          ...browser().visit(),
          token: tokenIn(link),
          name: 'Eva',
          password: PASSWORD,
        }),
      );
      const list = async () =>
        ((await h.as('GET', '/api/v1/accounts')).json as { accounts: Account[] }).accounts;
      const [eva] = await list();
      assert.deepEqual(
        [eva?.email, eva?.role, eva?.hasSecondFactor],
        ['eva@example.test', 'viewer', false],
      );
      const change = async (verb: string, body?: object) =>
        (await h.as('POST', `/api/v1/accounts/${eva?.id ?? ''}/${verb}`, body)).json as Account;
      assert.equal((await change('role', { role: 'manager' })).role, 'manager');
      assert.equal((await change('block')).blockedBecause, 'by-hand');
      assert.equal((await change('unblock')).blockedBecause, null);
      assert.equal((await change('reset-second-factor')).hasSecondFactor, false);
      const renewed = await h.as('POST', `/api/v1/accounts/${eva?.id ?? ''}/reset-password`);
      assert.match((renewed.json as { link: string }).link, /\/console\/invitation\?token=/);
      const last = problemIn(await h.as('POST', `/api/v1/accounts/${owner.person.id}/block`));
      assert.deepEqual([last.status, /last owner/.test(last.detail)], [409, true]);
      const nobody = problemIn(await h.as('POST', '/api/v1/accounts/nobody/block'));
      assert.equal(nobody.status, 404);
    });

    it('are never invited twice by one key, and the link is nowhere kept', async () => {
      const h = await harness(await databases.open());
      const wish = { email: 'eva@example.test', role: 'owner' };
      const ask = () =>
        h.ask('POST', '/api/v1/accounts/invitations', {
          token: h.token,
          body: wish,
          headers: { 'idempotency-key': 'k1' },
        });
      const first = await ask();
      const { id, link } = first.json as { id: string; link: string };
      assert.equal((await ask()).status, 409);
      const { q, t } = h.ctx.db.read;
      const kept = JSON.stringify(await q.select().from(t.idempotency));
      assert.ok(!kept.includes(tokenIn(link)));
      assert.equal((await h.as('DELETE', `/api/v1/accounts/invitations/${id}`)).status, 200);
      assert.equal((await h.as('DELETE', `/api/v1/accounts/invitations/${id}`)).status, 404);
      const wrong = problemIn(
        await h.as('POST', '/api/v1/accounts/invitations', { email: 'no', role: 'viewer' }),
      );
      assert.equal(wrong.status, 422);
    });
  },
  'sqlite',
);
