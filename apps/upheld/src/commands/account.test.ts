import { accountDesk } from '@upheld/services/account/desk.ts';
import { browser, firstOwner, granted, PASSWORD, tokenIn } from '@upheld/testkit/accounts.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { beforeEach, it } from 'node:test';
import { commandLine, type Run } from '../../test/command-line.ts';

eachDatabase(
  'upheld account',
  (databases) => {
    let ctx: TestContext;
    let upheld: (...args: string[]) => Promise<Run>;
    beforeEach(async () => {
      ctx = testContext(await databases.open());
      upheld = commandLine(ctx);
    });

    it('setup-link gives the way to the first account, and none to a second', async () => {
      assert.match((await upheld('account', 'list')).out, /setup-link/);
      const run = await upheld('account', 'setup-link');
      assert.match(run.out, /^http:\/\/status\.example\.test\/console\/setup\?token=\S+\n$/);
      const desk = accountDesk(ctx);
      const about = { name: 'Olga', email: 'olga@example.test', password: PASSWORD };
      const token = tokenIn(run.out.trim());
      granted(await desk.setUp({ ...browser().visit(), ...about, token }));
      const again = await upheld('account', 'setup-link');
      assert.deepEqual([again.status, /account invite/.test(again.err)], [1, true]);
    });

    it('invite prints a link for one address, which list shows until it is used', async () => {
      const desk = accountDesk(ctx);
      await firstOwner(ctx, desk);
      const run = await upheld('account', 'invite', 'Eva@Example.test', '--role', 'engineer');
      assert.equal(run.status, 0, run.err);
      assert.match(run.err, /for eva@example\.test alone/);
      assert.match(
        (await upheld('account', 'list')).out,
        /eva@example\.test +engineer +invited until 2026-11-28 10:00/,
      );
      const token = tokenIn(run.out.trim());
      const claim = { ...browser().visit(), token, name: 'Eva', password: PASSWORD };
      granted(await desk.acceptInvitation(claim));
      const listed = JSON.parse((await upheld('account', 'list', '--json')).out) as {
        people: { email: string; role: string; hasSecondFactor: boolean }[];
        invitations: unknown[];
      };
      assert.deepEqual(
        listed.people.map(({ email, role, hasSecondFactor }) => [email, role, hasSecondFactor]),
        [
          ['eva@example.test', 'engineer', false],
          ['olga@zorgsoftware.example', 'owner', true],
        ],
      );
      assert.deepEqual(listed.invitations, []);
      assert.equal((await upheld('account', 'invite', 'x@example.test')).status, 2);
      assert.equal((await upheld('account', 'invite', 'x', '--role', 'viewer')).status, 2);
    });

    it('withdraw-invitation ends the link of an address that was invited', async () => {
      const desk = accountDesk(ctx);
      await firstOwner(ctx, desk);
      const invited = await upheld('account', 'invite', 'eva@example.test', '--role', 'engineer');
      const run = await upheld('account', 'withdraw-invitation', 'Eva@example.test');
      assert.deepEqual([run.status, /eva@example\.test is withdrawn/.test(run.out)], [0, true]);
      const claim = { ...browser().visit(), name: 'Eva', password: PASSWORD };
      const token = tokenIn(invited.out.trim());
      const refused = { ok: false, reason: 'link-invalid' };
      assert.deepEqual(await desk.acceptInvitation({ ...claim, token }), refused);
      const again = await upheld('account', 'withdraw-invitation', 'eva@example.test');
      assert.deepEqual([again.status, /no open invitation of "eva/.test(again.err)], [1, true]);
    });

    it('role, block, unblock and reset-second-factor do what they say, in the name of the command', async () => {
      const desk = accountDesk(ctx);
      const owner = await firstOwner(ctx, desk);
      const last = await upheld('account', 'block', owner.email);
      assert.deepEqual([last.status, /last owner/.test(last.err)], [1, true]);
      const invited = await upheld('account', 'invite', 'eva@example.test', '--role', 'viewer');
      const token = tokenIn(invited.out.trim());
      const claim = { ...browser().visit(), token, name: 'Eva', password: PASSWORD };
      granted(await desk.acceptInvitation(claim));
      const eva = 'eva@example.test';
      assert.equal((await upheld('account', 'role', eva, 'owner')).out, 'Eva is owner now.\n');
      assert.equal((await upheld('account', 'role', eva, 'king')).status, 2);
      assert.equal((await upheld('account', 'block', eva)).out, 'Eva is blocked.\n');
      assert.match((await upheld('account', 'list')).out, /eva@example\.test .* blocked/);
      assert.equal((await upheld('account', 'unblock', eva)).out, 'Eva can sign in.\n');
      const link = await upheld('account', 'reset-password', eva);
      assert.match(link.out, /^http:\S+\/console\/invitation\?token=\S+\n$/);
      const reset = await upheld('account', 'reset-second-factor', owner.person.id);
      assert.match(reset.out, /Olga Owner makes a new second factor/);
      assert.equal((await desk.personOf(owner.browser.visit())).person, null);
      const nobody = await upheld('account', 'block', 'nobody@example.test');
      assert.deepEqual([nobody.status, /account list/.test(nobody.err)], [1, true]);
      const { q, t } = ctx.db.read;
      const rows = await q.select().from(t.auditLog).orderBy(t.auditLog.seq);
      assert.deepEqual(
        rows.filter(({ via }) => via === 'cli').map(({ actor, action }) => `${actor} ${action}`),
        [
          'cli account.invite',
          'cli account.role',
          'cli account.block',
          'cli account.unblock',
          'cli account.password-link',
          'cli account.reset-second-factor',
        ],
      );
    });
  },
  'sqlite',
);
