import { DomainError } from '@upheld/domain/errors.ts';
import { browser, firstOwner, granted, PASSWORD, tokenIn } from '@upheld/testkit/accounts.ts';
import { softAuthenticator } from '@upheld/testkit/authenticator.ts';
import { testContext } from '@upheld/testkit/context.ts';
import { eachDatabase, type TestDatabases } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { accountDesk, type Answer } from './desk.ts';
import { renewSetupLink } from './first-account.ts';

const ORIGIN = 'http://status.example.test';
const reasonOf = (answer: Answer): string => (answer.ok ? 'ok' : answer.reason);

async function withPasskey(databases: TestDatabases) {
  const ctx = testContext(await databases.open());
  const desk = accountDesk(ctx);
  const owner = await firstOwner(ctx, desk);
  const key = softAuthenticator();
  const { browser: at } = owner;
  const asked = at.take(granted(await desk.passkeyRegistrationOptions(at.visit())));
  const response = key.create(asked.options, { origin: ORIGIN });
  const made = granted(
    await desk.verifyPasskeyRegistration({ ...at.visit(), response, name: 'Laptop' }),
  );
  at.take(made);
  return { ctx, desk, owner, key, made };
}

eachDatabase('a passkey', (databases) => {
  it('signs its owner in without a password, under a new session', async () => {
    const { desk, owner, key, made } = await withPasskey(databases);
    assert.equal(made.recoveryCodes, null);
    const at = browser('198.51.100.1');
    const { options, cookies } = granted(await desk.passkeySignInOptions(at.visit()));
    at.take({ cookies });
    const before = at.cookie;
    const response = key.get(options, { origin: ORIGIN });
    at.take(granted(await desk.verifyPasskeySignIn({ ...at.visit(), response })));
    assert.notEqual(at.cookie, before);
    const { person } = await desk.personOf(at.visit());
    assert.equal(person?.id, owner.person.id);
    assert.deepEqual(
      (await desk.factors(owner.person)).passkeys.map(({ name }) => name),
      ['Laptop'],
    );
  });

  it('is the second step after a password, and ends the session of the first', async () => {
    const { ctx, desk, owner, key } = await withPasskey(databases);
    const at = browser('198.51.100.1');
    at.take(granted(await desk.signIn({ ...at.visit(), email: owner.email, password: PASSWORD })));
    const { options } = at.take(granted(await desk.passkeySignInOptions(at.visit())));
    assert.deepEqual(
      (options['allowCredentials'] as { id: string }[]).map(({ id }) => id),
      [key.id],
    );
    const response = key.get(options, { origin: ORIGIN });
    at.take(granted(await desk.verifyPasskeySignIn({ ...at.visit(), response })));
    assert.ok((await desk.personOf(at.visit())).person);
    const { q, t } = ctx.db.read;
    const sessions = await q.select().from(t.sessions);
    assert.equal(sessions.filter(({ passedAt }) => passedAt === null).length, 0);
  });

  it('enrols a new person, who gets recovery codes with it', async () => {
    const ctx = testContext(await databases.open());
    const desk = accountDesk(ctx);
    const at = browser();
    const about = { name: 'Olga', email: 'olga@example.test', password: PASSWORD };
    const token = tokenIn(await renewSetupLink(ctx));
    at.take(granted(await desk.setUp({ ...at.visit(), ...about, token })));
    const { options } = at.take(granted(await desk.passkeyRegistrationOptions(at.visit())));
    const response = softAuthenticator().create(options, { origin: ORIGIN });
    const made = granted(await desk.verifyPasskeyRegistration({ ...at.visit(), response }));
    at.take(made);
    assert.equal(made.recoveryCodes?.length, 10);
    const { person } = await desk.personOf(at.visit());
    assert.ok(person);
    const [only] = (await desk.factors(person)).passkeys;
    await assert.rejects(
      desk.removePasskey(person, { ...at.visit(), id: only!.id }),
      (error: unknown) => error instanceof DomainError && error.code === 'conflict',
    );
    assert.equal((await desk.factors(person)).passkeys.length, 1);
  });

  it('answers a challenge of ours, once, within five minutes', async () => {
    const { ctx, desk, key } = await withPasskey(databases);
    const at = browser('198.51.100.1');
    const ask = async () => at.take(granted(await desk.passkeySignInOptions(at.visit()))).options;
    const verify = (response: unknown) => desk.verifyPasskeySignIn({ ...at.visit(), response });

    const own = await ask();
    const chosen = key.get(own, { origin: ORIGIN, challenge: 'Y2hvc2VuIGJ5IHRoZSBjbGllbnQ' });
    assert.equal(reasonOf(await verify(chosen)), 'passkey-refused');
    // The challenge went with the wrong answer.
    assert.equal(reasonOf(await verify(key.get(own, { origin: ORIGIN }))), 'passkey-refused');

    const good = key.get(await ask(), { origin: ORIGIN });
    const sent = at.visit();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => desk.verifyPasskeySignIn({ ...sent, response: good })),
    );
    assert.equal(answers.filter(({ ok }) => ok).length, 1);
    assert.equal(
      reasonOf(await desk.verifyPasskeySignIn({ ...sent, response: good })),
      'passkey-refused',
    );

    const late = key.get(await ask(), { origin: ORIGIN });
    await ctx.clock.advance(5 * 60_000 + 1000);
    assert.equal(reasonOf(await verify(late)), 'passkey-refused');
  });

  it('is refused from another site, for another host, not unlocked, copied, unknown or malformed', async () => {
    const { desk, key } = await withPasskey(databases);
    const at = browser('198.51.100.1');
    const ask = async () => at.take(granted(await desk.passkeySignInOptions(at.visit()))).options;
    const verify = async (response: unknown) =>
      reasonOf(await desk.verifyPasskeySignIn({ ...at.visit(), response }));
    const wrong = {
      site: key.get(await ask(), { origin: 'https://evil.example' }),
      host: key.get(await ask(), { origin: ORIGIN, rpId: 'evil.example' }),
      locked: key.get(await ask(), { origin: ORIGIN, verified: false }),
      stranger: softAuthenticator().get(await ask(), { origin: ORIGIN }),
    };
    for (const [what, response] of Object.entries(wrong)) {
      assert.equal(await verify(response), 'passkey-refused', what);
      await ask();
    }
    for (const response of [null, 'x', {}, { id: key.id }, [], { ...wrong.site, response: {} }])
      assert.equal(await verify(response), 'passkey-refused');

    assert.equal(await verify(key.get(await ask(), { origin: ORIGIN, counter: 9 })), 'ok');
    const copied = key.get(await ask(), { origin: ORIGIN, counter: 5 });
    assert.equal(await verify(copied), 'passkey-refused');
  });

  it('is not registered with a challenge for something else, nor in an unlocked state', async () => {
    const { desk, owner } = await withPasskey(databases);
    const { browser: at } = owner;
    const register = async (response: unknown) =>
      reasonOf(await desk.verifyPasskeyRegistration({ ...at.visit(), response }));
    const signing = at.take(granted(await desk.passkeySignInOptions(at.visit()))).options;
    const other = softAuthenticator();
    const rp = { rp: { id: 'status.example.test' }, challenge: signing['challenge'] };
    assert.equal(await register(other.create(rp, { origin: ORIGIN })), 'passkey-refused');
    const ask = async () =>
      at.take(granted(await desk.passkeyRegistrationOptions(at.visit()))).options;
    const locked = other.create(await ask(), { origin: ORIGIN, verified: false });
    assert.equal(await register(locked), 'passkey-refused');
    const foreign = other.create(await ask(), { origin: 'https://evil.example' });
    assert.equal(await register(foreign), 'passkey-refused');
    assert.equal(await register({ nonsense: true }), 'passkey-refused');
    assert.equal((await desk.factors(owner.person)).passkeys.length, 1);
  });

  it('cannot be removed by another person', async () => {
    const { desk, owner } = await withPasskey(databases);
    const [passkey] = (await desk.factors(owner.person)).passkeys;
    const thief = { ...owner.person, id: 'somebody-else' };
    await assert.rejects(
      desk.removePasskey(thief, { ...browser().visit(), id: passkey!.id }),
      (error: unknown) => error instanceof DomainError && error.code === 'not-found',
    );
    await desk.removePasskey(owner.person, { ...owner.browser.visit(), id: passkey!.id });
    assert.deepEqual((await desk.factors(owner.person)).passkeys, []);
  });
});
