import { createToken } from '@upheld/services/token/tokens.ts';
import { testContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { commandLine } from '../../test/command-line.ts';

eachDatabase(
  'upheld audit list',
  (databases) => {
    it('tells who changed what, newest first', async () => {
      const ctx = testContext(await databases.open());
      const upheld = commandLine(ctx);
      assert.match((await upheld('audit', 'list')).out, /No change fits/);
      const ann = {
        name: 'Ann',
        via: 'console',
        address: '203.0.113.7',
        provenAt: ctx.clock.now(),
      } as const;
      const { id } = await createToken(ctx, ann, { name: 'robot', scopes: ['read'] });
      await upheld('token', 'revoke', 'robot');
      const lines = (await upheld('audit', 'list')).out.trim().split('\n');
      assert.match(lines[1] ?? '', new RegExp(`^2 .*cli +cli +\\S+@\\S+ +token.revoke +${id}$`));
      assert.match(lines[2] ?? '', /^1 +2026-11-21 10:00 \+01:00 +Ann +console +203\.0\.113\.7 /);
      const run = await upheld('audit', 'list', '--actor', 'Ann', '--subject', id, '--json');
      const { entries } = JSON.parse(run.out) as { entries: { seq: number; after: object }[] };
      assert.deepEqual(
        entries.map(({ seq }) => seq),
        [1],
      );
      assert.equal((await upheld('audit', 'list', '--limit', '0')).status, 2);
      const filtered = async (...filter: string[]) =>
        (await upheld('audit', 'export', ...filter)).out.trim().split('\n').slice(1);
      assert.equal((await filtered()).length, 2);
      assert.equal((await filtered('--action', 'token.revoke')).length, 1);
      assert.match((await filtered('--address', '203.0.113.7'))[0] ?? '', /^1,.*,Ann,console/);
      assert.equal((await filtered('--from', '2026-11-21', '--to', '2026-11-22')).length, 2);
      assert.equal((await filtered('--to', '2026-11-21')).length, 0);
    });
  },
  'sqlite',
);
