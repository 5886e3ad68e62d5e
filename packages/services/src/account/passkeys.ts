import { eq } from '@upheld/db/query.ts';
import { z } from 'zod';
import { mayUseConsole } from './address-list.ts';
import { isRefused, refused } from './refusal.ts';
import type { Answer, Cookies, FirstCodes, PasskeyOptions, Refused, Visit } from './types.ts';
import type { Engine } from './engine.ts';
import { enrolled, enrolling, unlessEnded } from './enrol.ts';
import { askingBucket, attempt } from './guessing.ts';
import { noteProof, renewSession } from './second-factor.ts';
import { currentSession, noteSignIn, takeSession } from './sessions.ts';
import { headersOf } from './visit.ts';

const LONGEST_NAME = 60;

/** What a browser sends; whether it is true is for the verification to say. */
const base64url = z.string().max(10_000);
const credentialShape = {
  id: base64url,
  rawId: base64url,
  type: z.literal('public-key'),
  clientExtensionResults: z.looseObject({}),
};
const assertionShape = z.object({
  ...credentialShape,
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
  }),
});
const registrationShape = z.object({
  ...credentialShape,
  response: z.looseObject({ clientDataJSON: base64url, attestationObject: base64url }),
});

/** A challenge for a passkey to sign in with, kept here for five minutes and used once. */
export async function passkeySignInOptions(
  engine: Engine,
  input: Visit,
): Promise<Answer<{ options: PasskeyOptions } & Cookies>> {
  if (!mayUseConsole(engine.ctx, input.address)) return refused('address-not-allowed');
  const asked = await attempt(engine, [await askingBucket(engine, input)], {
    visit: input,
    personId: null,
  });
  if (isRefused(asked)) return asked;
  const auth = await engine.auth();
  const { headers, response } = await auth.api.generatePasskeyAuthenticationOptions({
    headers: headersOf(input),
    returnHeaders: true,
  });
  return { ok: true, options: { ...response }, cookies: headers.getSetCookie() };
}

/** Signs in with a passkey, alone or as the second step after a password. */
export async function verifyPasskeySignIn(
  engine: Engine,
  input: Visit & { response: unknown },
): Promise<Answer<Cookies>> {
  const { ctx } = engine;
  if (!mayUseConsole(ctx, input.address)) return refused('address-not-allowed');
  const before = await currentSession(engine, input);
  const opened = await assertPasskey(engine, input);
  if (isRefused(opened)) return opened;
  const now = ctx.clock.now();
  const cookies = await ctx.db.transact(async (h) => {
    if (before) await takeSession(h, before.session.id);
    const [person] = await h.q.select().from(h.t.people).where(eq(h.t.people.id, opened.personId));
    return person && noteSignIn(h, engine, { visit: input, person, method: 'passkey', now });
  });
  return cookies
    ? { ok: true, cookies: [...opened.cookies, ...cookies] }
    : refused('passkey-refused');
}

/** Shows a passkey once more, in a session that is signed in; a passkey of somebody else is none. */
export async function provePasskey(
  engine: Engine,
  input: Visit & { response: unknown },
): Promise<Answer<Cookies>> {
  const { ctx } = engine;
  const current = await currentSession(engine, input);
  if (current?.pending !== null) return refused('session-ended');
  const { person, session } = current;
  const opened = await assertPasskey(engine, input);
  if (isRefused(opened)) return opened;
  const own = opened.personId === person.id;
  const renewed = await ctx.db.transact(async (h) => {
    const { q, t } = h;
    if (!own || !(await takeSession(h, session.id))) {
      await takeSession(h, opened.sessionId);
      return false;
    }
    // Showing a factor once more does not make a session last longer.
    await q
      .update(t.sessions)
      .set({ expiresAt: session.expiresAt })
      .where(eq(t.sessions.id, opened.sessionId))
      .returning({ id: t.sessions.id });
    await noteProof(h, engine, { current, visit: input, method: 'passkey' });
    return true;
  });
  if (!own) return refused('passkey-refused');
  return renewed ? { ok: true, cookies: opened.cookies } : refused('session-ended');
}

interface Asserted {
  personId: string;
  /** The session that was opened with it. */
  sessionId: string;
  cookies: string[];
}

async function assertPasskey(
  engine: Engine,
  input: Visit & { response: unknown },
): Promise<Asserted | Refused> {
  const assertion = assertionShape.safeParse(input.response);
  if (!assertion.success) return refused('passkey-refused');
  const auth = await engine.auth();
  const { failureOf } = await import('./auth-failure.ts');
  try {
    const { headers, response } = await auth.api.verifyPasskeyAuthentication({
      body: { response: assertion.data },
      headers: headersOf(input),
      returnHeaders: true,
    });
    const { session, user } = response;
    return { personId: user.id, sessionId: session.id, cookies: headers.getSetCookie() };
  } catch (error) {
    return refused(failureOf(error, 'passkey-refused'));
  }
}

/** What a browser needs to make a passkey for the person who asks. */
export async function passkeyRegistrationOptions(
  engine: Engine,
  input: Visit,
): Promise<Answer<{ options: PasskeyOptions } & Cookies>> {
  if (!(await enrolling(engine, input))) return refused('session-ended');
  const auth = await engine.auth();
  const { headers, response } = await auth.api.generatePasskeyRegistrationOptions({
    headers: headersOf(input),
    returnHeaders: true,
  });
  return { ok: true, options: { ...response }, cookies: headers.getSetCookie() };
}

/** Keeps the passkey that a browser made. */
export async function verifyPasskeyRegistration(
  engine: Engine,
  input: Visit & { response: unknown; name?: string | undefined },
): Promise<Answer<FirstCodes & Cookies>> {
  const { ctx } = engine;
  const current = await enrolling(engine, input);
  if (!current) return refused('session-ended');
  const kept = await keepPasskey(engine, input);
  if (isRefused(kept)) return kept;
  const now = ctx.clock.now();
  const done = await unlessEnded(
    ctx.db.transact((h) => enrolled(h, engine, { current, visit: input, method: 'passkey', now })),
  );
  if (done === 'session-ended') {
    await ctx.db.transact(({ q, t }) =>
      q.delete(t.passkeys).where(eq(t.passkeys.id, kept.id)).returning(),
    );
    return refused(done);
  }
  const { recoveryCodes, cookies } = done;
  const renewed = await renewSession(engine, input, done);
  return { ok: true, recoveryCodes, cookies: [...renewed, ...cookies] };
}

async function keepPasskey(
  engine: Engine,
  input: Visit & { response: unknown; name?: string | undefined },
): Promise<{ id: string } | Refused> {
  const credential = registrationShape.safeParse(input.response);
  if (!credential.success) return refused('passkey-refused');
  const name = input.name?.trim().slice(0, LONGEST_NAME);
  const auth = await engine.auth();
  const { failureOf } = await import('./auth-failure.ts');
  try {
    const passkey = await auth.api.verifyPasskeyRegistration({
      body: { response: credential.data, ...(name ? { name } : {}) },
      headers: headersOf(input),
    });
    return { id: passkey.id };
  } catch (error) {
    return refused(failureOf(error, 'passkey-refused'));
  }
}
