import { DomainError } from '@upheld/domain/errors.ts';
import { testContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { authenticate, createToken, listTokens, revokeToken } from './tokens.ts';

const cli = { name: 'cli' };
const refusal = (code: string) => (error: unknown) =>
  error instanceof DomainError && error.code === code;

eachDatabase('API tokens', (databases) => {
  it('speak for their name until they are revoked', async () => {
    const ctx = testContext(await databases.open());
    const made = await createToken(ctx, cli, { name: 'deploy robot' });
    assert.deepEqual(await authenticate(ctx, made.token), { name: 'deploy robot' });
    await revokeToken(ctx, cli, { name: 'deploy robot' });
    assert.equal(await authenticate(ctx, made.token), null);
    await assert.rejects(revokeToken(ctx, cli, { id: made.id }), refusal('not-found'));
  });

  it('are nowhere stored in a form that could be used', async () => {
    const ctx = testContext(await databases.open());
    const { token } = await createToken(ctx, cli, { name: 'robot' });
    const rows = await ctx.db.read.q.select().from(ctx.db.read.t.apiTokens);
    assert.ok(!JSON.stringify(rows).includes(token.slice('upheld_'.length)));
    assert.ok(!JSON.stringify(await listTokens(ctx)).includes(rows[0]!.hash));
    assert.equal(await authenticate(ctx, rows[0]!.hash), null);
    assert.equal(await authenticate(ctx, `upheld_${rows[0]!.hash}`), null);
  });

  it('are not taken for another one, nor when they are malformed', async () => {
    const ctx = testContext(await databases.open());
    const { token } = await createToken(ctx, cli, { name: 'robot' });
    const wrong = [
      '',
      'upheld_',
      token.slice(0, -1),
      `${token}x`,
      token.toUpperCase(),
      `${token}\n`,
      token.replace('upheld_', ''),
      'x'.repeat(100_000),
    ];
    for (const other of wrong) assert.equal(await authenticate(ctx, other), null);
  });

  it('note their use at most once a minute', async () => {
    const ctx = testContext(await databases.open());
    const { token } = await createToken(ctx, cli, { name: 'robot' });
    const lastUse = async () => (await listTokens(ctx))[0]?.lastUsedAt;
    assert.equal(await lastUse(), null);
    const first = ctx.clock.now();
    await authenticate(ctx, token);
    await ctx.clock.advance(59_999);
    await authenticate(ctx, token);
    assert.equal(await lastUse(), first);
    await ctx.clock.advance(1);
    await authenticate(ctx, token);
    assert.equal(await lastUse(), first + 60_000);
  });

  it('have names of their own while they are in use, never one of the product itself', async () => {
    const ctx = testContext(await databases.open());
    await createToken(ctx, cli, { name: 'robot' });
    await assert.rejects(createToken(ctx, cli, { name: 'robot' }), refusal('conflict'));
    await revokeToken(ctx, cli, { name: 'robot' });
    await ctx.clock.advance(1000);
    const again = await createToken(ctx, cli, { name: ' robot ' });
    const listed = await listTokens(ctx);
    assert.deepEqual(
      listed.map(({ id, revokedAt }) => [id === again.id, revokedAt === null]),
      [
        [true, true],
        [false, false],
      ],
    );
    for (const name of ['detector', 'CLI', '', 'a\nb', 'x'.repeat(61)])
      await assert.rejects(createToken(ctx, cli, { name }), refusal('invalid-input'));
  });
});
