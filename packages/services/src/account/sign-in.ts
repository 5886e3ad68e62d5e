import { eq } from '@upheld/db/query.ts';
import { isRefused, refused } from './refusal.ts';
import type { Answer, Cookies, Pending, Refused, Visit } from './types.ts';
import { mayUseConsole } from './address-list.ts';
import { knownDevice } from './devices.ts';
import type { Engine } from './engine.ts';
import { attempt, passwordBuckets } from './guessing.ts';
import { hasFactor } from './people.ts';
import { currentSession, takeSession } from './sessions.ts';
import { forgiveTry } from './tries.ts';
import { headersOf } from './visit.ts';

/** What an address is known under. */
export function normalEmail(email: string): string {
  return email.trim().toLowerCase();
}

/**
 * The first step: address and password. What it opens may only enter or enrol a second factor. An
 * unknown address is answered like a wrong password, after the same hashing.
 */
export async function signIn(
  engine: Engine,
  input: Visit & { email: string; password: string },
): Promise<Answer<{ next: Pending } & Cookies>> {
  const { ctx } = engine;
  if (!mayUseConsole(ctx, input.address)) return refused('address-not-allowed');
  const email = normalEmail(input.email);
  const { q, t } = ctx.db.read;
  const [person] = await q
    .select({ id: t.people.id })
    .from(t.people)
    .where(eq(t.people.email, email));
  const personId = person?.id ?? null;
  const device = await knownDevice(ctx.db.read, input, engine.secure());
  const buckets = await passwordBuckets(engine, { email, personId, visit: input, device });
  const tried = await attempt(engine, buckets, { visit: input, personId });
  if (isRefused(tried)) return tried;

  const before = await currentSession(engine, input);
  const opened = await checkPassword(engine, input, email);
  if (isRefused(opened)) {
    if (opened.reason === 'wrong-credentials') await tried.wrong();
    return opened;
  }
  await ctx.db.transact(async (h) => {
    await forgiveTry(h, buckets, ctx.clock.now());
    // The session that this browser had ends here: none is carried over a sign-in.
    if (before) await takeSession(h, before.session.id);
  });
  const next = (await hasFactor(ctx.db.read, opened.personId)) ? 'second-factor' : 'enrol';
  return { ok: true, next, cookies: opened.cookies };
}

async function checkPassword(
  engine: Engine,
  visit: Visit & { password: string },
  email: string,
): Promise<{ personId: string; cookies: string[] } | Refused> {
  const auth = await engine.auth();
  const { failureOf } = await import('./auth-failure.ts');
  try {
    const { headers, response } = await auth.api.signInEmail({
      body: { email, password: visit.password },
      headers: headersOf(visit),
      returnHeaders: true,
    });
    return { personId: response.user.id, cookies: headers.getSetCookie() };
  } catch (error) {
    return refused(failureOf(error, 'wrong-credentials'));
  }
}
