import type { Handle } from '@upheld/db/database.ts';
import { and, count, eq, isNull, sql } from '@upheld/db/query.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Context } from '../context.ts';
import type { PersonView } from './types.ts';

export type PersonRow = Handle['t']['people']['$inferSelect'];

const LOCK = 'people';

/**
 * Lets one transaction at a time decide who there is and what they are: of two that take away the last
 * two owners, or make the first one, the second sees what the first did.
 */
export async function lockPeople({ q, t }: Handle): Promise<void> {
  await q
    .insert(t.settings)
    .values({ key: LOCK, value: 'held while accounts change' })
    .onConflictDoUpdate({ target: t.settings.key, set: { value: sql`${t.settings.value}` } })
    .returning();
}

/** Throws DomainError('not-found'). */
export async function personRow({ q, t }: Handle, id: string): Promise<PersonRow> {
  const [row] = await q.select().from(t.people).where(eq(t.people.id, id));
  if (!row) throw new DomainError('not-found', `there is no account with the id "${id}"`);
  return row;
}

/** Changes a person whom `lockPeople` holds, and gives what it became. */
export async function setPerson(
  { q, t }: Handle,
  row: PersonRow,
  to: Partial<Omit<PersonRow, 'id' | 'version'>>,
  now: Instant,
): Promise<PersonRow> {
  const [changed] = await q
    .update(t.people)
    .set({ ...to, updatedAt: now, version: row.version + 1 })
    .where(and(eq(t.people.id, row.id), eq(t.people.version, row.version)))
    .returning();
  if (!changed) throw new DomainError('conflict', 'somebody else changed this account; try again');
  return changed;
}

/** Whether the console would be left without an owner if this person were none. */
export async function isLastOwner({ q, t }: Handle, row: PersonRow): Promise<boolean> {
  if (row.role !== 'owner' || row.blockedAt !== null) return false;
  const [owners] = await q
    .select({ rows: count() })
    .from(t.people)
    .where(and(eq(t.people.role, 'owner'), isNull(t.people.blockedAt)));
  return (owners?.rows ?? 0) <= 1;
}

/** Ends every session of a person, and forgets the devices that strangers' guesses do not slow. */
export async function dropSessions({ q, t }: Handle, personId: string): Promise<number> {
  const ended = await q
    .delete(t.sessions)
    .where(eq(t.sessions.personId, personId))
    .returning({ id: t.sessions.id });
  return ended.length;
}

export async function dropDevices({ q, t }: Handle, personId: string): Promise<void> {
  await q.delete(t.devices).where(eq(t.devices.personId, personId)).returning();
}

/** Whether there is a second factor that a person could pass. */
export async function hasFactor({ q, t }: Handle, personId: string): Promise<boolean> {
  const [totp] = await q.select().from(t.totpFactors).where(eq(t.totpFactors.personId, personId));
  if (totp && totp.confirmedAt !== null) return true;
  const [passkey] = await q
    .select({ id: t.passkeys.id })
    .from(t.passkeys)
    .where(eq(t.passkeys.personId, personId))
    .limit(1);
  return passkey !== undefined;
}

export async function personView(h: Handle, row: PersonRow): Promise<PersonView> {
  const { id, name, email, role, createdAt, lastSignInAt, blockedAt, blockedBecause } = row;
  const hasSecondFactor = await hasFactor(h, id);
  return {
    id,
    name,
    email,
    role,
    createdAt,
    lastSignInAt,
    blockedAt,
    blockedBecause,
    hasSecondFactor,
  };
}

/** What the audit log says of a person. */
export function personRecord({ name, email, role, blockedAt, blockedBecause }: PersonRow) {
  return { name, email, role, blocked: blockedAt === null ? null : blockedBecause };
}

/** What a new account is written as; the caller has looked at whether the address is free. */
export async function addPerson(
  { q, t }: Handle,
  ctx: Pick<Context, 'ids'>,
  person: Pick<PersonRow, 'name' | 'email' | 'role'> & { passwordHash: string },
  now: Instant,
): Promise<PersonRow | null> {
  const { passwordHash, ...about } = person;
  const id = ctx.ids.next();
  const [row] = await q
    .insert(t.people)
    .values({ id, ...about, createdAt: now, updatedAt: now, unusedSince: now, version: 1 })
    .onConflictDoNothing()
    .returning();
  if (!row) return null;
  await q.insert(t.credentials).values({
    id: ctx.ids.next(),
    accountId: id,
    providerId: 'credential',
    personId: id,
    password: passwordHash,
    createdAt: now,
    updatedAt: now,
  });
  return row;
}
