import type { Role } from '@upheld/domain/access/permissions.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { AccountDesk, Answer, SignedIn, Visit } from '@upheld/services/account/desk.ts';
import { renewSetupLink } from '@upheld/services/account/first-account.ts';
import { codeAt, fromBase32 } from '@upheld/services/account/totp.ts';
import type { Context } from '@upheld/services/context.ts';
import assert from 'node:assert/strict';

export const PASSWORD = 'rode fietsen in de regen';
const STEP_MS = 30_000;

/** A browser at an address, with the cookies that it was given. */
export interface Browser {
  visit(): Visit;
  /** Keeps the cookies of an answer, and gives the answer on. */
  take<T extends { cookies?: string[] }>(answer: T): T;
  /** The Cookie header that it sends. */
  readonly cookie: string;
}

export function browser(address = '192.0.2.10', userAgent = 'Mozilla/5.0 (test)'): Browser {
  const jar = new Map<string, string>();
  const header = (): string => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  return {
    visit: () => ({ address, userAgent, cookie: header() }),
    take(answer) {
      for (const line of answer.cookies ?? []) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (/max-age=0(;|$)/i.test(line)) jar.delete(name);
        else jar.set(name, value);
      }
      return answer;
    },
    get cookie() {
      return header();
    },
  };
}

/** An account with its second factor, signed in. */
export interface TestPerson {
  person: SignedIn;
  browser: Browser;
  email: string;
  password: string;
  recoveryCodes: string[];
  /** What the authenticator app shows at a moment. */
  totp(at: Instant): string;
}

/** The answer, which must not be a refusal. */
export function granted<T>(answer: Answer<T>): { ok: true } & T {
  assert.ok(answer.ok, `refused: ${JSON.stringify(answer)}`);
  return answer;
}

/** The token in a one-time link. */
export function tokenIn(link: string | null): string {
  return new URL(link ?? '').searchParams.get('token') ?? '';
}

/** Sets the first account up, an owner, as a person would. */
export async function firstOwner(
  ctx: Context,
  desk: AccountDesk,
  from = browser(),
): Promise<TestPerson> {
  const email = 'olga@zorgsoftware.example';
  const token = tokenIn(await renewSetupLink(ctx));
  const about = { token, name: 'Olga Owner', email, password: PASSWORD };
  from.take(granted(await desk.setUp({ ...from.visit(), ...about })));
  return enrol(ctx, desk, { from, email });
}

/** Invites somebody in an owner's name, and lets them make their account. */
export async function colleague(
  ctx: Context,
  desk: AccountDesk,
  input: { invitedBy: SignedIn; role: Role; name: string; from?: Browser },
): Promise<TestPerson> {
  const { invitedBy, role, name, from = browser() } = input;
  const email = `${name.toLowerCase().replaceAll(' ', '.')}@zorgsoftware.example`;
  const { link } = await desk.invite({ name: invitedBy.name, id: invitedBy.id }, { email, role });
  const about = { token: tokenIn(link), name, password: PASSWORD };
  from.take(granted(await desk.acceptInvitation({ ...from.visit(), ...about })));
  return enrol(ctx, desk, { from, email });
}

async function enrol(
  ctx: Context,
  desk: AccountDesk,
  { from, email }: { from: Browser; email: string },
): Promise<TestPerson> {
  const offered = granted(await desk.enrolTotp(from.visit()));
  const totp = (at: Instant): string =>
    codeAt(fromBase32(offered.secret), Math.floor(at / STEP_MS));
  const confirmed = granted(
    await desk.confirmTotp({ ...from.visit(), code: totp(ctx.clock.now()) }),
  );
  from.take(confirmed);
  const { person } = await desk.personOf(from.visit());
  assert.ok(person);
  const recoveryCodes = confirmed.recoveryCodes ?? [];
  return { person, browser: from, email, password: PASSWORD, recoveryCodes, totp };
}
