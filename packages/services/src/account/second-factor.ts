import type { Handle } from '@upheld/db/database.ts';
import { and, eq, isNotNull, lt } from '@upheld/db/query.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { recordAudit } from '../audit/record.ts';
import { isRefused, refused } from './refusal.ts';
import type { Answer, Cookies, Refused, Visit } from './types.ts';
import type { Engine } from './engine.ts';
import { attempt, codeBucket } from './guessing.ts';
import { mailNotice } from './notice.ts';
import { codesLeft, useCode } from './recovery-codes.ts';
import { unseal } from './seal.ts';
import {
  actorAt,
  currentSession,
  noteSignIn,
  openSession,
  takeSession,
  type Current,
} from './sessions.ts';
import { fromBase32, stepOf } from './totp.ts';
import { forgiveTry } from './tries.ts';

type TypedCode = Visit & { code: string };

/** The second step with a code of an authenticator app. Each code is accepted once. */
export async function verifyTotp(engine: Engine, input: TypedCode): Promise<Answer<Cookies>> {
  return answerOf(await pass(engine, input, 'sign-in', await totpProof(engine, input.code)));
}

/** The second step with a recovery code, which is then used up. */
export async function verifyRecoveryCode(
  engine: Engine,
  input: TypedCode,
): Promise<Answer<{ left: number } & Cookies>> {
  return withCodesLeft(engine, await pass(engine, input, 'sign-in', recoveryProof(input.code)));
}

/** Shows a code of an authenticator app once more, in a session that has passed one before. */
export async function proveTotp(engine: Engine, input: TypedCode): Promise<Answer<Cookies>> {
  return answerOf(await pass(engine, input, 'proof', await totpProof(engine, input.code)));
}

/** The same with a recovery code, which is then used up. */
export async function proveRecoveryCode(
  engine: Engine,
  input: TypedCode,
): Promise<Answer<{ left: number } & Cookies>> {
  return withCodesLeft(engine, await pass(engine, input, 'proof', recoveryProof(input.code)));
}

interface Proof {
  method: 'totp' | 'recovery-code';
  /** Uses the proof up in the transaction; false when it is none. */
  claim(h: Handle, personId: string, now: Instant): Promise<boolean>;
}

async function totpProof(engine: Engine, code: string): Promise<Proof> {
  const secret = await engine.secret();
  return {
    method: 'totp',
    claim: (h, personId, now) => claimTotp(h, { secret, personId, code, now }),
  };
}

function recoveryProof(code: string): Proof {
  return {
    method: 'recovery-code',
    claim: (h, personId, now) => useCode(h, personId, code, now),
  };
}

interface Passed {
  personId: string;
  cookies: string[];
}

/** Takes a proof that completes a sign-in, or one that a session which is signed in gives once more. */
async function pass(
  engine: Engine,
  visit: Visit,
  step: 'sign-in' | 'proof',
  proof: Proof,
): Promise<Passed | Refused> {
  const { ctx } = engine;
  const current = await currentSession(engine, visit);
  const expected = step === 'sign-in' ? 'second-factor' : null;
  if (!current || current.pending !== expected) return refused('session-ended');
  const { person, session } = current;
  const bucket = await codeBucket(engine, person.id);
  const tried = await attempt(engine, [bucket], { visit, personId: person.id });
  if (isRefused(tried)) return tried;
  const now = ctx.clock.now();
  const passed = await ctx.db.transact(async (h) => {
    if (!(await proof.claim(h, person.id, now))) return 'wrong-code' as const;
    if (!(await takeSession(h, session.id))) return 'session-ended' as const;
    await forgiveTry(h, [bucket], now);
    if (proof.method === 'recovery-code')
      await mailNotice(h, ctx, {
        ...{ event: 'recovery-code-used', person, now },
        address: visit.address,
      });
    if (step === 'sign-in')
      return noteSignIn(h, engine, { visit, person, method: proof.method, now });
    await noteProof(h, engine, { current, visit, method: proof.method });
    return [];
  });
  if (passed === 'wrong-code') await tried.wrong();
  if (typeof passed === 'string') return refused(passed);
  const opened = await openSession(engine, visit, {
    personId: person.id,
    passed: { provenAt: now },
    // Showing a factor once more does not make a session last longer.
    ...(step === 'proof' ? { until: session.expiresAt } : {}),
  });
  return { personId: person.id, cookies: [...opened.cookies, ...passed] };
}

function answerOf(passed: Passed | Refused): Answer<Cookies> {
  return isRefused(passed) ? passed : { ok: true, cookies: passed.cookies };
}

async function withCodesLeft(
  { ctx }: Engine,
  passed: Passed | Refused,
): Promise<Answer<{ left: number } & Cookies>> {
  if (isRefused(passed)) return passed;
  const { personId, cookies } = passed;
  return { ok: true, left: await codesLeft(ctx.db.read, personId), cookies };
}

/** What is written when somebody showed a second factor once more: with what, and from where. */
export async function noteProof(
  h: Handle,
  { ctx }: Engine,
  { current, visit, method }: { current: Current; visit: Visit; method: string },
): Promise<void> {
  await recordAudit(h, ctx, actorAt(current.person, visit), {
    action: 'account.confirm',
    subject: current.person.id,
    after: { method },
  });
}

/** A new session in the place of one whose person has changed how they sign in. */
export async function renewSession(
  engine: Engine,
  visit: Visit,
  { personId, provenAt }: { personId: string; provenAt: Instant | null },
): Promise<string[]> {
  const opened = await openSession(engine, visit, { personId, passed: { provenAt } });
  return opened.cookies;
}

interface Claim {
  secret: string;
  personId: string;
  code: string;
  now: Instant;
}

/** Whether a code is right and of a later step than any that was accepted before; it is then used up. */
async function claimTotp({ q, t }: Handle, claim: Claim): Promise<boolean> {
  const { secret, personId, code, now } = claim;
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
