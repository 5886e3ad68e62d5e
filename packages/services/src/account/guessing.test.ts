import { browser, colleague, firstOwner, granted, PASSWORD } from '@upheld/testkit/accounts.ts';
import { softAuthenticator } from '@upheld/testkit/authenticator.ts';
import { testContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { accountDesk, type Answer } from './desk.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const ORIGIN = 'http://status.example.test';
const WRONG = 'not the right one, sorry';

const reasonOf = (answer: Answer): string => (answer.ok ? 'ok' : answer.reason);
const addressAt = (at: number): string => `203.0.${at >> 8}.${at & 255}`;

eachDatabase('guessing a password', (databases) => {
  it('is answered alike for an address with an account and one without', async () => {
    const ctx = testContext(await databases.open());
    const desk = accountDesk(ctx);
    const owner = await firstOwner(ctx, desk);
    const emails = [owner.email, 'nobody@zorgsoftware.example', 'no address', ''];
    for (const email of emails) {
      const answers: Answer[] = [];
      for (let tries = 0; tries < 7; tries += 1)
        answers.push(
          await desk.signIn({
            ...browser(`198.51.100.${emails.indexOf(email) + 1}`).visit(),
            email,
            password: WRONG,
          }),
        );
      assert.deepEqual(
        answers,
        [
          ...Array.from({ length: 5 }, () => ({ ok: false, reason: 'wrong-credentials' })),
          ...Array.from({ length: 2 }, () => ({
            ok: false,
            reason: 'too-many-tries',
            retryAfterSeconds: 30,
          })),
        ],
        email,
      );
    }
  });

  it('of one account from many addresses is slowed, ever more, and never closed', async () => {
    const ctx = testContext(await databases.open());
    const desk = accountDesk(ctx);
    const owner = await firstOwner(ctx, desk);
    let tried = 0;
    let longest = 0;
    const until = ctx.clock.now() + 6 * 60 * MINUTE;
    for (let guess = 0; ctx.clock.now() < until; guess += 1) {
      const visit = browser(addressAt(guess)).visit();
      const answer = await desk.signIn({ ...visit, email: owner.email, password: WRONG });
      assert.ok(!answer.ok);
      if (answer.reason === 'wrong-credentials') tried += 1;
      const wait = answer.retryAfterSeconds ?? 0;
      longest = Math.max(longest, wait);
      await ctx.clock.advance(wait * SECOND);
    }
    assert.ok(tried <= 35, `${tried} guesses in six hours`);
    assert.ok(longest <= 15 * 60, `${longest} s`);
    // Once the wait is over the right password is as good as ever, from anywhere.
    await ctx.clock.advance(15 * MINUTE);
    const elsewhere = browser('198.51.100.200');
    const right = { ...elsewhere.visit(), email: owner.email, password: PASSWORD };
    assert.equal(reasonOf(await desk.signIn(right)), 'ok');
  });

  it('does not slow the owner in a browser that they used before, nor with a passkey', async () => {
    const ctx = testContext(await databases.open());
    const desk = accountDesk(ctx);
    const owner = await firstOwner(ctx, desk);
    const home = owner.browser;
    const key = softAuthenticator();
    const asked = home.take(granted(await desk.passkeyRegistrationOptions(home.visit())));
    const response = key.create(asked.options, { origin: ORIGIN });
    home.take(granted(await desk.verifyPasskeyRegistration({ ...home.visit(), response })));
    home.take(await desk.signOut(home.visit()));

    for (let guess = 0; guess < 12; guess += 1)
      await desk.signIn({
        ...browser(addressAt(guess)).visit(),
        email: owner.email,
        password: WRONG,
      });
    const right = { email: owner.email, password: PASSWORD };
    assert.equal(
      reasonOf(await desk.signIn({ ...browser('198.51.100.200').visit(), ...right })),
      'too-many-tries',
    );
    home.take(granted(await desk.signIn({ ...home.visit(), ...right })));
    const elsewhere = browser('198.51.100.201');
    const challenge = elsewhere.take(granted(await desk.passkeySignInOptions(elsewhere.visit())));
    const assertion = key.get(challenge.options, { origin: ORIGIN });
    elsewhere.take(
      granted(await desk.verifyPasskeySignIn({ ...elsewhere.visit(), response: assertion })),
    );
    assert.ok((await desk.personOf(elsewhere.visit())).person);
  });

  it('in such a browser is slowed for itself', async () => {
    const ctx = testContext(await databases.open());
    const desk = accountDesk(ctx);
    const owner = await firstOwner(ctx, desk);
    const visit = owner.browser.visit();
    for (let guess = 0; guess < 5; guess += 1)
      await desk.signIn({ ...visit, email: owner.email, password: WRONG });
    const right = { ...visit, email: owner.email, password: PASSWORD };
    assert.equal(reasonOf(await desk.signIn(right)), 'too-many-tries');
  });

  it('of many accounts from one address, or one IPv6 network, is slowed', async () => {
    const ctx = testContext(await databases.open());
    const desk = accountDesk(ctx);
    await firstOwner(ctx, desk);
    for (const [family, addressOf] of [
      ['IPv4', () => '203.0.113.9'],
      ['IPv6', (at: number) => `2001:db8:1:2::${at.toString(16)}`],
    ] as const) {
      const answers: string[] = [];
      for (let guess = 1; guess <= 22; guess += 1)
        answers.push(
          reasonOf(
            await desk.signIn({
              ...browser(addressOf(guess)).visit(),
              email: `${family}-${guess}@example.test`,
              password: WRONG,
            }),
          ),
        );
      assert.equal(answers.filter((reason) => reason === 'wrong-credentials').length, 20, family);
    }
  });

  it('of many accounts from many addresses is slowed all together', async () => {
    const ctx = testContext(await databases.open());
    const desk = accountDesk(ctx);
    const owner = await firstOwner(ctx, desk);
    const guess = (at: number) =>
      desk.signIn({
        ...browser(addressAt(at)).visit(),
        email: `somebody${at}@example.test`,
        password: WRONG,
      });
    const answers: string[] = [];
    for (let at = 0; at < 110; at += 10)
      answers.push(
        ...(await Promise.all(Array.from({ length: 10 }, (_, more) => guess(at + more)))).map(
          reasonOf,
        ),
      );
    assert.equal(answers.filter((reason) => reason === 'wrong-credentials').length, 100);
    assert.equal(answers.filter((reason) => reason === 'too-many-tries').length, 10);
    // Whoever is at home waits for nothing, and a stranger at most half a minute for one try.
    const right = { email: owner.email, password: PASSWORD };
    assert.equal(reasonOf(await desk.signIn({ ...owner.browser.visit(), ...right })), 'ok');
    await ctx.clock.advance(30 * SECOND);
    const away = browser('198.51.100.200');
    assert.equal(reasonOf(await desk.signIn({ ...away.visit(), ...right })), 'ok');
  });

  it('fifty times at once is counted fifty times', async () => {
    const ctx = testContext(await databases.open());
    const desk = accountDesk(ctx);
    const owner = await firstOwner(ctx, desk);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        desk.signIn({
          ...browser(addressAt(at)).visit(),
          email: owner.email,
          password: WRONG,
        }),
      ),
    );
    const reasons = answers.map(reasonOf);
    assert.equal(reasons.filter((reason) => reason === 'wrong-credentials').length, 5);
    assert.equal(reasons.filter((reason) => reason === 'too-many-tries').length, 45);
  });

  it('while all have to wait writes nothing, however many come', async () => {
    const ctx = testContext(await databases.open());
    const desk = accountDesk(ctx);
    await firstOwner(ctx, desk);
    const guess = (at: number) =>
      desk.signIn({
        ...browser(addressAt(at)).visit(),
        email: `somebody${at}@example.test`,
        password: WRONG,
      });
    for (let at = 0; at < 100; at += 10)
      await Promise.all(Array.from({ length: 10 }, (_, more) => guess(at + more)));
    const { q, t } = ctx.db.read;
    const before = (await q.select().from(t.tries)).length;
    for (let at = 100; at < 150; at += 1) await guess(at);
    assert.equal((await q.select().from(t.tries)).length, before);
  });

  it('is written down once for a burst, without what was typed', async () => {
    const ctx = testContext(await databases.open());
    const desk = accountDesk(ctx);
    const owner = await firstOwner(ctx, desk);
    for (const email of [owner.email, 'my secret password'])
      for (let guess = 0; guess < 9; guess += 1)
        await desk.signIn({ ...browser(addressAt(guess)).visit(), email, password: WRONG });
    const { q, t } = ctx.db.read;
    const rows = (await q.select().from(t.auditLog).orderBy(t.auditLog.seq)).filter(
      ({ action }) => action === 'account.tries-slowed',
    );
    assert.deepEqual(
      rows.map(({ actor, address, subject, after }) => ({ actor, address, subject, after })),
      [owner.person.id, 'unknown'].map((subject) => ({
        actor: 'visitor',
        address: addressAt(4),
        subject,
        after: { slowed: ['account'] },
      })),
    );
    const everything = JSON.stringify([
      await q.select().from(t.auditLog),
      await q.select().from(t.tries),
    ]);
    for (const typed of ['my secret password', WRONG]) assert.ok(!everything.includes(typed));
  });
});

eachDatabase('an account that strangers guessed at', (databases) => {
  it('is opened at once by whoever keeps the accounts', async () => {
    const ctx = testContext(await databases.open());
    const desk = accountDesk(ctx);
    const owner = await firstOwner(ctx, desk);
    const eva = await colleague(ctx, desk, {
      invitedBy: owner.person,
      role: 'engineer',
      name: 'Eva Engineer',
    });
    for (let guess = 0; guess < 7; guess += 1)
      await desk.signIn({
        ...browser(addressAt(guess)).visit(),
        email: eva.email,
        password: WRONG,
      });
    const right = { ...browser('198.51.100.200').visit(), email: eva.email, password: PASSWORD };
    assert.equal(reasonOf(await desk.signIn(right)), 'too-many-tries');
    await desk.unblock({ name: 'cli', via: 'cli' }, { id: eva.person.id });
    assert.equal(reasonOf(await desk.signIn(right)), 'ok');
  });
});
