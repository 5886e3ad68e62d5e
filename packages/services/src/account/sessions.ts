import type { Handle } from '@upheld/db/database.ts';
import { and, desc, eq, gt, lte, ne } from '@upheld/db/query.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { recordAudit, type Change } from '../audit/record.ts';
import type { Actor } from '../context.ts';
import { mayUseConsole } from './address-list.ts';
import type { Cookies, Pending, SessionView, SignedIn, Visit } from './types.ts';
import { rememberDevice } from './devices.ts';
import type { Engine } from './engine.ts';
import { asOfMachine } from './machine-clock.ts';
import { hasFactor, type PersonRow } from './people.ts';
import { hasCookies, headersOf } from './visit.ts';

const MINUTE = 60_000;
/** Long enough to install an app and scan a code, or to find the telephone. */
const LONGEST_PENDING_MS = 15 * MINUTE;
/** Use is noted at most this often, so that reading does not become writing. */
const USE_NOTED_EVERY_MS = MINUTE;

export type SessionRow = Handle['t']['sessions']['$inferSelect'];

/** A session that stands, and whose it is. */
export interface Current {
  session: SessionRow;
  person: PersonRow;
  /** What is still missing; null when a second factor was passed. */
  pending: Pending | null;
}

/** The session of a visit; null where there is none, or it has ended in whichever way. */
export async function currentSession(engine: Engine, visit: Visit): Promise<Current | null> {
  const { ctx } = engine;
  if (!hasCookies(visit) || !mayUseConsole(ctx, visit.address)) return null;
  const auth = await engine.auth();
  const known = await auth.api.getSession({
    headers: headersOf(visit),
    query: { disableRefresh: true },
  });
  if (!known) return null;
  const { q, t } = ctx.db.read;
  const [found] = await q
    .select({ session: t.sessions, person: t.people })
    .from(t.sessions)
    .innerJoin(t.people, eq(t.people.id, t.sessions.personId))
    .where(eq(t.sessions.id, known.session.id));
  if (!found) return null;
  const { session, person } = found;
  const now = ctx.clock.now();
  if (person.blockedAt !== null || isOver(session, ctx.config().console.idle, now)) {
    await endSession(engine, session.id);
    return null;
  }
  await noteUse(engine, session, now);
  if (session.passedAt !== null) return { session, person, pending: null };
  const enrolled = await hasFactor(ctx.db.read, person.id);
  return { session, person, pending: enrolled ? 'second-factor' : 'enrol' };
}

function isOver(session: SessionRow, idleMs: number, now: Instant): boolean {
  if (now >= session.expiresAt || now - session.lastUsedAt > idleMs) return true;
  return session.passedAt === null && now - session.createdAt > LONGEST_PENDING_MS;
}

async function noteUse({ ctx }: Engine, session: SessionRow, now: Instant): Promise<void> {
  if (now - session.lastUsedAt < USE_NOTED_EVERY_MS) return;
  await ctx.db.transact(({ q, t }) =>
    q
      .update(t.sessions)
      .set({ lastUsedAt: now })
      .where(
        and(eq(t.sessions.id, session.id), lte(t.sessions.lastUsedAt, now - USE_NOTED_EVERY_MS)),
      )
      .returning({ id: t.sessions.id }),
  );
}

async function endSession({ ctx }: Engine, id: string): Promise<void> {
  await ctx.db.transact((h) => takeSession(h, id));
}

/** Ends a session; false where another request was faster. */
export async function takeSession({ q, t }: Handle, id: string): Promise<boolean> {
  const ended = await q
    .delete(t.sessions)
    .where(eq(t.sessions.id, id))
    .returning({ id: t.sessions.id });
  return ended.length > 0;
}

interface Opening {
  personId: string;
  /** Null where no second factor was passed; else when one was last shown. */
  passed: { provenAt: Instant | null } | null;
  /** When it ends, where that is not the longest that a session may last. */
  until?: Instant;
}

/** Opens a session under a new token. Throws the error that `failureOf` knows when the person may not. */
export async function openSession(
  engine: Engine,
  visit: Visit,
  { personId, passed, until }: Opening,
): Promise<{ id: string; cookies: string[] }> {
  const auth = await engine.auth();
  const date = (at: Instant | null | undefined): Date | null =>
    typeof at === 'number' ? asOfMachine(engine.ctx.clock, at) : null;
  const { headers, response } = await auth.api.openSession({
    body: {
      personId,
      passed: passed && { provenAt: date(passed.provenAt) },
      until: date(until),
    },
    headers: headersOf(visit),
    returnHeaders: true,
  });
  return { id: response.sessionId, cookies: headers.getSetCookie() };
}

/** Ends the session of a visit and makes the browser forget it. */
export async function signOut(engine: Engine, visit: Visit): Promise<Cookies> {
  const { ctx } = engine;
  const current = await currentSession(engine, visit);
  if (current)
    await ctx.db.transact(async (h) => {
      if (!(await takeSession(h, current.session.id))) return;
      await recordAudit(h, ctx, actorAt(current.person, visit), {
        action: 'account.sign-out',
        subject: current.person.id,
      });
    });
  return { cookies: await forgottenCookies(engine, visit) };
}

async function forgottenCookies(engine: Engine, visit: Visit): Promise<string[]> {
  if (!hasCookies(visit)) return [];
  const auth = await engine.auth();
  const { headers } = await auth.api.forgetSession({
    headers: headersOf(visit),
    returnHeaders: true,
  });
  return headers.getSetCookie();
}

/**
 * What is written whenever somebody has signed in fully: when, with what, and from which device. `made` is
 * recorded before it: after an audit record nothing else is locked, so that no two wait for each other.
 */
export async function noteSignIn(
  h: Handle,
  engine: Engine,
  input: { visit: Visit; person: PersonRow; method: string; now: Instant; made?: Change },
): Promise<string[]> {
  const { visit, person, method, now, made } = input;
  await h.q
    .update(h.t.people)
    .set({ lastSignInAt: now, unusedSince: now })
    .where(eq(h.t.people.id, person.id))
    .returning({ id: h.t.people.id });
  const secure = engine.secure();
  const cookies = await rememberDevice(h, engine.ctx, { visit, personId: person.id, secure, now });
  const actor = actorAt(person, visit);
  if (made) await recordAudit(h, engine.ctx, actor, made);
  await recordAudit(h, engine.ctx, actor, {
    action: 'account.sign-in',
    subject: person.id,
    after: { method },
  });
  return cookies;
}

/** In whose name a person changes their own account. */
export function actorAt({ id, name }: { id: string; name: string }, { address }: Visit): Actor {
  return { name, id, via: 'console', address };
}

/** The sessions of a person that stand, the newest first. */
export async function listSessions(engine: Engine, person: SignedIn): Promise<SessionView[]> {
  const { ctx } = engine;
  const now = ctx.clock.now();
  const { idle } = ctx.config().console;
  const { q, t } = ctx.db.read;
  const rows = await q
    .select()
    .from(t.sessions)
    .where(and(eq(t.sessions.personId, person.id), gt(t.sessions.expiresAt, now)))
    .orderBy(desc(t.sessions.id));
  return rows
    .filter((row) => !isOver(row, idle, now))
    .map(({ id, createdAt, lastUsedAt, address, userAgent }) => ({
      id,
      createdAt,
      lastUsedAt,
      address,
      userAgent,
      current: id === person.sessionId,
    }));
}

/** Ends one of the person's own sessions. Throws DomainError('not-found') for anyone else's. */
export async function revokeOwnSession(
  { ctx }: Engine,
  person: SignedIn,
  input: Visit & { id: string },
): Promise<void> {
  await ctx.db.transact(async (h) => {
    const { q, t } = h;
    const ended = await q
      .delete(t.sessions)
      .where(and(eq(t.sessions.id, input.id), eq(t.sessions.personId, person.id)))
      .returning({ id: t.sessions.id });
    if (ended.length === 0) throw new DomainError('not-found', 'there is no such session of yours');
    await recordAudit(h, ctx, actorAt(person, input), {
      action: 'account.session-end',
      subject: person.id,
      after: { sessions: 1 },
    });
  });
}

/** Ends all sessions of a person but the one that asks, and gives how many. */
export async function revokeOthers(
  { ctx }: Engine,
  person: SignedIn,
  visit: Visit,
): Promise<number> {
  return ctx.db.transact(async (h) => {
    const sessions = await dropOtherSessions(h, person);
    await recordAudit(h, ctx, actorAt(person, visit), {
      action: 'account.session-end',
      subject: person.id,
      after: { sessions },
    });
    return sessions;
  });
}

/** Ends every session of a person but the one that they are in, and gives how many. */
export async function dropOtherSessions({ q, t }: Handle, person: SignedIn): Promise<number> {
  const ended = await q
    .delete(t.sessions)
    .where(and(eq(t.sessions.personId, person.id), ne(t.sessions.id, person.sessionId)))
    .returning({ id: t.sessions.id });
  return ended.length;
}

/** Deletes what has run out: sessions nobody came back to, challenges nobody answered. */
export async function forgetExpired({ q, t }: Handle, now: Instant): Promise<void> {
  await q.delete(t.sessions).where(lte(t.sessions.expiresAt, now)).returning({ id: t.sessions.id });
  await q
    .delete(t.challenges)
    .where(lte(t.challenges.expiresAt, now))
    .returning({ id: t.challenges.id });
}
