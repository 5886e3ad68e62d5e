import type { Handle } from '@upheld/db/database.ts';
import { and, eq, isNotNull, lt } from '@upheld/db/query.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { isRefused, refused } from './refusal.ts';
import type { Answer, Cookies, Visit } from './types.ts';
import type { Engine } from './engine.ts';
import { attempt, codeBucket } from './guessing.ts';
import { codesLeft, useCode } from './recovery-codes.ts';
import { unseal } from './seal.ts';
import { currentSession, noteSignIn, openSession, takeSession, type Current } from './sessions.ts';
import { fromBase32, stepOf } from './totp.ts';
import { forgiveTry } from './tries.ts';

/** The second step with a code of an authenticator app. Each code is accepted once. */
export async function verifyTotp(
  engine: Engine,
  input: Visit & { code: string },
): Promise<Answer<Cookies>> {
  const secret = await engine.secret();
  return passSecondFactor(engine, input, {
    method: 'totp',
    claim: (h, personId, now) => claimTotp(h, { secret, personId, code: input.code, now }),
  });
}

/** The second step with a recovery code, which is then used up. */
export async function verifyRecoveryCode(
  engine: Engine,
  input: Visit & { code: string },
): Promise<Answer<{ left: number } & Cookies>> {
  let personId = '';
  const answer = await passSecondFactor(engine, input, {
    method: 'recovery-code',
    claim(h, id, now) {
      personId = id;
      return useCode(h, id, input.code, now);
    },
  });
  return answer.ok ? { ...answer, left: await codesLeft(engine.ctx.db.read, personId) } : answer;
}

interface Proof {
  method: string;
  /** Uses the proof up in the transaction; false when it is none. */
  claim(h: Handle, personId: string, now: Instant): Promise<boolean>;
}

async function passSecondFactor(
  engine: Engine,
  visit: Visit,
  proof: Proof,
): Promise<Answer<Cookies>> {
  const { ctx } = engine;
  const current = await currentSession(engine, visit);
  if (current?.pending !== 'second-factor') return refused('session-ended');
  const { person, session } = current;
  const bucket = await codeBucket(engine, person.id);
  const tried = await attempt(engine, [bucket], { visit, personId: person.id });
  if (isRefused(tried)) return tried;
  const now = ctx.clock.now();
  const passed = await ctx.db.transact(async (h) => {
    if (!(await proof.claim(h, person.id, now))) return 'wrong-code' as const;
    if (!(await takeSession(h, session.id))) return 'session-ended' as const;
    await forgiveTry(h, [bucket], now);
    return noteSignIn(h, engine, { visit, person, method: proof.method, now });
  });
  if (passed === 'wrong-code') await tried.wrong();
  if (typeof passed === 'string') return refused(passed);
  const opened = await openSession(engine, visit, { personId: person.id, passed: true });
  return { ok: true, cookies: [...opened.cookies, ...passed] };
}

/** A new session in the place of one that has proven more, or whose person has changed how they sign in. */
export async function renewSession(
  engine: Engine,
  visit: Visit,
  { person }: Pick<Current, 'person'>,
): Promise<string[]> {
  const opened = await openSession(engine, visit, { personId: person.id, passed: true });
  return opened.cookies;
}

interface TypedCode {
  secret: string;
  personId: string;
  code: string;
  now: Instant;
}

/** Whether a code is right and of a later step than any that was accepted before; it is then used up. */
async function claimTotp({ q, t }: Handle, typed: TypedCode): Promise<boolean> {
  const { secret, personId, code, now } = typed;
  const [factor] = await q
    .select()
    .from(t.totpFactors)
    .where(and(eq(t.totpFactors.personId, personId), isNotNull(t.totpFactors.confirmedAt)));
  if (!factor || factor.secret === null) return false;
  const step = stepOf(fromBase32(unseal(secret, personId, factor.secret)), code, now);
  if (step === null) return false;
  const claimed = await q
    .update(t.totpFactors)
    .set({ lastStep: step })
    .where(and(eq(t.totpFactors.personId, personId), lt(t.totpFactors.lastStep, step)))
    .returning({ personId: t.totpFactors.personId });
  return claimed.length > 0;
}
