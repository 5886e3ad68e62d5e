import type { Handle } from '@upheld/db/database.ts';
import { and, eq, gt, isNull, ne } from '@upheld/db/query.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Role } from '@upheld/domain/access/permissions.ts';
import { z } from 'zod';
import { recordAudit } from '../audit/record.ts';
import type { Actor, Context } from '../context.ts';
import { parseInput } from '../input.ts';
import { enqueueTo } from '../outbox/enqueue.ts';
import { instanceSecret, tokenHash } from '../secret.ts';
import { mayUseConsole } from './address-list.ts';
import { chosen, emailInput, nameInput, roleInput } from './chosen.ts';
import { refused } from './refusal.ts';
import type { Answer, Cookies, InvitationView, Pending, Visit } from './types.ts';
import type { Engine } from './engine.ts';
import { SETUP_ID } from './first-account.ts';
import { invitationToken, linkOf, type LinkKind } from './links.ts';
import { renewPassword, withdrawFor } from './password-link.ts';
import {
  addPerson,
  hasFactor,
  lockPeople,
  personRecord,
  personRow,
  type PersonRow,
} from './people.ts';
import { needProof } from './proof.ts';
import { actorAt, openSession } from './sessions.ts';

const VALID_MS = 7 * 86_400_000;

type InvitationRow = Handle['t']['invitations']['$inferSelect'];

const wanted = z.strictObject({ email: emailInput, role: roleInput });

/**
 * Makes a one-time link with which one address may become a person of that role; an earlier one for the
 * same address ends. It is mailed where mail is configured. Throws DomainError('conflict') when there is an account with that address.
 */
export async function invite(
  ctx: Context,
  actor: Actor,
  input: { email: string; role: Role },
): Promise<{ invitation: InvitationView; link: string; mailed: boolean }> {
  const { email, role } = parseInput(wanted, input);
  needProof(ctx, actor);
  const now = ctx.clock.now();
  const id = ctx.ids.next();
  const token = invitationToken(await instanceSecret(ctx.db, ctx.ids), id);
  const mailed = ctx.config().channels.email !== undefined;
  const row = await ctx.db.transact(async (h) => {
    const { q, t } = h;
    await lockPeople(h);
    const [person] = await q
      .select({ id: t.people.id })
      .from(t.people)
      .where(eq(t.people.email, email));
    if (person) throw new DomainError('conflict', `${email} has an account already`);
    await withdrawFor(h, email, now);
    const made: InvitationRow = {
      id,
      hash: tokenHash(token),
      email,
      role,
      personId: null,
      invitedBy: actor.name,
      createdAt: now,
      expiresAt: now + VALID_MS,
      usedAt: null,
      withdrawnAt: null,
    };
    await q.insert(t.invitations).values(made);
    // At the machine there is no person to name: then it is the organisation that invites.
    const from = actor.via === 'cli' ? ctx.config().organisation.name : actor.name;
    if (mailed) await mailInvitation(h, ctx, { ...made, email, invitedBy: from });
    await recordAudit(h, ctx, actor, {
      action: 'account.invite',
      subject: made.id,
      after: { email, role },
    });
    return made;
  });
  return { invitation: invitationView(row), link: linkOf(ctx, 'invitation', token), mailed };
}

async function mailInvitation(
  h: Handle,
  ctx: Context,
  { id, email, invitedBy, createdAt, expiresAt }: InvitationRow & { email: string },
): Promise<void> {
  await enqueueTo(
    h,
    { ids: ctx.ids, now: createdAt },
    {
      subjectId: id,
      content: { kind: 'invitation', invitationId: id, invitedBy, until: expiresAt },
      to: [
        {
          channel: 'email',
          recipient: {
            kind: 'invited',
            id,
            name: email,
            address: email,
            language: ctx.config().language,
          },
        },
      ],
      dedupe: `invitation:${id}`,
      expiresAt,
    },
  );
}

/** Ends an invitation that nobody used. Throws DomainError('not-found'). */
export async function withdrawInvitation(
  ctx: Context,
  actor: Actor,
  { id }: { id: string },
): Promise<void> {
  const now = ctx.clock.now();
  await ctx.db.transact(async (h) => {
    const { q, t } = h;
    const [row] = await q
      .update(t.invitations)
      .set({ withdrawnAt: now })
      .where(and(eq(t.invitations.id, id), ne(t.invitations.id, SETUP_ID), isOpenAt(h, now)))
      .returning();
    if (!row) throw new DomainError('not-found', 'there is no open invitation with this id');
    await recordAudit(h, ctx, actor, {
      action: 'account.withdraw-invitation',
      subject: id,
      before: { email: row.email, role: row.role },
    });
  });
}

/** The invitations that can still be used, the newest first. */
export async function openInvitations(ctx: Context): Promise<InvitationView[]> {
  const { q, t } = ctx.db.read;
  const rows = await q
    .select()
    .from(t.invitations)
    .where(
      and(
        ne(t.invitations.id, SETUP_ID),
        isNull(t.invitations.personId),
        isOpenAt(ctx.db.read, ctx.clock.now()),
      ),
    );
  return rows.sort((a, b) => (a.id < b.id ? 1 : -1)).map(invitationView);
}

/** Whether a link can be used, and what it makes. */
export async function lookAtLink(
  { ctx }: Engine,
  input: Visit & { token: string; kind: LinkKind },
): Promise<Answer<{ email: string | null; role: Role; name: string | null }>> {
  if (!mayUseConsole(ctx, input.address)) return refused('address-not-allowed');
  const row = await openRow(ctx.db.read, input.token, ctx.clock.now());
  if (!row || (row.id === SETUP_ID) !== (input.kind === 'setup')) return refused('link-invalid');
  const { email, role, personId } = row;
  const name = personId === null ? null : (await personRow(ctx.db.read, personId)).name;
  return { ok: true, email, role, name };
}

const form = z.object({ name: nameInput });

/**
 * Makes the account that somebody was invited to; or, for a link that renews a password, takes the new one
 * and no name. The session that it opens still has to enrol a second factor, or pass it.
 */
export async function acceptInvitation(
  engine: Engine,
  input: Visit & { token: string; name: string; password: string },
): Promise<Answer<{ next: Pending } & Cookies>> {
  const { ctx } = engine;
  if (!mayUseConsole(ctx, input.address)) return refused('address-not-allowed');
  const open = await openRow(ctx.db.read, input.token, ctx.clock.now());
  if (!open || open.email === null) return refused('link-invalid');
  const name = await chosenName(ctx, { email: open.email, personId: open.personId }, input);
  const { hashPassword } = await import('./password-hash.ts');
  const person = await claim(engine, input, {
    name,
    passwordHash: await hashPassword(input.password),
    secret: await engine.secret(),
  });
  if (!person) return refused('link-invalid');
  const { cookies } = await openSession(engine, input, { personId: person.id, passed: null });
  const next = (await hasFactor(ctx.db.read, person.id)) ? 'second-factor' : 'enrol';
  return { ok: true, next, cookies };
}

/** The name of the account, after looking at name and password; that of a person who has one stays. */
async function chosenName(
  ctx: Context,
  { email, personId }: { email: string; personId: string | null },
  typed: { name: string; password: string },
): Promise<string> {
  const name = personId === null ? typed.name : (await personRow(ctx.db.read, personId)).name;
  const password = { path: 'password', text: typed.password, email, name };
  return (await chosen(ctx, form, { name }, password)).name;
}

function claim(
  { ctx }: Engine,
  visit: Visit & { token: string },
  { name, passwordHash, secret }: { name: string; passwordHash: string; secret: string },
): Promise<PersonRow | null> {
  const now = ctx.clock.now();
  return ctx.db.transact(async (h) => {
    await lockPeople(h);
    const { q, t } = h;
    const [used] = await q
      .update(t.invitations)
      .set({ usedAt: now })
      .where(
        and(
          eq(t.invitations.hash, tokenHash(visit.token)),
          ne(t.invitations.id, SETUP_ID),
          isOpenAt(h, now),
        ),
      )
      .returning();
    if (!used || used.email === null) return null;
    const { email, role, personId } = used;
    if (personId !== null) {
      const actor = (row: PersonRow): Actor => actorAt(row, visit);
      const { address } = visit;
      return renewPassword(h, ctx, { personId, passwordHash, secret, now, address, actor });
    }
    const person = await addPerson(h, ctx, { name, passwordHash, email, role }, now);
    if (!person) return null;
    await recordAudit(h, ctx, actorAt(person, visit), {
      action: 'account.create',
      subject: person.id,
      after: { ...personRecord(person), invitation: used.id },
    });
    return person;
  });
}

async function openRow(h: Handle, token: string, now: Instant): Promise<InvitationRow | undefined> {
  const { q, t } = h;
  const [row] = await q
    .select()
    .from(t.invitations)
    .where(and(eq(t.invitations.hash, tokenHash(token)), isOpenAt(h, now)));
  return row;
}

function isOpenAt({ t }: Handle, now: Instant) {
  return and(
    isNull(t.invitations.usedAt),
    isNull(t.invitations.withdrawnAt),
    gt(t.invitations.expiresAt, now),
  );
}

function invitationView(row: InvitationRow): InvitationView {
  const { id, role, invitedBy, createdAt, expiresAt } = row;
  return { id, email: row.email ?? '', role, invitedBy, createdAt, expiresAt };
}
