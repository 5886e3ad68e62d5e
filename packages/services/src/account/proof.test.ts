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
import { softAuthenticator } from '@upheld/testkit/authenticator.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase, type TestDatabases } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Actor } from '../context.ts';
import { claimDue } from '../outbox/claim.ts';
import { prepareDelivery } from '../outbox/prepare.ts';
import { createToken } from '../token/tokens.ts';
import { accountDesk, type AccountDesk, type Answer, type SignedIn } from './desk.ts';
import { PROOF_STANDS_MS, ProofNeeded } from './proof.ts';
import { codeAt, fromBase32 } from './totp.ts';

const STEP = 30_000;
const MINUTE = 60_000;
const ORIGIN = 'http://status.example.test';
const NEXT = 'vier paarden op een bankje';
const reasonOf = (answer: Answer): string => (answer.ok ? 'ok' : answer.reason);
const isAsked = (error: unknown): boolean => error instanceof ProofNeeded;

interface House {
  ctx: TestContext;
  desk: AccountDesk;
  owner: TestPerson;
  eva: TestPerson;
}

async function house(databases: TestDatabases): Promise<House> {
  const ctx = testContext(await databases.open());
  const desk = accountDesk(ctx);
  const owner = await firstOwner(ctx, desk);
  const eva = await colleague(ctx, desk, {
    ...{
      invitedBy: owner.person,
      role: 'owner',
      name: 'Eva Engineer',
      from: browser('192.0.2.20'),
    },
  });
  return { ctx, desk, owner, eva };
}

async function personAt(desk: AccountDesk, at: Browser): Promise<SignedIn> {
  const { person } = await desk.personOf(at.visit());
  assert.ok(person);
  return person;
}

/** Whoever is signed in there, as the console names them to a verb. */
async function actorAt(desk: AccountDesk, at: Browser): Promise<Actor> {
  const { id, name, provenAt } = await personAt(desk, at);
  return { id, name, via: 'console', provenAt };
}

async function signedInElsewhere({ ctx, desk, owner }: House, address: string): Promise<Browser> {
  const at = browser(address);
  at.take(granted(await desk.signIn({ ...at.visit(), email: owner.email, password: PASSWORD })));
  await ctx.clock.advance(STEP);
  const code = owner.totp(ctx.clock.now());
  at.take(granted(await desk.verifyTotp({ ...at.visit(), code })));
  return at;
}

/** Everything that makes new power, by the name of what it is. */
function powers({ ctx, desk, owner, eva }: House): Record<string, () => Promise<unknown>> {
  const at = owner.browser;
  const person = () => personAt(desk, at);
  const actor = () => actorAt(desk, at);
  const whom = { id: eva.person.id };
  return {
    'a new app': () => desk.enrolTotp(at.visit()),
    'the code of a new app': () => desk.confirmTotp({ ...at.visit(), code: '000000' }),
    'a new passkey': () => desk.passkeyRegistrationOptions(at.visit()),
    'the answer of a new passkey': () =>
      desk.verifyPasskeyRegistration({ ...at.visit(), response: {} }),
    'taking a passkey away': async () =>
      desk.removePasskey(await person(), { ...at.visit(), id: 'none' }),
    'new recovery codes': async () => desk.renewRecoveryCodes(await person(), at.visit()),
    'a new password': () => desk.changePassword({ ...at.visit(), current: PASSWORD, next: NEXT }),
    'an invitation': async () =>
      desk.invite(await actor(), { email: 'new@example.test', role: 'owner' }),
    'another role': async () => desk.changeRole(await actor(), { ...whom, role: 'viewer' }),
    'opening an account again': async () => desk.unblock(await actor(), whom),
    'a link for a password': async () => desk.resetPassword(await actor(), whom),
    'taking a second factor away': async () => desk.resetSecondFactor(await actor(), whom),
    'a token': async () => createToken(ctx, await actor(), { name: 'robot', scopes: ['read'] }),
  };
}

eachDatabase('what makes new power', (databases) => {
  it('asks for the second factor again when it was shown more than ten minutes ago', async () => {
    const at = await house(databases);
    await at.ctx.clock.advance(PROOF_STANDS_MS);
    const { q, t } = at.ctx.db.read;
    const before = await q.select().from(t.auditLog);
    for (const [what, verb] of Object.entries(powers(at)))
      await assert.rejects(verb(), isAsked, what);
    assert.equal((await q.select().from(t.auditLog)).length, before.length);
  });

  it('does not ask within them, nor a token or the machine ever', async () => {
    const { ctx, desk, owner } = await house(databases);
    await ctx.clock.advance(PROOF_STANDS_MS - 1000);
    const actor = await actorAt(desk, owner.browser);
    await desk.invite(actor, { email: 'new@example.test', role: 'viewer' });
    await ctx.clock.advance(60 * MINUTE);
    await desk.invite({ name: 'cli', via: 'cli' }, { email: 'new@example.test', role: 'viewer' });
    await desk.invite({ name: 'bot', via: 'api' }, { email: 'new@example.test', role: 'viewer' });
  });

  it('asks also when a clock was set back, and whoever brings no moment at all', async () => {
    const { ctx, desk, owner } = await house(databases);
    const actor = await actorAt(desk, owner.browser);
    const email = { email: 'new@example.test', role: 'viewer' } as const;
    const late = { ...actor, provenAt: ctx.clock.now() + PROOF_STANDS_MS };
    await assert.rejects(desk.invite(late, email), isAsked);
    await assert.rejects(desk.invite({ ...actor, provenAt: null }, email), isAsked);
    await assert.rejects(desk.invite({ name: 'Olga', via: 'console' }, email), isAsked);
  });

  it('asks in each session by itself', async () => {
    const at = await house(databases);
    await at.ctx.clock.advance(PROOF_STANDS_MS);
    const elsewhere = await signedInElsewhere(at, '198.51.100.1');
    granted(await at.desk.enrolTotp(elsewhere.visit()));
    await assert.rejects(at.desk.enrolTotp(at.owner.browser.visit()), isAsked);
  });
});

eachDatabase('showing a second factor once more', (databases) => {
  it('renews the token of the session, and not how long it lasts', async () => {
    const { ctx, desk, owner } = await house(databases);
    const at = owner.browser;
    await ctx.clock.advance(29 * MINUTE);
    const { q, t } = ctx.db.read;
    const ends = async () =>
      (await q.select().from(t.sessions))
        .filter(({ personId }) => personId === owner.person.id)
        .map(({ expiresAt }) => expiresAt);
    const [until] = await ends();
    const old = at.cookie;
    const code = owner.totp(ctx.clock.now());
    at.take(granted(await desk.proveTotp({ ...at.visit(), code })));
    // The library reads the machine's clock, which goes on while ours stands still.
    const [renewed, ...others] = await ends();
    assert.ok(Math.abs((renewed ?? 0) - (until ?? 0)) < 1000);
    assert.deepEqual(others, []);
    assert.equal((await desk.personOf({ ...at.visit(), cookie: old })).person, null);
    const person = await personAt(desk, at);
    assert.ok(Math.abs((person.provenAt ?? 0) - ctx.clock.now()) < 1000);
    granted(await desk.enrolTotp(at.visit()));
    const [last] = (await q.select().from(t.auditLog).orderBy(t.auditLog.seq)).slice(-1);
    assert.deepEqual(
      [last?.action, last?.subject, last?.address, last?.after],
      ['account.confirm', owner.person.id, '192.0.2.10', { method: 'totp' }],
    );
  });

  it('takes a code once, also of twenty at the same moment, and none that opened a session', async () => {
    const { ctx, desk, owner } = await house(databases);
    const at = owner.browser;
    const used = { ...at.visit(), code: owner.totp(ctx.clock.now()) };
    assert.equal(reasonOf(await desk.proveTotp(used)), 'wrong-code');
    await ctx.clock.advance(STEP);
    const sent = { ...at.visit(), code: owner.totp(ctx.clock.now()) };
    const answers = await Promise.all(Array.from({ length: 20 }, () => desk.proveTotp(sent)));
    assert.equal(answers.filter(({ ok }) => ok).length, 1);
  });

  it('slows guesses as signing in does, and each slows the other', async () => {
    const at = await house(databases);
    const { ctx, desk, owner } = at;
    await ctx.clock.advance(STEP);
    const elsewhere = await signedInElsewhere(at, '198.51.100.1');
    const near = [-1, 0, 1].map((step) => owner.totp(ctx.clock.now() + step * STEP));
    const wrong = ['000000', '111111', '222222', '333333'].find((code) => !near.includes(code))!;
    const reasons: string[] = [];
    for (let n = 0; n < 6; n += 1) {
      const from = n % 2 === 0 ? owner.browser : elsewhere;
      reasons.push(reasonOf(await desk.proveTotp({ ...from.visit(), code: wrong })));
    }
    assert.deepEqual(reasons, [...Array.from({ length: 5 }, () => 'wrong-code'), 'too-many-tries']);
    const [code = ''] = owner.recoveryCodes;
    const recovery = await desk.proveRecoveryCode({ ...owner.browser.visit(), code });
    assert.equal(reasonOf(recovery), 'too-many-tries');
    const half = browser('198.51.100.2');
    const typed = { email: owner.email, password: PASSWORD };
    half.take(granted(await desk.signIn({ ...half.visit(), ...typed })));
    const right = { ...half.visit(), code: owner.totp(ctx.clock.now()) };
    assert.equal(reasonOf(await desk.verifyTotp(right)), 'too-many-tries');
    // Whoever is signed in stays so: a stranger's guesses end no session.
    assert.ok((await desk.personOf(owner.browser.visit())).person);
  });

  it('is possible with a recovery code, once, of which a mail tells', async () => {
    const { ctx, desk, owner } = await house(databases);
    const at = owner.browser;
    await ctx.clock.advance(PROOF_STANDS_MS);
    const [code = ''] = owner.recoveryCodes;
    const proved = at.take(granted(await desk.proveRecoveryCode({ ...at.visit(), code })));
    assert.equal(proved.left, 9);
    granted(await desk.enrolTotp(at.visit()));
    assert.equal(reasonOf(await desk.proveRecoveryCode({ ...at.visit(), code })), 'wrong-code');
    assert.deepEqual(await subjects(ctx), ['Een herstelcode van uw account is gebruikt']);
  });

  it('is possible with one’s own passkey, and not with that of a colleague', async () => {
    const { ctx, desk, owner, eva } = await house(databases);
    const keys = new Map<TestPerson, ReturnType<typeof softAuthenticator>>();
    for (const one of [owner, eva]) {
      const key = softAuthenticator();
      keys.set(one, key);
      const at = one.browser;
      const { options } = at.take(granted(await desk.passkeyRegistrationOptions(at.visit())));
      const response = key.create(options, { origin: ORIGIN });
      at.take(granted(await desk.verifyPasskeyRegistration({ ...at.visit(), response })));
    }
    await ctx.clock.advance(PROOF_STANDS_MS);
    const at = owner.browser;
    const prove = async (key: ReturnType<typeof softAuthenticator>) => {
      const { options } = at.take(granted(await desk.passkeySignInOptions(at.visit())));
      const response = key.get(options, { origin: ORIGIN });
      return at.take({ cookies: [], ...(await desk.provePasskey({ ...at.visit(), response })) });
    };
    assert.equal(reasonOf(await prove(keys.get(eva)!)), 'passkey-refused');
    const { q, t } = ctx.db.read;
    const sessions = async () => (await q.select().from(t.sessions)).length;
    assert.equal(await sessions(), 2);
    await assert.rejects(desk.enrolTotp(at.visit()), isAsked);
    assert.equal(reasonOf(await prove(keys.get(owner)!)), 'ok');
    assert.equal(await sessions(), 2);
    granted(await desk.enrolTotp(at.visit()));
    const mine = (await q.select().from(t.sessions)).find(
      (row) => row.personId === owner.person.id,
    );
    assert.ok(mine && mine.expiresAt - ctx.clock.now() < 12 * 60 * MINUTE - PROOF_STANDS_MS + STEP);
  });

  it('is not possible half-way through a sign-in, nor without a session', async () => {
    const { ctx, desk, owner } = await house(databases);
    await ctx.clock.advance(STEP);
    const at = browser('198.51.100.1');
    at.take(granted(await desk.signIn({ ...at.visit(), email: owner.email, password: PASSWORD })));
    const code = owner.totp(ctx.clock.now());
    for (const from of [at, browser()])
      assert.equal(reasonOf(await desk.proveTotp({ ...from.visit(), code })), 'session-ended');
  });
});

/** What the mails say that wait to go out. */
async function subjects(ctx: TestContext): Promise<string[]> {
  const said: string[] = [];
  for (const row of await claimDue(ctx, 'w', 50)) {
    const prepared = await prepareDelivery(ctx, row, { canAsk: false });
    assert.ok(prepared.act === 'send' && prepared.outgoing.channel === 'email');
    if (/nodigt|Uitnodiging/.test(prepared.outgoing.text)) continue;
    assert.equal(prepared.outgoing.to, 'olga@zorgsoftware.example');
    said.push(prepared.outgoing.subject.replace(/^\[.*?\] /, ''));
  }
  return said.sort();
}

eachDatabase('a change of how somebody signs in', (databases) => {
  it('ends all their other sessions, whichever it is, and is told to them by mail', async () => {
    const at = await house(databases);
    const { ctx, desk, owner } = at;
    const here = owner.browser;
    const changes: [said: string, change: () => Promise<unknown>][] = [
      [
        'Uw account heeft een nieuwe passkey',
        async () => {
          const { options } = here.take(
            granted(await desk.passkeyRegistrationOptions(here.visit())),
          );
          const response = softAuthenticator().create(options, { origin: ORIGIN });
          here.take(granted(await desk.verifyPasskeyRegistration({ ...here.visit(), response })));
        },
      ],
      [
        'Een passkey van uw account is verwijderd',
        async () => {
          const person = await personAt(desk, here);
          const [passkey] = (await desk.factors(person)).passkeys;
          await desk.removePasskey(person, { ...here.visit(), id: passkey!.id });
        },
      ],
      [
        'Uw account heeft nieuwe herstelcodes',
        async () => desk.renewRecoveryCodes(await personAt(desk, here), here.visit()),
      ],
      [
        'Uw wachtwoord is gewijzigd',
        async () => {
          const typed = { ...here.visit(), current: PASSWORD, next: NEXT };
          here.take(granted(await desk.changePassword(typed)));
          const back = { ...here.visit(), current: NEXT, next: PASSWORD };
          here.take(granted(await desk.changePassword(back)));
        },
      ],
      [
        'Uw account heeft een nieuwe authenticator-app',
        async () => {
          const { secret } = granted(await desk.enrolTotp(here.visit()));
          const code = codeAt(fromBase32(secret), Math.floor(ctx.clock.now() / STEP));
          here.take(granted(await desk.confirmTotp({ ...here.visit(), code })));
        },
      ],
    ];
    await subjects(ctx);
    for (const [said, change] of changes) {
      const elsewhere = await signedInElsewhere(at, '198.51.100.1');
      await change();
      assert.equal((await desk.personOf(elsewhere.visit())).person, null, said);
      assert.ok((await desk.personOf(here.visit())).person, said);
      assert.deepEqual([...new Set(await subjects(ctx))], [said]);
    }
  });

  it('is told when an owner makes it, or a link does, and by whom', async () => {
    const { ctx, desk, owner, eva } = await house(databases);
    await subjects(ctx);
    const actor = await actorAt(desk, eva.browser);
    const { link } = await desk.resetPassword(actor, { id: owner.person.id });
    const about = { token: tokenIn(link), name: '', password: NEXT };
    granted(await desk.acceptInvitation({ ...browser().visit(), ...about }));
    await desk.resetSecondFactor(actor, { id: owner.person.id });
    const [first, second] = await claimDue(ctx, 'w', 50);
    assert.ok(first && second);
    const texts: string[] = [];
    for (const row of [first, second]) {
      const prepared = await prepareDelivery(ctx, row, { canAsk: false });
      assert.ok(prepared.act === 'send' && prepared.outgoing.channel === 'email');
      texts.push(prepared.outgoing.text);
    }
    const [password, factors] = texts.sort((a) => (a.includes('wachtwoord is') ? -1 : 1));
    assert.match(password ?? '', /Uw wachtwoord is gewijzigd[\s\S]*Vanaf het adres: 192\.0\.2\.10/);
    assert.match(
      factors ?? '',
      /tweede factor van uw account is weggehaald[\s\S]*Door: Eva Engineer/,
    );
    for (const text of texts) assert.ok(!text.includes('unsubscribe'));
  });

  it('is told to nobody where there is no mail', async () => {
    const ctx = testContext(await databases.open(), { config: testConfig({ channels: {} }) });
    const desk = accountDesk(ctx);
    const owner = await firstOwner(ctx, desk);
    await desk.renewRecoveryCodes(owner.person, owner.browser.visit());
    const { q, t } = ctx.db.read;
    assert.deepEqual(await q.select().from(t.outbox), []);
  });
});

eachDatabase('the secret of a new app', (databases) => {
  it('stays the same however often the page is loaded, until a code of it is taken', async () => {
    const { ctx, desk, owner } = await house(databases);
    const at = owner.browser;
    const offered = granted(await desk.enrolTotp(at.visit()));
    await ctx.clock.advance(5 * MINUTE);
    const again = await Promise.all([1, 2, 3].map(() => desk.enrolTotp(at.visit())));
    for (const one of again) assert.deepEqual(one, offered);
    const code = codeAt(fromBase32(offered.secret), Math.floor(ctx.clock.now() / STEP));
    at.take(granted(await desk.confirmTotp({ ...at.visit(), code })));
    assert.notEqual(granted(await desk.enrolTotp(at.visit())).secret, offered.secret);
  });

  it('is seen in the session that asked for it alone, so that two passwords are not two readers', async () => {
    const { ctx, desk, owner } = await house(databases);
    await desk.resetSecondFactor({ name: 'cli', via: 'cli' }, { id: owner.person.id });
    const typed = { email: owner.email, password: PASSWORD };
    const [mine, theirs] = [browser('198.51.100.1'), browser('198.51.100.2')];
    for (const at of [mine, theirs])
      at.take(granted(await desk.signIn({ ...at.visit(), ...typed })));
    const offered = granted(await desk.enrolTotp(mine.visit()));
    const code = codeAt(fromBase32(offered.secret), Math.floor(ctx.clock.now() / STEP));
    assert.equal(
      reasonOf(await desk.confirmTotp({ ...theirs.visit(), code })),
      'offer-ended',
      'the code of another session',
    );
    const other = granted(await desk.enrolTotp(theirs.visit()));
    assert.notEqual(other.secret, offered.secret);
    // The page says so, instead of calling a right code wrong.
    assert.equal(reasonOf(await desk.confirmTotp({ ...mine.visit(), code })), 'offer-ended');
  });

  it('is replaced after a quarter of an hour, and its code is said to be too late', async () => {
    const { ctx, desk, owner } = await house(databases);
    const at = owner.browser;
    const { secret } = granted(await desk.enrolTotp(at.visit()));
    await ctx.clock.advance(15 * MINUTE + 1);
    at.take(granted(await desk.proveTotp({ ...at.visit(), code: owner.totp(ctx.clock.now()) })));
    const code = codeAt(fromBase32(secret), Math.floor(ctx.clock.now() / STEP));
    assert.equal(reasonOf(await desk.confirmTotp({ ...at.visit(), code })), 'offer-ended');
    assert.notEqual(granted(await desk.enrolTotp(at.visit())).secret, secret);
  });
});
