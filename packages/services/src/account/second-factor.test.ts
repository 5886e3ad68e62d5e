import { DomainError } from '@upheld/domain/errors.ts';
import {
  browser,
  firstOwner,
  granted,
  PASSWORD,
  type TestPerson,
} from '@upheld/testkit/accounts.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase, type TestDatabases } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { accountDesk, type AccountDesk, type Answer } from './desk.ts';
import { codeAt, fromBase32 } from './totp.ts';

const STEP = 30_000;
const reasonOf = (answer: Answer): string => (answer.ok ? 'ok' : answer.reason);

async function enrolledOwner(databases: TestDatabases) {
  const ctx = testContext(await databases.open());
  const desk = accountDesk(ctx);
  return { ctx, desk, owner: await firstOwner(ctx, desk) };
}

async function halfWay(desk: AccountDesk, owner: TestPerson, address = '198.51.100.1') {
  const at = browser(address);
  at.take(granted(await desk.signIn({ ...at.visit(), email: owner.email, password: PASSWORD })));
  return at;
}

function wrongCode(ctx: TestContext, owner: TestPerson): string {
  const near = [-1, 0, 1].map((step) => owner.totp(ctx.clock.now() + step * STEP));
  return ['000000', '111111', '222222', '333333'].find((code) => !near.includes(code)) ?? '';
}

eachDatabase('a code of an authenticator app', (databases) => {
  it('is accepted once, also fifty times at the same moment', async () => {
    const { ctx, desk, owner } = await enrolledOwner(databases);
    const code = owner.totp(ctx.clock.now());
    const first = await halfWay(desk, owner);
    // The code with which it was enrolled is used up as well.
    assert.equal(reasonOf(await desk.verifyTotp({ ...first.visit(), code })), 'wrong-code');

    await ctx.clock.advance(STEP);
    const next = owner.totp(ctx.clock.now());
    const browsers = [];
    for (let at = 0; at < 10; at += 1)
      browsers.push(await halfWay(desk, owner, `198.51.100.${at + 2}`));
    const answers = await Promise.all(
      browsers.flatMap((at) =>
        Array.from({ length: 5 }, () => desk.verifyTotp({ ...at.visit(), code: next })),
      ),
    );
    const reasons = answers.map(reasonOf);
    assert.equal(reasons.filter((reason) => reason === 'ok').length, 1);
  });

  it('is not accepted after a later one, nor more than a step away', async () => {
    const { ctx, desk, owner } = await enrolledOwner(databases);
    await ctx.clock.advance(10 * STEP);
    const now = ctx.clock.now();
    for (const far of [-2, 2]) {
      const at = await halfWay(desk, owner);
      const code = owner.totp(now + far * STEP);
      assert.equal(reasonOf(await desk.verifyTotp({ ...at.visit(), code })), 'wrong-code');
    }
    const at = await halfWay(desk, owner);
    granted(await desk.verifyTotp({ ...at.visit(), code: owner.totp(now + STEP) }));
    for (const older of [0, -1]) {
      const again = await halfWay(desk, owner);
      const code = owner.totp(now + older * STEP);
      assert.equal(reasonOf(await desk.verifyTotp({ ...again.visit(), code })), 'wrong-code');
    }
  });

  it('can be tried five times an account, then ever more slowly, over any number of sessions', async () => {
    const { ctx, desk, owner } = await enrolledOwner(databases);
    await ctx.clock.advance(10 * STEP);
    const wrong = wrongCode(ctx, owner);
    const reasons: string[] = [];
    for (let at = 0; at < 7; at += 1) {
      const from = await halfWay(desk, owner, `198.51.100.${at + 1}`);
      reasons.push(reasonOf(await desk.verifyTotp({ ...from.visit(), code: wrong })));
    }
    assert.deepEqual(reasons, [
      ...Array.from({ length: 5 }, () => 'wrong-code'),
      'too-many-tries',
      'too-many-tries',
    ]);
    const from = await halfWay(desk, owner);
    const right = { ...from.visit(), code: owner.totp(ctx.clock.now()) };
    assert.equal(reasonOf(await desk.verifyTotp(right)), 'too-many-tries');
    // A recovery code is no way around it.
    const recovery = { ...from.visit(), code: owner.recoveryCodes[0]! };
    assert.equal(reasonOf(await desk.verifyRecoveryCode(recovery)), 'too-many-tries');
    await ctx.clock.advance(30_000);
    const later = { ...from.visit(), code: owner.totp(ctx.clock.now()) };
    assert.equal(reasonOf(await desk.verifyTotp(later)), 'ok');
  });

  it('takes nothing but six digits, with the space that apps show', async () => {
    const { ctx, desk, owner } = await enrolledOwner(databases);
    await ctx.clock.advance(STEP);
    const code = owner.totp(ctx.clock.now());
    for (const typed of ['', `${code}0`, code.slice(1), 'x'.repeat(100_000)]) {
      const at = await halfWay(desk, owner);
      assert.equal(reasonOf(await desk.verifyTotp({ ...at.visit(), code: typed })), 'wrong-code');
    }
    const at = await halfWay(desk, owner);
    const spaced = ` ${code.slice(0, 3)} ${code.slice(3)} `;
    assert.equal(reasonOf(await desk.verifyTotp({ ...at.visit(), code: spaced })), 'ok');
  });

  it('cannot be enrolled by somebody who has only the password of an enrolled person', async () => {
    const { ctx, desk, owner } = await enrolledOwner(databases);
    const at = await halfWay(desk, owner);
    assert.equal(reasonOf(await desk.enrolTotp(at.visit())), 'session-ended');
    assert.equal(reasonOf(await desk.passkeyRegistrationOptions(at.visit())), 'session-ended');
    const code = owner.totp(ctx.clock.now());
    assert.equal(reasonOf(await desk.confirmTotp({ ...at.visit(), code })), 'session-ended');
    assert.equal((await desk.personOf(at.visit())).person, null);
  });

  it('of a new app takes the place of the old one when it is confirmed, not before', async () => {
    const { ctx, desk, owner } = await enrolledOwner(databases);
    const { secret } = granted(await desk.enrolTotp(owner.browser.visit()));
    await ctx.clock.advance(STEP);
    const at = await halfWay(desk, owner);
    granted(await desk.verifyTotp({ ...at.visit(), code: owner.totp(ctx.clock.now()) }));
    const fresh = codeAt(fromBase32(secret), Math.floor(ctx.clock.now() / STEP));
    const before = owner.browser.cookie;
    const confirmed = granted(await desk.confirmTotp({ ...owner.browser.visit(), code: fresh }));
    owner.browser.take(confirmed);
    assert.equal(confirmed.recoveryCodes, null);
    assert.notEqual(owner.browser.cookie, before);
    await ctx.clock.advance(STEP);
    const again = await halfWay(desk, owner);
    const old = owner.totp(ctx.clock.now());
    assert.equal(reasonOf(await desk.verifyTotp({ ...again.visit(), code: old })), 'wrong-code');
  });

  it('and its secret are nowhere stored in readable form', async () => {
    const { ctx, desk, owner } = await enrolledOwner(databases);
    const { secret } = granted(await desk.enrolTotp(owner.browser.visit()));
    const { q, t } = ctx.db.read;
    const stored = JSON.stringify([
      await q.select().from(t.totpFactors),
      await q.select().from(t.recoveryCodes),
      await q.select().from(t.auditLog),
    ]);
    assert.ok(!stored.includes(secret));
    for (const code of owner.recoveryCodes) {
      assert.match(code, /^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$/);
      assert.ok(!stored.includes(code) && !stored.includes(code.replaceAll('-', '')));
    }
  });
});

eachDatabase('a recovery code', (databases) => {
  it('lets its owner in once, however it is typed over', async () => {
    const { desk, owner } = await enrolledOwner(databases);
    const [code = '', second = ''] = owner.recoveryCodes;
    const at = await halfWay(desk, owner);
    const typed = ` ${code.toLowerCase().replaceAll('-', ' ')} `;
    const passed = granted(await desk.verifyRecoveryCode({ ...at.visit(), code: typed }));
    assert.equal(passed.left, 9);
    at.take(passed);
    assert.ok((await desk.personOf(at.visit())).person);
    const again = await halfWay(desk, owner);
    assert.equal(reasonOf(await desk.verifyRecoveryCode({ ...again.visit(), code })), 'wrong-code');
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => desk.verifyRecoveryCode({ ...again.visit(), code: second })),
    );
    assert.equal(answers.filter(({ ok }) => ok).length, 1);
  });

  it('ends when new ones are made', async () => {
    const { desk, owner } = await enrolledOwner(databases);
    const fresh = await desk.renewRecoveryCodes(owner.person, owner.browser.visit());
    assert.equal(fresh.length, 10);
    assert.equal((await desk.factors(owner.person)).recoveryCodesLeft, 10);
    const at = await halfWay(desk, owner);
    const old = { ...at.visit(), code: owner.recoveryCodes[0]! };
    assert.equal(reasonOf(await desk.verifyRecoveryCode(old)), 'wrong-code');
    granted(await desk.verifyRecoveryCode({ ...at.visit(), code: fresh[0]! }));
  });
});

eachDatabase('the second factor of a person', (databases) => {
  it('is reset by an owner: everything of it ends, and the next sign-in enrols', async () => {
    const { ctx, desk, owner } = await enrolledOwner(databases);
    await desk.resetSecondFactor({ name: 'cli', via: 'cli' }, { id: owner.person.id });
    assert.equal((await desk.personOf(owner.browser.visit())).person, null);
    assert.deepEqual(await desk.factors(owner.person), {
      totp: false,
      passkeys: [],
      recoveryCodesLeft: 0,
    });
    const at = browser();
    const typed = { ...at.visit(), email: owner.email, password: PASSWORD };
    assert.equal(granted(at.take(granted(await desk.signIn(typed)))).next, 'enrol');
    await ctx.clock.advance(STEP);
    const code = owner.totp(ctx.clock.now());
    assert.equal(reasonOf(await desk.verifyTotp({ ...at.visit(), code })), 'session-ended');
    await assert.rejects(
      desk.resetSecondFactor({ name: 'cli' }, { id: 'nobody' }),
      (error: unknown) => error instanceof DomainError && error.code === 'not-found',
    );
  });
});
