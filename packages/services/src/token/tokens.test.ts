import type { Permission } from '@upheld/domain/access/permissions.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { browser, colleague, firstOwner } from '@upheld/testkit/accounts.ts';
import { testContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { accountDesk } from '../account/desk.ts';
import { blockUnused } from '../account/idle.ts';
import { daysFrom, MOST_DAYS, USUAL_DAYS } from './lifetime.ts';
import {
  authenticate,
  createToken,
  SCOPES_BEFORE_SCOPES,
  listTokens,
  revokeToken,
} from './tokens.ts';

const cli = { name: 'cli' };
const refusal = (code: string) => (error: unknown) =>
  error instanceof DomainError && error.code === code;

eachDatabase('API tokens', (databases) => {
  it('speak for their name until they are revoked', async () => {
    const ctx = testContext(await databases.open());
    const made = await createToken(ctx, cli, {
      name: 'deploy robot',
      scopes: [...SCOPES_BEFORE_SCOPES],
    });
    assert.deepEqual(await authenticate(ctx, made.token), {
      id: made.id,
      name: 'deploy robot',
      via: 'api',
      permissions: ['read', 'incidents', 'maintenance', 'subscribers'],
    });
    await revokeToken(ctx, cli, { name: 'deploy robot' });
    assert.equal(await authenticate(ctx, made.token), null);
    await assert.rejects(revokeToken(ctx, cli, { id: made.id }), refusal('not-found'));
  });

  it('are nowhere stored in a form that could be used', async () => {
    const ctx = testContext(await databases.open());
    const { token } = await createToken(ctx, cli, { name: 'robot', scopes: ['read'] });
    const rows = await ctx.db.read.q.select().from(ctx.db.read.t.apiTokens);
    assert.ok(!JSON.stringify(rows).includes(token.slice('upheld_'.length)));
    assert.ok(!JSON.stringify(await listTokens(ctx)).includes(rows[0]!.hash));
    assert.equal(await authenticate(ctx, rows[0]!.hash), null);
    assert.equal(await authenticate(ctx, `upheld_${rows[0]!.hash}`), null);
  });

  it('are not taken for another one, nor when they are malformed', async () => {
    const ctx = testContext(await databases.open());
    const { token } = await createToken(ctx, cli, { name: 'robot', scopes: ['read'] });
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
    const { token } = await createToken(ctx, cli, { name: 'robot', scopes: ['read'] });
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
    await createToken(ctx, cli, { name: 'robot', scopes: ['read'] });
    await assert.rejects(
      createToken(ctx, cli, { name: 'robot', scopes: ['read'] }),
      refusal('conflict'),
    );
    await revokeToken(ctx, cli, { name: 'robot' });
    await ctx.clock.advance(1000);
    const again = await createToken(ctx, cli, { name: ' robot ', scopes: ['read'] });
    const listed = await listTokens(ctx);
    assert.deepEqual(
      listed.map(({ id, revokedAt }) => [id === again.id, revokedAt === null]),
      [
        [true, true],
        [false, false],
      ],
    );
    for (const name of ['detector', 'CLI', '', 'a\nb', 'x'.repeat(61)])
      await assert.rejects(
        createToken(ctx, cli, { name, scopes: ['read'] }),
        refusal('invalid-input'),
      );
  });
  it('carry the scopes that they were made with, each once, and no others', async () => {
    const ctx = testContext(await databases.open());
    const scopes = ['maintenance', 'incidents', 'maintenance'] as const;
    const { token } = await createToken(ctx, cli, { name: 'robot', scopes });
    assert.deepEqual((await authenticate(ctx, token))?.permissions, ['incidents', 'maintenance']);
    for (const wrong of [[], ['everything'], ['incidents', 'root']])
      await assert.rejects(
        createToken(ctx, cli, { name: 'other', scopes: wrong as Permission[] }),
        refusal('invalid-input'),
      );
  });

  it('that are older than scopes may do what they always could', async () => {
    const ctx = testContext(await databases.open());
    const { token } = await createToken(ctx, cli, { name: 'robot', scopes: ['audit'] });
    await ctx.db.transact(({ q, t }) => q.update(t.apiTokens).set({ scopes: null }).returning());
    assert.deepEqual((await authenticate(ctx, token))?.permissions, SCOPES_BEFORE_SCOPES);
  });

  it('give nobody more than who made them has', async () => {
    const ctx = testContext(await databases.open());
    const clerk = { name: 'clerk', permissions: ['accounts', 'read'] as const };
    const make = (scopes: readonly Permission[]) =>
      createToken(ctx, clerk, { name: 'robot', scopes });
    await assert.rejects(make(['read', 'settings']), refusal('forbidden'));
    await make(['read']);
  });

  it('do no more than the person who made them may do now, and nothing once that person is blocked', async () => {
    const ctx = testContext(await databases.open());
    const desk = accountDesk(ctx);
    const { person: olga } = await firstOwner(ctx, desk);
    const { person: eva } = await colleague(ctx, desk, {
      invitedBy: olga,
      role: 'owner',
      name: 'Eva Eigenaar',
      from: browser('192.0.2.20'),
    });
    const scopes = ['read', 'tickets', 'accounts'] as const;
    const { token } = await createToken(ctx, eva, { name: 'robot', scopes });
    const robot = await authenticate(ctx, token);
    assert.ok(robot);
    const { token: second } = await createToken(ctx, robot, { name: 'second robot', scopes });
    const may = (given: string) => authenticate(ctx, given).then((it) => it?.permissions ?? null);
    for (const given of [token, second]) assert.deepEqual(await may(given), scopes);

    await desk.changeRole(olga, { id: eva.id, role: 'engineer' });
    for (const given of [token, second]) assert.deepEqual(await may(given), ['read', 'tickets']);

    await desk.block(olga, { id: eva.id });
    for (const given of [token, second]) assert.equal(await may(given), null);
    await desk.unblock(olga, { id: eva.id });
    assert.deepEqual(await may(second), ['read', 'tickets']);
  });

  it('go on while the account that made them only lies unused', async () => {
    const ctx = testContext(await databases.open());
    const desk = accountDesk(ctx);
    const { person: olga } = await firstOwner(ctx, desk);
    const { person: eva } = await colleague(ctx, desk, {
      invitedBy: olga,
      role: 'engineer',
      name: 'Eva Engineer',
      from: browser('192.0.2.20'),
    });
    const wish = { name: 'robot', scopes: ['read'], expiresAt: null } as const;
    const { token } = await createToken(ctx, eva, wish);
    await ctx.clock.advance((ctx.config().console.blockAfterDays + 1) * 86_400_000);
    const blocked = await blockUnused(ctx);
    assert.ok(blocked.some(({ id }) => id === eva.id));
    assert.deepEqual((await authenticate(ctx, token))?.permissions, ['read']);
  });

  it('have an end of ninety days unless their maker says another, of at most a year, or none', async () => {
    const ctx = testContext(await databases.open());
    const now = ctx.clock.now();
    const make = async (name: string, expiresAt?: number | null) =>
      (await createToken(ctx, cli, { name, scopes: ['read'], expiresAt })).expiresAt;
    assert.equal(await make('usual'), daysFrom(now, USUAL_DAYS));
    assert.equal(await make('endless', null), null);
    assert.equal(await make('year', daysFrom(now, MOST_DAYS)), daysFrom(now, MOST_DAYS));
    for (const days of [0, -1, MOST_DAYS + 1])
      await assert.rejects(make('wrong', daysFrom(now, days)), refusal('invalid-input'));
    for (const scopes of [undefined, null, []])
      await assert.rejects(
        createToken(ctx, cli, { name: 'wrong', scopes: scopes as unknown as Permission[] }),
        (error: unknown) =>
          error instanceof DomainError && error.faults.some(({ path }) => path === 'scopes'),
      );
  });

  it('end by themselves at the moment they were given', async () => {
    const ctx = testContext(await databases.open());
    const expiresAt = ctx.clock.now() + 60_000;
    const { token } = await createToken(ctx, cli, { name: 'robot', scopes: ['read'], expiresAt });
    await ctx.clock.advance(59_999);
    assert.ok(await authenticate(ctx, token));
    await ctx.clock.advance(1);
    assert.equal(await authenticate(ctx, token), null);
    // The name is free again, and the old one can still be closed.
    const again = await createToken(ctx, cli, { name: 'robot', scopes: ['read'] });
    assert.equal((await revokeToken(ctx, cli, { name: 'robot' })).id, again.id);
    await assert.rejects(
      createToken(ctx, cli, { name: 'late', scopes: ['read'], expiresAt: ctx.clock.now() }),
      refusal('invalid-input'),
    );
  });

  it('stand in the audit log when they are made and when they end, without the secret', async () => {
    const ctx = testContext(await databases.open());
    const { id, token } = await createToken(ctx, cli, { name: 'robot', scopes: ['read'] });
    await revokeToken(ctx, { name: 'Ann', via: 'console', address: '203.0.113.7' }, { id });
    const rows = await ctx.db.read.q.select().from(ctx.db.read.t.auditLog);
    assert.deepEqual(
      rows.map(({ seq, actor, via, address, action, subject }) =>
        [seq, actor, via, address, action, subject].join(' '),
      ),
      [`1 cli product  token.create ${id}`, `2 Ann console 203.0.113.7 token.revoke ${id}`],
    );
    assert.ok(!JSON.stringify(rows).includes(token.slice(7)));
  });
});
