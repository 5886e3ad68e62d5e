import { and, count, eq, gt, isNull } from '@upheld/db/query.ts';
import { z } from 'zod';
import { recordAudit } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { mayUseConsole } from './address-list.ts';
import { chosen, emailInput, nameInput } from './chosen.ts';
import { refused } from './refusal.ts';
import type { Answer, Cookies, Visit } from './types.ts';
import type { Engine } from './engine.ts';
import { tokenHash } from '../secret.ts';
import { linkOf } from './links.ts';
import { addPerson, lockPeople, personRecord, type PersonRow } from './people.ts';
import { actorAt, openSession } from './sessions.ts';

/** The one row that a set-up link is: a fixed id, so that there is never a second one. */
export const SETUP_ID = 'setup';
const TOKEN_BYTES = 32;
const VALID_MS = 24 * 3_600_000;

/** Whether there is no account yet. */
export async function needsSetup({ db }: Pick<Context, 'db'>): Promise<boolean> {
  const [people] = await db.read.q.select({ rows: count() }).from(db.read.t.people);
  return (people?.rows ?? 0) === 0;
}

/**
 * A new one-time link for the first account, in the place of any before it; null where there is an
 * account. Valid until it is used, or for 24 hours. Only its hash is kept.
 */
export async function renewSetupLink(ctx: Context): Promise<string | null> {
  if (!(await needsSetup(ctx))) return null;
  const now = ctx.clock.now();
  const token = ctx.ids.secret(TOKEN_BYTES);
  const link = {
    hash: tokenHash(token),
    createdAt: now,
    expiresAt: now + VALID_MS,
    usedAt: null,
    withdrawnAt: null,
  };
  await ctx.db.transact(({ q, t }) =>
    q
      .insert(t.invitations)
      .values({ id: SETUP_ID, email: null, role: 'owner', invitedBy: 'upheld', ...link })
      .onConflictDoUpdate({ target: t.invitations.id, set: link })
      .returning({ id: t.invitations.id }),
  );
  return linkOf(ctx, 'setup', token);
}

const form = z.object({ name: nameInput, email: emailInput });

/** Makes the first account, an owner, and lets it enrol its second factor. Of two at once, one is made. */
export async function setUp(
  engine: Engine,
  input: Visit & { token: string; name: string; email: string; password: string },
): Promise<Answer<{ next: 'enrol' } & Cookies>> {
  const { ctx } = engine;
  if (!mayUseConsole(ctx, input.address)) return refused('address-not-allowed');
  // Looked at first, so that nobody without the link makes us hash passwords.
  if (!(await isOpen(ctx, input.token))) return refused('link-invalid');
  const { name, email } = await chosen(
    ctx,
    form,
    { name: input.name, email: input.email },
    { path: 'password', text: input.password, email: input.email, name: input.name },
  );
  const { hashPassword } = await import('./password-hash.ts');
  const owner = await claim(engine, input, {
    name,
    email,
    passwordHash: await hashPassword(input.password),
  });
  if (!owner) return refused('link-invalid');
  const { cookies } = await openSession(engine, input, { personId: owner.id, passed: null });
  return { ok: true, next: 'enrol', cookies };
}

async function isOpen({ db, clock }: Context, token: string): Promise<boolean> {
  const { q, t } = db.read;
  const [row] = await q
    .select({ id: t.invitations.id })
    .from(t.invitations)
    .where(
      and(
        eq(t.invitations.id, SETUP_ID),
        eq(t.invitations.hash, tokenHash(token)),
        isNull(t.invitations.usedAt),
        gt(t.invitations.expiresAt, clock.now()),
      ),
    );
  return row !== undefined;
}

function claim(
  { ctx }: Engine,
  visit: Visit & { token: string },
  about: { name: string; email: string; passwordHash: string },
): Promise<PersonRow | null> {
  const now = ctx.clock.now();
  return ctx.db.transact(async (h) => {
    await lockPeople(h);
    const { q, t } = h;
    const [people] = await q.select({ rows: count() }).from(t.people);
    if ((people?.rows ?? 0) > 0) return null;
    const used = await q
      .update(t.invitations)
      .set({ usedAt: now })
      .where(
        and(
          eq(t.invitations.id, SETUP_ID),
          eq(t.invitations.hash, tokenHash(visit.token)),
          isNull(t.invitations.usedAt),
          gt(t.invitations.expiresAt, now),
        ),
      )
      .returning({ id: t.invitations.id });
    if (used.length === 0) return null;
    const owner = await addPerson(h, ctx, { ...about, role: 'owner' }, now);
    if (!owner) return null;
    await recordAudit(h, ctx, actorAt(owner, visit), {
      action: 'account.create',
      subject: owner.id,
      after: personRecord(owner),
    });
    return owner;
  });
}
