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
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { claimDue } from '../outbox/claim.ts';
import { prepareDelivery } from '../outbox/prepare.ts';
import { accountDesk } from './desk.ts';
import { renewSetupLink } from './first-account.ts';

const HOUR = 3_600_000;
const refusal = (reason: string) => ({ ok: false, reason });
const fault = (code: string, path?: string) => (error: unknown) =>
  error instanceof DomainError &&
  error.code === code &&
  (path === undefined || error.faults.some((one) => one.path === path));

eachDatabase('the first account', (databases) => {
  it('is made with the link, by one of all who use it at the same moment', async () => {
    const ctx = testContext(await databases.open());
    const desk = accountDesk(ctx);
    assert.equal(await desk.needsSetup(), true);
    const token = tokenIn(await renewSetupLink(ctx));
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        desk.setUp({
          ...browser().visit(),
          token,
          name: `Owner ${at}`,
          email: `owner${at}@example.test`,
          password: PASSWORD,
        }),
      ),
    );
    assert.equal(answers.filter((answer) => answer.ok).length, 1);
    assert.deepEqual(
      answers.filter((answer) => !answer.ok),
      Array.from({ length: 7 }, () => refusal('link-invalid')),
    );
    const { people } = await desk.listPeople();
    assert.deepEqual(
      people.map(({ role }) => role),
      ['owner'],
    );
    assert.equal(await desk.needsSetup(), false);
    assert.equal(await renewSetupLink(ctx), null);
  });

  it('cannot be made without the link, with an old one, or with one that was renewed', async () => {
    const ctx = testContext(await databases.open());
    const desk = accountDesk(ctx);
    const about = { name: 'Olga', email: 'olga@example.test', password: PASSWORD };
    const setUp = (token: string) => desk.setUp({ ...browser().visit(), ...about, token });
    assert.deepEqual(await setUp(''), refusal('link-invalid'));
    const first = tokenIn(await renewSetupLink(ctx));
    const second = tokenIn(await renewSetupLink(ctx));
    assert.deepEqual(await setUp(first), refusal('link-invalid'));
    await ctx.clock.advance(24 * HOUR);
    assert.deepEqual(await setUp(second), refusal('link-invalid'));
    assert.deepEqual(
      await desk.lookAtLink({ ...browser().visit(), token: second, kind: 'setup' }),
      refusal('link-invalid'),
    );
    granted(await setUp(tokenIn(await renewSetupLink(ctx))));
  });

  it('names every fault of what was typed, and leaves the link as it was', async () => {
    const ctx = testContext(await databases.open());
    const desk = accountDesk(ctx);
    const token = tokenIn(await renewSetupLink(ctx));
    const typed = { ...browser().visit(), token, name: 'Olga', email: 'olga@example.test' };
    await assert.rejects(
      desk.setUp({ ...typed, name: '', email: 'no', password: 'short' }),
      (error: unknown) =>
        error instanceof DomainError &&
        error.faults.map(({ path }) => path).join() === 'name,email,password',
    );
    await assert.rejects(
      desk.setUp({ ...typed, password: 'password1234' }),
      fault('invalid-input', 'password'),
    );
    granted(await desk.setUp({ ...typed, password: PASSWORD }));
  });

  it('may only enrol a second factor before it has one', async () => {
    const ctx = testContext(await databases.open());
    const desk = accountDesk(ctx);
    const token = tokenIn(await renewSetupLink(ctx));
    const at = browser();
    const made = granted(
      await desk.setUp({
        ...at.visit(),
        token,
        name: 'Olga',
        email: 'olga@example.test',
        password: PASSWORD,
      }),
    );
    at.take(made);
    const { person, pending } = await desk.personOf(at.visit());
    assert.deepEqual([person, pending], [null, 'enrol']);
    const changed = await desk.changePassword({
      ...at.visit(),
      current: PASSWORD,
      next: 'x'.repeat(13) + 'abq',
    });
    assert.deepEqual(changed, refusal('session-ended'));
  });
});

eachDatabase('an invitation', (databases) => {
  it('makes one account of its role for its address, once', async () => {
    const ctx = testContext(await databases.open());
    const desk = accountDesk(ctx);
    const owner = await firstOwner(ctx, desk);
    const actor = { name: owner.person.name, id: owner.person.id };
    const { link } = await desk.invite(actor, { email: ' Eva@Example.test ', role: 'engineer' });
    const claim = () =>
      desk.acceptInvitation({
        ...browser().visit(),
        token: tokenIn(link),
        name: 'Eva Engineer',
        password: PASSWORD,
      });
    const answers = await Promise.all([claim(), claim(), claim()]);
    assert.equal(answers.filter((answer) => answer.ok).length, 1);
    assert.deepEqual(await claim(), refusal('link-invalid'));
    const { people, invitations } = await desk.listPeople();
    assert.deepEqual(
      people.map(({ email, role }) => [email, role]),
      [
        ['eva@example.test', 'engineer'],
        [owner.email, 'owner'],
      ],
    );
    assert.deepEqual(invitations, []);
    await assert.rejects(
      desk.invite(actor, { email: 'EVA@example.test', role: 'owner' }),
      fault('conflict'),
    );
  });

  it('is worth nothing without its token, when withdrawn, renewed or a week old', async () => {
    const ctx = testContext(await databases.open());
    const desk = accountDesk(ctx);
    const owner = await firstOwner(ctx, desk);
    const actor = { name: owner.person.name, id: owner.person.id };
    const claim = (token: string) =>
      desk.acceptInvitation({ ...browser().visit(), token, name: 'Eva', password: PASSWORD });
    const email = 'eva@example.test';
    const first = await desk.invite(actor, { email, role: 'viewer' });
    assert.deepEqual(await claim(''), refusal('link-invalid'));
    assert.deepEqual(await claim(first.invitation.id), refusal('link-invalid'));
    const second = await desk.invite(actor, { email, role: 'viewer' });
    assert.deepEqual(await claim(tokenIn(first.link)), refusal('link-invalid'));
    await desk.withdrawInvitation(actor, { id: second.invitation.id });
    assert.deepEqual(await claim(tokenIn(second.link)), refusal('link-invalid'));
    const third = await desk.invite(actor, { email, role: 'viewer' });
    await ctx.clock.advance(7 * 24 * HOUR);
    assert.deepEqual(await claim(tokenIn(third.link)), refusal('link-invalid'));
    assert.equal((await desk.listPeople()).people.length, 1);
  });
});

eachDatabase('the mail with an invitation', (databases) => {
  it('brings the link to the one who is invited, and keeps it nowhere', async () => {
    const ctx = testContext(await databases.open());
    const desk = accountDesk(ctx);
    const owner = await firstOwner(ctx, desk);
    const actor = { name: owner.person.name, id: owner.person.id };
    const { link, mailed } = await desk.invite(actor, {
      email: 'eva@example.test',
      role: 'viewer',
    });
    assert.equal(mailed, true);
    const [row] = await claimDue(ctx, 'w', 10);
    assert.ok(row);
    const prepared = await prepareDelivery(ctx, row, { canAsk: false });
    assert.ok(prepared.act === 'send' && prepared.outgoing.channel === 'email');
    assert.equal(prepared.outgoing.to, 'eva@example.test');
    assert.ok(prepared.outgoing.text.includes(link));
    assert.match(prepared.outgoing.text, /Olga Owner nodigt u uit/);
    const { q, t } = ctx.db.read;
    const stored = JSON.stringify([
      await q.select().from(t.notifications),
      await q.select().from(t.outbox),
      await q.select().from(t.invitations),
      await q.select().from(t.auditLog),
    ]);
    assert.ok(!stored.includes(tokenIn(link)));
  });

  it('is not promised where no mail is configured', async () => {
    const ctx = testContext(await databases.open(), { config: testConfig({ channels: {} }) });
    const { mailed } = await accountDesk(ctx).invite(
      { name: 'cli', via: 'cli' },
      { email: 'eva@example.test', role: 'viewer' },
    );
    assert.equal(mailed, false);
    const { q, t } = ctx.db.read;
    assert.deepEqual(await q.select().from(t.outbox), []);
  });
});

eachDatabase('a session', (databases) => {
  it('has a new id at every step up, whatever the browser brought along', async () => {
    const ctx = testContext(await databases.open());
    const desk = accountDesk(ctx);
    const owner = await firstOwner(ctx, desk);
    const victim = browser();
    const brought = owner.browser.cookie;
    await desk.signOut(owner.browser.visit());
    // An attacker planted the cookies of a session of their own, which they keep.
    const planted = { ...victim.visit(), cookie: brought };
    const first = victim.take(
      granted(await desk.signIn({ ...planted, email: owner.email, password: PASSWORD })),
    );
    assert.equal(first.next, 'second-factor');
    const pending = victim.cookie;
    await ctx.clock.advance(30_000);
    const code = owner.totp(ctx.clock.now());
    victim.take(granted(await desk.verifyTotp({ ...victim.visit(), code })));
    assert.notEqual(victim.cookie, pending);
    assert.ok((await desk.personOf(victim.visit())).person);
    for (const old of [brought, pending])
      assert.deepEqual(await desk.personOf({ ...victim.visit(), cookie: old }), {
        person: null,
        pending: null,
        cookies: [],
      });
  });

  it('ends when it is signed out, unused for half an hour, or twelve hours old', async () => {
    const ctx = testContext(await databases.open());
    const desk = accountDesk(ctx);
    const owner = await firstOwner(ctx, desk);
    const isIn = async () => (await desk.personOf(owner.browser.visit())).person !== null;
    const signIn = async () => {
      const at = owner.browser;
      const typed = { email: owner.email, password: PASSWORD };
      at.take(granted(await desk.signIn({ ...at.visit(), ...typed })));
      const code = owner.totp(ctx.clock.now());
      at.take(granted(await desk.verifyTotp({ ...at.visit(), code })));
    };
    for (let minutes = 0; minutes < 60; minutes += 29) {
      await ctx.clock.advance(29 * 60_000);
      assert.equal(await isIn(), true);
    }
    await ctx.clock.advance(31 * 60_000);
    assert.equal(await isIn(), false);

    await signIn();
    const stolen = owner.browser.cookie;
    owner.browser.take(await desk.signOut(owner.browser.visit()));
    assert.equal((await desk.personOf({ ...owner.browser.visit(), cookie: stolen })).person, null);

    await ctx.clock.advance(60_000);
    await signIn();
    for (let at = 0; at < 11.5 * HOUR; at += 25 * 60_000) {
      await ctx.clock.advance(25 * 60_000);
      assert.equal(await isIn(), true, `after ${at / HOUR} h`);
    }
    await ctx.clock.advance(25 * 60_000);
    assert.equal(await isIn(), false);
  });

  it('of which the second factor was not passed ends after a quarter of an hour', async () => {
    const ctx = testContext(await databases.open());
    const desk = accountDesk(ctx);
    const owner = await firstOwner(ctx, desk);
    const at = browser('198.51.100.7');
    at.take(granted(await desk.signIn({ ...at.visit(), email: owner.email, password: PASSWORD })));
    assert.equal((await desk.personOf(at.visit())).pending, 'second-factor');
    await ctx.clock.advance(15 * 60_000 + 1);
    assert.equal((await desk.personOf(at.visit())).pending, null);
    const code = owner.totp(ctx.clock.now());
    assert.deepEqual(await desk.verifyTotp({ ...at.visit(), code }), refusal('session-ended'));
  });

  it('is listed to its person, who can end any of their own and nobody else’s', async () => {
    const ctx = testContext(await databases.open());
    const desk = accountDesk(ctx);
    const owner = await firstOwner(ctx, desk);
    const other = await colleague(ctx, desk, {
      invitedBy: owner.person,
      role: 'owner',
      name: 'Otto Other',
    });
    const phone = browser('2001:db8::1', 'Phone');
    phone.take(
      granted(await desk.signIn({ ...phone.visit(), email: owner.email, password: PASSWORD })),
    );
    await ctx.clock.advance(30_000);
    phone.take(
      granted(await desk.verifyTotp({ ...phone.visit(), code: owner.totp(ctx.clock.now()) })),
    );
    const listed = await desk.sessions(owner.person);
    assert.deepEqual(
      listed.map(({ address, userAgent, current }) => [address, userAgent, current]),
      [
        ['2001:db8::1', 'Phone', false],
        ['192.0.2.10', 'Mozilla/5.0 (test)', true],
      ],
    );
    const here = owner.browser.visit();
    await assert.rejects(
      desk.revokeSession(other.person, { ...here, id: listed[0]!.id }),
      fault('not-found'),
    );
    await desk.revokeSession(owner.person, { ...here, id: listed[0]!.id });
    assert.equal((await desk.personOf(phone.visit())).person, null);
    assert.equal(await desk.revokeOtherSessions(owner.person, here), 0);
    assert.ok((await desk.personOf(here)).person);
  });

  it('of a person is over everywhere when their password changes', async () => {
    const ctx = testContext(await databases.open());
    const desk = accountDesk(ctx);
    const owner = await firstOwner(ctx, desk);
    const before = owner.browser.cookie;
    const next = 'vier paarden op een bankje';
    const wrong = { ...owner.browser.visit(), current: 'not that one at all', next };
    assert.deepEqual(await desk.changePassword(wrong), refusal('wrong-credentials'));
    await assert.rejects(
      desk.changePassword({ ...wrong, current: PASSWORD, next: 'Olga Owner 2026' }),
      fault('invalid-input', 'next'),
    );
    owner.browser.take(granted(await desk.changePassword({ ...wrong, current: PASSWORD })));
    assert.ok((await desk.personOf(owner.browser.visit())).person);
    assert.equal((await desk.personOf({ ...owner.browser.visit(), cookie: before })).person, null);
    const again = browser('198.51.100.9');
    const typed = { ...again.visit(), email: owner.email };
    assert.deepEqual(
      await desk.signIn({ ...typed, password: PASSWORD }),
      refusal('wrong-credentials'),
    );
    granted(await desk.signIn({ ...typed, password: next }));
  });

  it('rests on a cookie that is the host’s own, and on no token that the database knows', async () => {
    const config = testConfig({ server: { url: 'https://status.example.test' } });
    const ctx = testContext(await databases.open(), { config });
    const desk = accountDesk(ctx);
    const token = tokenIn(await renewSetupLink(ctx));
    const about = { token, name: 'Olga', email: 'olga@example.test', password: PASSWORD };
    const { cookies } = granted(await desk.setUp({ ...browser().visit(), ...about }));
    const [line = ''] = cookies;
    for (const part of ['__Host-upheld', 'Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax'])
      assert.ok(line.includes(part), line);
    assert.ok(!line.includes('Domain'));
    const secret = /session_token=([^.;]+)/.exec(line)?.[1] ?? '';
    assert.ok(secret.length >= 32);
    const { q, t } = ctx.db.read;
    const stored = JSON.stringify([
      await q.select().from(t.sessions),
      await q.select().from(t.invitations),
      await q.select().from(t.auditLog),
    ]);
    assert.ok(!stored.includes(secret));
    assert.ok(!stored.includes(token));
  });
});
