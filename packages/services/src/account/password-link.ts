import type { Handle } from '@upheld/db/database.ts';
import { and, eq, isNull } from '@upheld/db/query.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { z } from 'zod';
import { recordAudit } from '../audit/record.ts';
import type { Actor, Context } from '../context.ts';
import { idInput, parseInput } from '../input.ts';
import { tokenHash } from '../secret.ts';
import { linkOf } from './links.ts';
import { mailNotice } from './notice.ts';
import { dropSessions, lockPeople, personRow, setPerson, type PersonRow } from './people.ts';
import { needProof } from './proof.ts';
import { bucketOf, forgiveTry } from './tries.ts';

const TOKEN_BYTES = 32;
const VALID_MS = 86_400_000;
const whom = z.strictObject({ id: idInput });

/**
 * A one-time link with which somebody who forgot their password chooses another one, within a day. Their
 * sessions end now; their second factor stays, and is asked for after it.
 */
export async function resetPassword(
  ctx: Context,
  actor: Actor,
  input: { id: string },
): Promise<{ link: string; expiresAt: Instant }> {
  const { id } = parseInput(whom, input);
  needProof(ctx, actor);
  const now = ctx.clock.now();
  const token = ctx.ids.secret(TOKEN_BYTES);
  const expiresAt = now + VALID_MS;
  await ctx.db.transact(async (h) => {
    await lockPeople(h);
    const { email, role } = await personRow(h, id);
    await withdrawFor(h, email, now);
    await dropSessions(h, id);
    await h.q.insert(h.t.invitations).values({
      id: ctx.ids.next(),
      hash: tokenHash(token),
      email,
      role,
      personId: id,
      invitedBy: actor.name,
      createdAt: now,
      expiresAt,
    });
    await recordAudit(h, ctx, actor, { action: 'account.password-link', subject: id });
  });
  return { link: linkOf(ctx, 'invitation', token), expiresAt };
}

/** Ends the links that an address has not used. */
export async function withdrawFor({ q, t }: Handle, email: string, now: Instant): Promise<void> {
  await q
    .update(t.invitations)
    .set({ withdrawnAt: now })
    .where(
      and(
        eq(t.invitations.email, email),
        isNull(t.invitations.usedAt),
        isNull(t.invitations.withdrawnAt),
      ),
    )
    .returning({ id: t.invitations.id });
}

/** Puts a new password in the place of the old one, for who came by such a link; null for who is blocked. */
export async function renewPassword(
  h: Handle,
  ctx: Pick<Context, 'clock' | 'ids' | 'config'>,
  input: {
    personId: string;
    passwordHash: string;
    secret: string;
    now: Instant;
    address: string;
    actor: (row: PersonRow) => Actor;
  },
): Promise<PersonRow | null> {
  const { personId, passwordHash, secret, now, address, actor } = input;
  const row = await personRow(h, personId);
  if (row.blockedAt !== null) return null;
  await forgiveTry(h, [bucketOf(secret, 'account', row.email)], now);
  const { credentials } = h.t;
  await h.q
    .update(credentials)
    .set({ password: passwordHash, updatedAt: now })
    .where(and(eq(credentials.personId, personId), eq(credentials.providerId, 'credential')))
    .returning({ id: credentials.id });
  const sessionsEnded = await dropSessions(h, personId);
  const person = await setPerson(h, row, { unusedSince: now }, now);
  await mailNotice(h, ctx, { event: 'password', person, now, address });
  await recordAudit(h, ctx, actor(person), {
    action: 'account.password',
    subject: personId,
    after: { sessionsEnded },
  });
  return person;
}
