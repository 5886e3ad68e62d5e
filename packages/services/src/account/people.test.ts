import { DomainError } from '@upheld/domain/errors.ts';
import {
  browser,
  colleague,
  firstOwner,
  granted,
  PASSWORD,
  tokenIn,
} from '@upheld/testkit/accounts.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext } from '@upheld/testkit/context.ts';
import { eachDatabase, type TestDatabases } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { accountDesk, type Answer } from './desk.ts';
import { keepAccounts } from './housekeeping.ts';

const DAY = 86_400_000;
const STEP = 30_000;
const CLI = { name: 'cli', via: 'cli' } as const;
const reasonOf = (answer: Answer): string => (answer.ok ? 'ok' : answer.reason);
const conflict = (error: unknown) => error instanceof DomainError && error.code === 'conflict';

async function house(databases: TestDatabases) {
  const ctx = testContext(await databases.open());
  const desk = accountDesk(ctx);
  const owner = await firstOwner(ctx, desk);
  const eva = await colleague(ctx, desk, {
    invitedBy: owner.person,
    role: 'engineer',
    name: 'Eva Engineer',
    from: browser('192.0.2.20'),
  });
  return { ctx, desk, owner, eva };
}

eachDatabase('a forgotten password', (databases) => {
  it('is replaced by a link, once, with the second factor still asked for', async () => {
    const { ctx, desk, owner, eva } = await house(databases);
    const actor = { name: owner.person.name, id: owner.person.id };
    const first = await desk.resetPassword(actor, { id: eva.person.id });
    const { link } = await desk.resetPassword(actor, { id: eva.person.id });
    assert.equal((await desk.personOf(eva.browser.visit())).person, null);
    assert.deepEqual((await desk.listPeople()).invitations, []);
    const at = browser('192.0.2.50');
    const next = 'zeven zwanen op de gracht';
    const use = (token: string, password = next) =>
      desk.acceptInvitation({ ...at.visit(), token, name: '', password });
    assert.equal(reasonOf(await use(tokenIn(first.link))), 'link-invalid');
    const looked = await desk.lookAtLink({
      ...at.visit(),
      token: tokenIn(link),
      kind: 'invitation',
    });
    assert.equal(granted(looked).name, 'Eva Engineer');
    await assert.rejects(use(tokenIn(link), 'evaengineer 12'), /your own name/);
    assert.equal(at.take(granted(await use(tokenIn(link)))).next, 'second-factor');
    assert.equal(reasonOf(await use(tokenIn(link))), 'link-invalid');
    assert.equal((await desk.personOf(at.visit())).person, null);
    await ctx.clock.advance(STEP);
    const code = eva.totp(ctx.clock.now());
    at.take(granted(await desk.verifyTotp({ ...at.visit(), code })));
    assert.equal((await desk.personOf(at.visit())).person?.id, eva.person.id);
    const typed = { ...browser('192.0.2.51').visit(), email: eva.email };
    assert.equal(
      reasonOf(await desk.signIn({ ...typed, password: PASSWORD })),
      'wrong-credentials',
    );
    assert.equal(reasonOf(await desk.signIn({ ...typed, password: next })), 'ok');
    assert.equal((await desk.listPeople()).people.length, 2);
  });

  it('is not replaced after a day, nor for who is blocked', async () => {
    const { ctx, desk, eva } = await house(databases);
    const use = (link: string) =>
      desk.acceptInvitation({
        ...browser('192.0.2.50').visit(),
        token: tokenIn(link),
        name: '',
        password: 'zeven zwanen op de gracht',
      });
    const late = await desk.resetPassword(CLI, { id: eva.person.id });
    await ctx.clock.advance(DAY);
    assert.equal(reasonOf(await use(late.link)), 'link-invalid');
    const blocked = await desk.resetPassword(CLI, { id: eva.person.id });
    await desk.block(CLI, { id: eva.person.id });
    assert.equal(reasonOf(await use(blocked.link)), 'link-invalid');
  });
});

eachDatabase('a person', (databases) => {
  it('is signed out when their role changes, and has the new one from then on', async () => {
    const { ctx, desk, owner, eva } = await house(databases);
    const actor = { name: owner.person.name, id: owner.person.id };
    const changed = await desk.changeRole(actor, { id: eva.person.id, role: 'manager' });
    assert.equal(changed.role, 'manager');
    assert.equal((await desk.personOf(eva.browser.visit())).person, null);
    await ctx.clock.advance(STEP);
    const at = eva.browser;
    at.take(granted(await desk.signIn({ ...at.visit(), email: eva.email, password: PASSWORD })));
    const code = eva.totp(ctx.clock.now());
    at.take(granted(await desk.verifyTotp({ ...at.visit(), code })));
    assert.equal((await desk.personOf(at.visit())).person?.role, 'manager');
    assert.ok((await desk.personOf(owner.browser.visit())).person);
  });

  it('who is blocked is out at once, and told so only with the right password', async () => {
    const { desk, owner, eva } = await house(databases);
    const actor = { name: owner.person.name, id: owner.person.id };
    const blocked = await desk.block(actor, { id: eva.person.id });
    assert.equal(blocked.blockedBecause, 'by-hand');
    assert.equal((await desk.personOf(eva.browser.visit())).person, null);
    const typed = { ...browser('192.0.2.99').visit(), email: eva.email };
    assert.equal(
      reasonOf(await desk.signIn({ ...typed, password: 'something else' })),
      'wrong-credentials',
    );
    assert.equal(reasonOf(await desk.signIn({ ...typed, password: PASSWORD })), 'blocked');
    await desk.unblock(actor, { id: eva.person.id });
    assert.equal(reasonOf(await desk.signIn({ ...typed, password: PASSWORD })), 'ok');
  });

  it('who is the last owner stays one, also when two owners go at the same moment', async () => {
    const { ctx, desk, owner, eva } = await house(databases);
    const actor = { name: owner.person.name, id: owner.person.id };
    const { id } = owner.person;
    await assert.rejects(desk.changeRole(actor, { id, role: 'manager' }), conflict);
    await assert.rejects(desk.block(actor, { id }), conflict);
    await desk.changeRole(actor, { id: eva.person.id, role: 'owner' });
    const going = await Promise.allSettled([
      desk.changeRole(actor, { id, role: 'viewer' }),
      desk.block(actor, { id: eva.person.id }),
    ]);
    assert.deepEqual(going.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    const { q, t } = ctx.db.read;
    const owners = (await q.select().from(t.people)).filter(
      ({ role, blockedAt }) => role === 'owner' && blockedAt === null,
    );
    assert.equal(owners.length, 1);
  });

  it('whose account lies unused is blocked, by asking and by itself; never the last owner', async () => {
    const { ctx, desk, owner, eva } = await house(databases);
    const unused = await colleague(ctx, desk, {
      invitedBy: owner.person,
      role: 'viewer',
      name: 'Vera Viewer',
      from: browser('192.0.2.30'),
    });
    await ctx.clock.advance(89 * DAY);
    await keepAccounts(ctx);
    const at = browser('192.0.2.40');
    at.take(granted(await desk.signIn({ ...at.visit(), email: eva.email, password: PASSWORD })));
    granted(await desk.verifyTotp({ ...at.visit(), code: eva.totp(ctx.clock.now()) }));
    await ctx.clock.advance(DAY + 1);

    const typed = { ...browser('192.0.2.41').visit(), email: unused.email, password: PASSWORD };
    assert.equal(reasonOf(await desk.signIn(typed)), 'blocked');
    await keepAccounts(ctx);
    const { people } = await desk.listPeople();
    assert.deepEqual(
      people.map(({ name, blockedBecause }) => [name, blockedBecause]),
      [
        ['Eva Engineer', null],
        ['Olga Owner', null],
        ['Vera Viewer', 'unused'],
      ],
    );
    await ctx.clock.advance(90 * DAY);
    await keepAccounts(ctx);
    const later = await desk.listPeople();
    assert.deepEqual(
      later.people.map(({ blockedBecause }) => blockedBecause),
      ['unused', null, 'unused'],
    );
    await desk.unblock(CLI, { id: eva.person.id });
    await keepAccounts(ctx);
    const again = browser('192.0.2.42');
    const right = { ...again.visit(), email: eva.email, password: PASSWORD };
    assert.equal(reasonOf(await desk.signIn(right)), 'ok');
  });

  it('comes in from the addresses that the configuration allows, and no others', async () => {
    const { ctx, desk, owner } = await house(databases);
    const allow = ['192.0.2.0/28', '2001:db8:1::/48', '198.51.100.7'];
    ctx.configure(testConfig({ console: { allow } }));
    const at = (address: string) => ({ ...owner.browser.visit(), address });
    for (const address of ['192.0.2.10', '::ffff:192.0.2.10', '2001:db8:1::9', '198.51.100.7'])
      assert.ok((await desk.personOf(at(address))).person, address);
    for (const address of ['192.0.2.16', '2001:db8:2::1', '::1', 'unknown', '']) {
      assert.equal((await desk.personOf(at(address))).person, null, address);
      const visit = at(address);
      const answers = [
        await desk.signIn({ ...visit, email: owner.email, password: PASSWORD }),
        await desk.passkeySignInOptions(visit),
        await desk.verifyPasskeySignIn({ ...visit, response: {} }),
        await desk.lookAtLink({ ...visit, token: 'x', kind: 'setup' }),
      ];
      assert.deepEqual(answers.map(reasonOf), Array(4).fill('address-not-allowed'));
    }
    // A refused address ends nobody's session.
    assert.ok((await desk.personOf(owner.browser.visit())).person);
  });

  it('is followed by the audit log in everything that they and others do', async () => {
    const { ctx, desk, owner, eva } = await house(databases);
    const { name, id, provenAt } = owner.person;
    const actor = { name, id, provenAt, via: 'console', address: '192.0.2.10' } as const;
    await desk.changeRole(actor, { id: eva.person.id, role: 'viewer' });
    // Nothing changed: nothing is written.
    await desk.changeRole(actor, { id: eva.person.id, role: 'viewer' });
    await desk.block(CLI, { id: eva.person.id });
    await desk.signOut(owner.browser.visit());
    const { q, t } = ctx.db.read;
    const rows = await q.select().from(t.auditLog).orderBy(t.auditLog.seq);
    assert.deepEqual(
      rows.map(({ actor: who, via, action }) => `${who} ${via} ${action}`),
      [
        'Olga Owner console account.create',
        'Olga Owner console account.factor-add',
        'Olga Owner console account.sign-in',
        'Olga Owner product account.invite',
        'Eva Engineer console account.create',
        'Eva Engineer console account.factor-add',
        'Eva Engineer console account.sign-in',
        'Olga Owner console account.role',
        'cli cli account.block',
        'Olga Owner console account.sign-out',
      ],
    );
    const role = rows[7]!;
    assert.deepEqual(
      [role.subject, role.address, role.before, role.after],
      [
        eva.person.id,
        '192.0.2.10',
        { name: 'Eva Engineer', email: eva.email, role: 'engineer', blocked: null },
        { name: 'Eva Engineer', email: eva.email, role: 'viewer', blocked: null },
      ],
    );
    const text = JSON.stringify(rows);
    for (const secret of [PASSWORD, 'argon2', ...eva.recoveryCodes])
      assert.ok(!text.includes(secret));
  });
});
