import type { Handle } from '@upheld/db/database.ts';
import { and, eq, isNotNull } from '@upheld/db/query.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { createHash } from 'node:crypto';
import { recordAudit } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { isRefused, refused } from './refusal.ts';
import type { Answer, Cookies, FirstCodes, Visit } from './types.ts';
import type { Engine } from './engine.ts';
import { attempt, codeBucket } from './guessing.ts';
import { mailNotice } from './notice.ts';
import { dropSessions } from './people.ts';
import { needProof } from './proof.ts';
import { codesLeft, renewCodes } from './recovery-codes.ts';
import { renewSession } from './second-factor.ts';
import { seal, unsealed } from './seal.ts';
import { actorAt, currentSession, noteSignIn, takeSession, type Current } from './sessions.ts';
import { base32, fromBase32, stepOf, totpUri } from './totp.ts';
import { forgiveTry } from './tries.ts';

/** RFC 4226, section 4: 160 bits. */
const SECRET_BYTES = 20;
const OFFER_STANDS_MS = 15 * 60_000;

/**
 * A session that may change the factors: signed in fully, or with none to pass yet. Throws ProofNeeded
 * where a factor that there is was not shown lately.
 */
export async function enrolling(engine: Engine, visit: Visit): Promise<Current | null> {
  const current = await currentSession(engine, visit);
  if (!current || current.pending === 'second-factor') return null;
  const { provenAt } = current.session;
  if (current.pending === null) needProof(engine.ctx, { via: 'console', provenAt });
  return current;
}

/**
 * Offers a secret for an authenticator app; the one in use stays in use until a code of it is confirmed. A
 * page that is loaded again gets the same one. It is sealed for the session that asks: whoever else has
 * the password never sees what its owner is about to scan.
 */
export async function enrolTotp(
  engine: Engine,
  input: Visit,
): Promise<Answer<{ secret: string; uri: string }>> {
  const { ctx } = engine;
  const current = await enrolling(engine, input);
  if (!current) return refused('session-ended');
  const { person } = current;
  const key = await engine.secret();
  const secret = await ctx.db.transact(
    async (h) => (await standingOffer(h, ctx, key, current)) ?? newOffer(h, ctx, key, current),
  );
  const issuer = ctx.config().organisation.name;
  return { ok: true, secret, uri: totpUri({ secret, issuer, account: person.email }) };
}

/** Whose an offered secret is: of one person, in one session. */
function offeredTo({ person, session }: Current): string {
  return `${person.id}\n${session.id}`;
}

async function standingOffer(
  { q, t }: Handle,
  { clock }: Pick<Context, 'clock'>,
  key: string,
  current: Current,
): Promise<string | null> {
  const { person } = current;
  const [factor] = await q
    .select()
    .from(t.totpFactors)
    .where(eq(t.totpFactors.personId, person.id));
  if (!factor || factor.offeredSecret === null || factor.offeredAt === null) return null;
  if (clock.now() - factor.offeredAt > OFFER_STANDS_MS) return null;
  return unsealed(key, offeredTo(current), factor.offeredSecret);
}

async function newOffer(
  { q, t }: Handle,
  { clock, ids }: Pick<Context, 'clock' | 'ids'>,
  key: string,
  current: Current,
): Promise<string> {
  const random = createHash('sha256').update(ids.secret(32)).digest();
  const secret = base32(random.subarray(0, SECRET_BYTES));
  const offer = {
    offeredSecret: seal(key, offeredTo(current), secret),
    offeredAt: clock.now(),
  };
  await q
    .insert(t.totpFactors)
    .values({ personId: current.person.id, lastStep: 0, ...offer })
    .onConflictDoUpdate({ target: t.totpFactors.personId, set: offer })
    .returning({ personId: t.totpFactors.personId });
  return secret;
}

/** Takes the offered secret into use with a code of it, which is then used up. */
export async function confirmTotp(
  engine: Engine,
  input: Visit & { code: string },
): Promise<Answer<FirstCodes & Cookies>> {
  const { ctx } = engine;
  const current = await enrolling(engine, input);
  if (!current) return refused('session-ended');
  const { person } = current;
  const bucket = await codeBucket(engine, person.id);
  const tried = await attempt(engine, [bucket], { visit: input, personId: person.id });
  if (isRefused(tried)) return tried;
  const key = await engine.secret();
  const now = ctx.clock.now();
  const done = await unlessEnded(
    ctx.db.transact(async (h) => {
      const offered = await standingOffer(h, ctx, key, current);
      if (offered === null) return 'offer-ended' as const;
      const taken = { key, personId: person.id, secret: offered, code: input.code, now };
      if (!(await takeOffer(h, taken))) return 'wrong-code' as const;
      await forgiveTry(h, [bucket], now);
      return enrolled(h, engine, { current, visit: input, method: 'totp', now });
    }),
  );
  if (done === 'wrong-code') await tried.wrong();
  if (typeof done === 'string') return refused(done);
  const { recoveryCodes, cookies } = done;
  const renewed = await renewSession(engine, input, done);
  return { ok: true, recoveryCodes, cookies: [...renewed, ...cookies] };
}

class SessionEnded extends Error {}

/** The outcome of an enrolment; 'session-ended' when nothing came of it because the session was over. */
export async function unlessEnded<T>(work: Promise<T>): Promise<T | 'session-ended'> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof SessionEnded) return 'session-ended';
    throw error;
  }
}

interface Offered {
  /** The secret of the installation. */
  key: string;
  /** The one that was offered. */
  secret: string;
  personId: string;
  code: string;
  now: Instant;
}

async function takeOffer(
  { q, t }: Handle,
  { key, secret, personId, code, now }: Offered,
): Promise<boolean> {
  const step = stepOf(fromBase32(secret), code, now);
  if (step === null) return false;
  const taken = await q
    .update(t.totpFactors)
    .set({
      secret: seal(key, personId, secret),
      lastStep: step,
      confirmedAt: now,
      offeredSecret: null,
      offeredAt: null,
    })
    .where(and(eq(t.totpFactors.personId, personId), isNotNull(t.totpFactors.offeredSecret)))
    .returning({ personId: t.totpFactors.personId });
  return taken.length > 0;
}

interface Enrolled extends FirstCodes, Cookies {
  personId: string;
  /** When a factor was last shown: now, with the first one that was made. */
  provenAt: Instant | null;
}

/**
 * What goes with every factor that is made, in its transaction: the session ends, for it is renewed, and
 * so do all others; the first factor comes with recovery codes; and who was enrolling has signed in.
 * Throws SessionEnded, which takes the factor back, when the session was ended meanwhile.
 */
export async function enrolled(
  h: Handle,
  engine: Engine,
  input: { current: Current; visit: Visit; method: 'totp' | 'passkey'; now: Instant },
): Promise<Enrolled> {
  const { current, visit, method, now } = input;
  const { person, session, pending } = current;
  if (!(await takeSession(h, session.id))) throw new SessionEnded();
  const sessionsEnded = await dropSessions(h, person.id);
  const first = (await codesLeft(h, person.id)) === 0;
  const recoveryCodes = first ? await renewCodes(h, engine.ctx, person.id, now) : null;
  const made = {
    action: 'account.factor-add',
    subject: person.id,
    after: { method, recoveryCodes: recoveryCodes !== null, sessionsEnded },
  };
  // Not of the first account that somebody makes: they are at it.
  if (person.lastSignInAt !== null)
    await mailNotice(h, engine.ctx, {
      ...{ event: method === 'totp' ? 'app' : 'passkey-added', person, now },
      address: visit.address,
    });
  const about = { personId: person.id, recoveryCodes };
  if (pending !== null) {
    const cookies = await noteSignIn(h, engine, { visit, person, method, now, made });
    return { ...about, provenAt: now, cookies };
  }
  await recordAudit(h, engine.ctx, actorAt(person, visit), made);
  return { ...about, provenAt: session.provenAt, cookies: [] };
}
