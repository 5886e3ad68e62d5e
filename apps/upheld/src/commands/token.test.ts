import { authenticate } from '@upheld/services/token/tokens.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { beforeEach, it } from 'node:test';
import { commandLine, type Run } from '../../test/command-line.ts';

eachDatabase(
  'upheld token',
  (databases) => {
    let ctx: TestContext;
    let upheld: (...args: string[]) => Promise<Run>;
    beforeEach(async () => {
      ctx = testContext(await databases.open());
      upheld = commandLine(ctx);
    });

    it('create gives a token that works, alone on standard output, and shows it once', async () => {
      const run = await upheld('token', 'create', 'deploy', '--scope', 'read');
      assert.equal(run.status, 0, run.err);
      assert.match(run.out, /^upheld_\S+\n$/);
      assert.match(run.err, /not shown again[^]*It ends at 2027-02-19 10:00/);
      assert.equal((await authenticate(ctx, run.out.trim()))?.name, 'deploy');
      const stored = JSON.stringify(await ctx.db.read.q.select().from(ctx.db.read.t.apiTokens));
      assert.ok(!stored.includes(run.out.trim().slice(7)));
      assert.ok(!(await upheld('token', 'list', '--json')).out.includes(run.out.trim()));
    });

    it('create takes scopes and an end, which list shows', async () => {
      const run = await upheld(
        ...['token', 'create', 'deploy', '--scope', 'incidents', '--scope', 'maintenance'],
        ...['--expires', '2027-01-01', '--json'],
      );
      const made = JSON.parse(run.out) as { token: string; scopes: string[]; expiresAt: string };
      assert.deepEqual(made.scopes, ['incidents', 'maintenance']);
      assert.equal(made.expiresAt, '2026-12-31T23:00:00.000Z');
      assert.deepEqual((await authenticate(ctx, made.token))?.permissions, made.scopes);
      assert.match((await upheld('token', 'list')).out, /incidents, maintenance +2027-01-01 00:00/);
      const wrong = await upheld('token', 'create', 'other', '--scope', 'root');
      assert.deepEqual([wrong.status, /write some of read, /.test(wrong.err)], [2, true]);
      assert.equal((await upheld('token', 'create', 'x')).status, 2);
      for (const expires of ['soon', '2026-11-21', '2028-01-01']) {
        const refused = ['token', 'create', 'x', '--scope', 'read', '--expires', expires];
        assert.equal((await upheld(...refused)).status, 2, expires);
      }
    });

    it('create names what each scope is for, and warns of a token without an end', async () => {
      const none = await upheld('token', 'create', 'deploy');
      assert.deepEqual([none.status, none.out], [2, '']);
      assert.match(none.err, /scopes.*name what it needs of read, incidents/);
      const help = (await upheld('token', 'create', '--help')).out;
      assert.match(help, /audit +read and verify the audit log/);
      const wish = ['token', 'create', 'deploy', '--scope', 'read', '--expires', 'never'];
      const endless = await upheld(...wish);
      assert.equal(endless.status, 0, endless.err);
      assert.match(endless.err, /It has no end: whoever gets hold of it/);
      assert.match((await upheld('token', 'list')).out, /deploy +read +never/);
    });

    it('revoke ends it, by name or by id', async () => {
      for (const by of ['name', 'id'] as const) {
        const made = JSON.parse(
          (await upheld('token', 'create', 'deploy', '--scope', 'read', '--json')).out,
        ) as {
          id: string;
          name: string;
          token: string;
        };
        const run = await upheld('token', 'revoke', made[by]);
        assert.equal(run.out, 'deploy is revoked.\n');
        assert.equal(await authenticate(ctx, made.token), null);
      }
      assert.match(
        (await upheld('token', 'list')).out,
        /deploy +read +2027-02-19 10:00 \+01:00 +2026-11-21 10:00 \+01:00 +never +2026/,
      );
    });

    it('refuses a name that is taken, and to revoke what is not in use', async () => {
      const wish = ['token', 'create', 'deploy', '--scope', 'read'];
      await upheld(...wish);
      const twice = await upheld(...wish);
      assert.deepEqual([twice.status, /exists/.test(twice.err)], [1, true]);
      assert.equal((await upheld('token', 'revoke', 'nobody')).status, 1);
      assert.equal((await upheld('token', 'create', '', '--scope', 'read')).status, 2);
    });

    it('shows examples in the help of every command', async () => {
      for (const verb of ['create', 'list', 'revoke'])
        assert.match(
          (await upheld('token', verb, '--help')).out,
          new RegExp(`Examples:\\n +\\$ upheld token ${verb}`),
        );
    });
  },
  'sqlite',
);
