import {
  browser,
  colleague,
  firstOwner,
  granted,
  PASSWORD,
  tokenIn,
  type Browser,
  type TestPerson,
} from '@upheld/testkit/accounts.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase, type TestDatabases } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { authenticate, createToken, revokeToken } from '../token/tokens.ts';
import { accountDesk, type AccountDesk, type Answer } from './desk.ts';
import { renewSetupLink } from './first-account.ts';

const STEP = 30_000;
const CLI = { name: 'cli', via: 'cli' } as const;
const reasonOf = (answer: Answer): string => (answer.ok ? 'ok' : answer.reason);
const wins = (answers: readonly Answer[]): number => answers.filter(({ ok }) => ok).length;

interface Process {
  ctx: TestContext;
  desk: AccountDesk;
}

/** Two processes of one installation: each has a connection and a desk of its own, and the same clock. */
async function two(databases: TestDatabases): Promise<[Process, Process]> {
  const ctx = testContext(await databases.open());
  const other = { ...ctx, db: await databases.again() };
  return [
    { ctx, desk: accountDesk(ctx) },
    { ctx: other, desk: accountDesk(other) },
  ];
}

async function halfWay(desk: AccountDesk, owner: TestPerson, address: string): Promise<Browser> {
  const at = browser(address);
  at.take(granted(await desk.signIn({ ...at.visit(), email: owner.email, password: PASSWORD })));
  return at;
}

eachDatabase('with two processes', (databases) => {
  it('what one ends opens nothing in the other from that moment on', async () => {
    const [here, there] = await two(databases);
    const owner = await firstOwner(here.ctx, here.desk);
    const isIn = async (at: Browser) => (await there.desk.personOf(at.visit())).person !== null;
    const ends: Record<string, (eva: TestPerson) => Promise<unknown>> = {
      'signing out': (eva) => here.desk.signOut(eva.browser.visit()),
      'ending it': async (eva) => {
        const [only] = await here.desk.sessions(eva.person);
        return here.desk.revokeSession(eva.person, { ...eva.browser.visit(), id: only!.id });
      },
      'another role': (eva) => here.desk.changeRole(CLI, { id: eva.person.id, role: 'viewer' }),
      'a block': (eva) => here.desk.block(CLI, { id: eva.person.id }),
      'a link for a password': (eva) => here.desk.resetPassword(CLI, { id: eva.person.id }),
      'a reset of the second factor': (eva) =>
        here.desk.resetSecondFactor(CLI, { id: eva.person.id }),
      'a new password': (eva) =>
        here.desk.changePassword({
          ...eva.browser.visit(),
          ...{ current: PASSWORD, next: 'vier paarden op een bankje' },
        }),
      'a proof': (eva) => {
        const [code = ''] = eva.recoveryCodes;
        return here.desk.proveRecoveryCode({ ...eva.browser.visit(), code });
      },
    };
    for (const [n, [what, end]] of Object.entries(ends).entries()) {
      const eva = await colleague(here.ctx, here.desk, {
        ...{ invitedBy: owner.person, role: 'engineer', name: `Eva ${n}` },
        from: browser(`192.0.2.${n + 20}`),
      });
      assert.equal(await isIn(eva.browser), true, what);
      await end(eva);
      assert.equal(await isIn(eva.browser), false, what);
    }
  });

  it('a token that one revokes, or whose maker it blocks or demotes, is refused by the other', async () => {
    const [here, there] = await two(databases);
    const owner = await firstOwner(here.ctx, here.desk);
    const { person } = await colleague(here.ctx, here.desk, {
      ...{ invitedBy: owner.person, role: 'manager', name: 'Mirjam', from: browser('192.0.2.20') },
    });
    const make = (name: string) =>
      createToken(here.ctx, { ...person, via: 'console' }, { name, scopes: ['read', 'audit'] });
    const may = async (token: string) =>
      (await authenticate(there.ctx, token))?.permissions ?? null;
    const [one, two_] = [await make('one'), await make('two')];
    assert.deepEqual(await may(one.token), ['read', 'audit']);
    await revokeToken(here.ctx, CLI, { id: one.id });
    assert.equal(await may(one.token), null);
    await here.desk.changeRole(CLI, { id: person.id, role: 'engineer' });
    assert.deepEqual(await may(two_.token), ['read']);
    await here.desk.block(CLI, { id: person.id });
    assert.equal(await may(two_.token), null);
  });

  it('a code, a recovery code and a link are used once, by whichever is first', async () => {
    const [here, there] = await two(databases);
    const link = tokenIn(await renewSetupLink(here.ctx));
    const setUp = ({ desk }: Process, n: number) =>
      desk.setUp({
        ...browser(`192.0.2.${n}`).visit(),
        ...{ token: link, name: `Owner ${n}`, email: `o${n}@example.test`, password: PASSWORD },
      });
    const both = [here, there, here, there];
    assert.equal(wins(await Promise.all(both.map(setUp))), 1);

    const invited = await here.desk.invite(CLI, { email: 'eva@example.test', role: 'owner' });
    const claim = ({ desk }: Process, n: number) =>
      desk.acceptInvitation({
        ...browser(`192.0.2.${n}`).visit(),
        ...{ token: tokenIn(invited.link), name: `Eva ${n}`, password: PASSWORD },
      });
    assert.equal(wins(await Promise.all(both.map(claim))), 1);
  });

  it('a code of an app opens one session, and proves once, over both', async () => {
    const [here, there] = await two(databases);
    const owner = await firstOwner(here.ctx, here.desk);
    await here.ctx.clock.advance(STEP);
    const halves = await Promise.all(
      [1, 2].map((n) => halfWay(n % 2 === 0 ? here.desk : there.desk, owner, `192.0.2.${n}`)),
    );
    const code = owner.totp(here.ctx.clock.now());
    const tries = [
      ...halves.map((at, n) =>
        (n % 2 === 0 ? here : there).desk.verifyTotp({ ...at.visit(), code }),
      ),
      there.desk.proveTotp({ ...owner.browser.visit(), code }),
      here.desk.proveTotp({ ...owner.browser.visit(), code }),
    ];
    assert.equal(wins(await Promise.all(tries)), 1);
    await here.ctx.clock.advance(60 * 60_000);
    const [recovery = ''] = owner.recoveryCodes;
    const again = await Promise.all(
      [5, 6].map((n) => halfWay(n % 2 === 0 ? here.desk : there.desk, owner, `192.0.2.${n}`)),
    );
    const uses = again.map((at, n) =>
      (n === 0 ? here : there).desk.verifyRecoveryCode({ ...at.visit(), code: recovery }),
    );
    assert.equal(wins(await Promise.all(uses)), 1);
  });

  it('guesses at a code are counted together, of both kinds and over any number of addresses', async () => {
    const [here, there] = await two(databases);
    const owner = await firstOwner(here.ctx, here.desk);
    await here.ctx.clock.advance(10 * STEP);
    const reasons: string[] = [];
    for (let n = 0; n < 8; n += 1) {
      const { desk } = n % 2 === 0 ? here : there;
      const at = await halfWay(desk, owner, `203.0.113.${n + 1}`);
      const typed = { ...at.visit(), code: 'AAAA-AAAA-AAAA-AAAA' };
      reasons.push(
        reasonOf(n % 3 === 0 ? await desk.verifyTotp(typed) : await desk.verifyRecoveryCode(typed)),
      );
    }
    assert.deepEqual(reasons, [
      ...Array.from({ length: 5 }, () => 'wrong-code'),
      ...Array.from({ length: 3 }, () => 'too-many-tries'),
    ]);
  });
});

eachDatabase(
  'an address that has no account',
  (databases) => {
    it('is refused after the same work as one that has', async () => {
      const ctx = testContext(await databases.open());
      const desk = accountDesk(ctx);
      const owner = await firstOwner(ctx, desk);
      const fastest = async (email: string): Promise<number> => {
        const took: number[] = [];
        for (let n = 0; n < 4; n += 1) {
          const begin = performance.now();
          const typed = { email, password: `not this one ${n}` };
          await desk.signIn({ ...browser(`198.51.100.${n}`).visit(), ...typed });
          took.push(performance.now() - begin);
        }
        return Math.min(...took);
      };
      const [known, unknown] = [await fastest(owner.email), await fastest('nobody@example.test')];
      // The hashing is nearly all of it: without it an answer takes a tenth of the time.
      assert.ok(unknown > known / 4, `${known} ms and ${unknown} ms`);
    });
  },
  'sqlite',
);
