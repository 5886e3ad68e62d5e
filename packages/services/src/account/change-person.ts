import type { Handle } from '@upheld/db/database.ts';
import { eq } from '@upheld/db/query.ts';
import type { Role } from '@upheld/domain/access/permissions.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { z } from 'zod';
import { recordAudit } from '../audit/record.ts';
import type { Actor, Context } from '../context.ts';
import { idInput, parseInput } from '../input.ts';
import { instanceSecret } from '../secret.ts';
import { roleInput } from './chosen.ts';
import type { InvitationView, PersonView } from './types.ts';
import { openInvitations } from './invitations.ts';
import {
  dropDevices,
  dropSessions,
  isLastOwner,
  lockPeople,
  personRecord,
  personRow,
  personView,
  setPerson,
  type PersonRow,
} from './people.ts';
import { mailNotice } from './notice.ts';
import { needProof } from './proof.ts';
import { bucketOf, forgiveTry } from './tries.ts';

/** Everyone who has an account, by name, and the invitations that are open. */
export async function listPeople(
  ctx: Context,
): Promise<{ people: PersonView[]; invitations: InvitationView[] }> {
  const { q, t } = ctx.db.read;
  const rows = await q.select().from(t.people);
  const sorted = rows.sort((a, b) => a.name.localeCompare(b.name, 'en') || (a.id < b.id ? -1 : 1));
  const people: PersonView[] = [];
  for (const row of sorted) people.push(await personView(ctx.db.read, row));
  return { people, invitations: await openInvitations(ctx) };
}

/** The account that an id or an address names. Throws DomainError('not-found'). */
export async function findPerson(ctx: Context, idOrEmail: string): Promise<PersonView> {
  const { people } = await listPeople(ctx);
  const wanted = idOrEmail.trim();
  const found =
    people.find(({ id }) => id === wanted) ??
    people.find(({ email }) => email === wanted.toLowerCase());
  if (!found)
    throw new DomainError(
      'not-found',
      `no account has the address or id "${wanted}"; see upheld account list`,
    );
  return found;
}

const roleChange = z.strictObject({ id: idInput, role: roleInput });
const whom = z.strictObject({ id: idInput });

/** Gives a person another role and ends their sessions. Throws DomainError('conflict') for the last owner. */
export async function changeRole(
  ctx: Context,
  actor: Actor,
  input: { id: string; role: Role },
): Promise<PersonView> {
  const { id, role } = parseInput(roleChange, input);
  needProof(ctx, actor);
  return change(ctx, actor, {
    id,
    action: 'account.role',
    async apply(h, row, now) {
      if (row.role === role) return row;
      if (await isLastOwner(h, row)) throw lastOwner('have another role');
      await dropSessions(h, id);
      return setPerson(h, row, { role }, now);
    },
  });
}

/** Keeps a person out from this moment on. Throws DomainError('conflict') for the last owner. */
export async function block(
  ctx: Context,
  actor: Actor,
  input: { id: string },
): Promise<PersonView> {
  const { id } = parseInput(whom, input);
  return change(ctx, actor, {
    id,
    action: 'account.block',
    async apply(h, row, now) {
      if (row.blockedAt !== null) return row;
      if (await isLastOwner(h, row)) throw lastOwner('be blocked');
      await dropSessions(h, id);
      await dropDevices(h, id);
      return setPerson(h, row, { blockedAt: now, blockedBecause: 'by-hand' }, now);
    },
  });
}

/** Lets a person in again, who starts with no wrong tries to their name. */
export async function unblock(
  ctx: Context,
  actor: Actor,
  input: { id: string },
): Promise<PersonView> {
  const { id } = parseInput(whom, input);
  needProof(ctx, actor);
  const secret = await instanceSecret(ctx.db, ctx.ids);
  return change(ctx, actor, {
    id,
    action: 'account.unblock',
    async apply(h, row, now) {
      const buckets = [bucketOf(secret, 'account', row.email), bucketOf(secret, 'code', id)];
      await forgiveTry(h, buckets, now);
      const open = { blockedAt: null, blockedBecause: null, unusedSince: now };
      return setPerson(h, row, open, now);
    },
  });
}

/** Takes away every factor, recovery code and session: the next sign-in enrols anew. */
export async function resetSecondFactor(
  ctx: Context,
  actor: Actor,
  input: { id: string },
): Promise<PersonView> {
  const { id } = parseInput(whom, input);
  needProof(ctx, actor);
  const secret = await instanceSecret(ctx.db, ctx.ids);
  return change(ctx, actor, {
    id,
    action: 'account.reset-second-factor',
    async apply(h, row, now) {
      const { q, t } = h;
      await dropSessions(h, id);
      await dropDevices(h, id);
      await q.delete(t.totpFactors).where(eq(t.totpFactors.personId, id)).returning();
      await q.delete(t.passkeys).where(eq(t.passkeys.personId, id)).returning();
      await q.delete(t.recoveryCodes).where(eq(t.recoveryCodes.personId, id)).returning();
      await forgiveTry(h, [bucketOf(secret, 'code', id)], now);
      await mailNotice(h, ctx, { event: 'factors-reset', person: row, now, by: actor.name });
      return setPerson(h, row, {}, now);
    },
  });
}

interface PersonChange {
  id: string;
  action: string;
  /** Gives the same row where nothing changes; that is not recorded. */
  apply(h: Handle, row: PersonRow, now: Instant): Promise<PersonRow>;
}

async function change(ctx: Context, actor: Actor, wish: PersonChange): Promise<PersonView> {
  const now = ctx.clock.now();
  return ctx.db.transact(async (h) => {
    await lockPeople(h);
    const row = await personRow(h, wish.id);
    const changed = await wish.apply(h, row, now);
    if (changed !== row)
      await recordAudit(h, ctx, actor, {
        action: wish.action,
        subject: wish.id,
        before: personRecord(row),
        after: personRecord(changed),
      });
    return personView(h, changed);
  });
}

function lastOwner(what: string): DomainError {
  return new DomainError(
    'conflict',
    `this is the last owner, who cannot ${what}; make somebody else an owner first`,
  );
}
