import { PERMISSIONS, roleMay, type Permission } from '@upheld/domain/access/permissions.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { and, desc, eq, gt, isNull, lte, or } from '@upheld/db/query.ts';
import type { Handle } from '@upheld/db/database.ts';
import { z } from 'zod';
import { moment } from '../audit/moment.ts';
import { recordAudit } from '../audit/record.ts';
import type { Actor, Context } from '../context.ts';
import { parseInput, secondInput } from '../input.ts';
import { needProof } from '../account/proof.ts';
import { after, type Place } from '../read/place.ts';
import { tokenHash } from '../secret.ts';
import { endOf } from './lifetime.ts';

const PREFIX = 'upheld_';
const RANDOM_BYTES = 32;
const SHAPE = new RegExp(`^${PREFIX}[A-Za-z0-9_-]{20,100}$`);
/** Use is noted at most this often, so that reading with a token does not become writing. */
const USE_NOTED_EVERY_MS = 60_000;
/** Names under which the product itself acts: a token with one would lie in the record. */
const RESERVED = ['detector', 'cli', 'upheld'];
/** What a token may do that was made when there were no scopes. */
export const SCOPES_BEFORE_SCOPES: readonly Permission[] = [
  'read',
  'incidents',
  'maintenance',
  'subscribers',
];

export interface TokenView {
  id: string;
  name: string;
  scopes: readonly Permission[];
  /** From when on it is refused; null: never. */
  expiresAt: Instant | null;
  /** Who made it; null for one that is older than the record of it. */
  createdBy: string | null;
  /** The account with which it was made, also through another token; null: by a command. */
  personId: string | null;
  createdAt: Instant;
  lastUsedAt: Instant | null;
  revokedAt: Instant | null;
}

const NO_SCOPE = `is missing; name what it needs of ${PERMISSIONS.join(', ')}`;

const newToken = z.strictObject({
  name: z
    .string('is missing; name the token after who will use it')
    .trim()
    .regex(
      /^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,59}$/u,
      'is not right; write at most 60 letters, digits, spaces and . _ @ -',
    )
    .refine((name) => !RESERVED.includes(name.toLowerCase()), 'is a name of the product itself'),
  scopes: z
    .array(z.enum(PERMISSIONS, `is no scope; write some of ${PERMISSIONS.join(', ')}`), NO_SCOPE)
    .min(1, NO_SCOPE)
    .transform((scopes) => PERMISSIONS.filter((one) => scopes.includes(one))),
  expiresAt: secondInput.nullish(),
});

export interface CreateToken {
  name: string;
  /** Those that it needs; there are none by default. */
  scopes: readonly Permission[];
  /** Null: never. Left out: after the usual time. */
  expiresAt?: Instant | null | undefined;
}

/**
 * Makes an API token and gives it, the only time that it exists in readable form. Throws DomainError:
 * 'invalid-input'; 'forbidden' for a scope that its maker does not have; 'conflict' when a token of that
 * name is in use.
 */
export async function createToken(
  ctx: Context,
  actor: Actor,
  input: CreateToken,
): Promise<TokenView & { token: string }> {
  const { name, scopes, expiresAt: asked } = parseInput(newToken, input);
  const now = ctx.clock.now();
  const expiresAt = endOf(asked, now);
  mayGive(actor, scopes);
  needProof(ctx, actor);
  const token = `${PREFIX}${ctx.ids.secret(RANDOM_BYTES)}`;
  const made = await ctx.db.transact(async (h) => {
    const { q, t } = h;
    const personId = await personBehind(h, actor);
    const taken = await q
      .select({ id: t.apiTokens.id })
      .from(t.apiTokens)
      .where(and(eq(t.apiTokens.name, name), usable(t.apiTokens, now)));
    if (taken.length > 0)
      throw new DomainError(
        'conflict',
        `a token named "${name}" exists; revoke it or choose another name`,
      );
    const [row] = await q
      .insert(t.apiTokens)
      .values({
        id: ctx.ids.next(),
        name,
        hash: tokenHash(token),
        scopes,
        expiresAt,
        createdBy: actor.name,
        personId,
        createdAt: now,
        lastUsedAt: null,
        revokedAt: null,
      })
      .returning();
    if (!row) throw new Error('the token was just written and is not there');
    const view = viewOf(row);
    await recordAudit(h, ctx, actor, {
      action: 'token.create',
      subject: view.id,
      after: { name, scopes, expiresAt: moment(expiresAt) },
    });
    return view;
  });
  return { ...made, token };
}

/**
 * Every token ever made, newest first, or one page of them, without what would let anyone use them.
 */
export async function listTokens(
  ctx: Context,
  page?: { limit: number; after?: Place | undefined },
): Promise<TokenView[]> {
  const { q, t } = ctx.db.read;
  const { apiTokens } = t;
  const all = q
    .select()
    .from(apiTokens)
    .where(after({ at: apiTokens.createdAt, id: apiTokens.id }, page?.after))
    .orderBy(desc(apiTokens.createdAt), desc(apiTokens.id));
  return (await (page === undefined ? all : all.limit(page.limit))).map(viewOf);
}

/** Ends a token, by its id or its name, from this moment on. Throws DomainError('not-found'). */
export async function revokeToken(
  ctx: Context,
  actor: Actor,
  input: { id: string } | { name: string },
): Promise<TokenView> {
  return ctx.db.transact(async (h) => {
    const { q, t } = h;
    const now = ctx.clock.now();
    const named =
      'id' in input
        ? eq(t.apiTokens.id, input.id)
        : and(eq(t.apiTokens.name, input.name), usable(t.apiTokens, now));
    const [revoked] = await q
      .update(t.apiTokens)
      .set({ revokedAt: now })
      .where(and(named, isNull(t.apiTokens.revokedAt)))
      .returning();
    if (!revoked) {
      const asked = 'id' in input ? input.id : input.name;
      throw new DomainError('not-found', `no token "${asked}" is in use; see upheld token list`);
    }
    await recordAudit(h, ctx, actor, {
      action: 'token.revoke',
      subject: revoked.id,
      before: { name: revoked.name, revoked: false },
      after: { name: revoked.name, revoked: true },
    });
    return viewOf(revoked);
  });
}

/**
 * Who a token speaks for and what it may do: never more than the person who made it may do now. Null when
 * it is unknown, malformed, expired or revoked, or somebody blocked that person. The lookup is by hash, so
 * its duration tells nothing about a token that is nearly right.
 */
export async function authenticate(ctx: Context, token: string): Promise<TokenActor | null> {
  if (!SHAPE.test(token)) return null;
  const now = ctx.clock.now();
  const { q, t } = ctx.db.read;
  const [row] = await q
    .select()
    .from(t.apiTokens)
    .where(and(eq(t.apiTokens.hash, tokenHash(token)), usable(t.apiTokens, now)));
  if (!row) return null;
  const permissions = await permitted(ctx.db.read, row);
  if (permissions === null) return null;
  if (row.lastUsedAt === null || row.lastUsedAt <= now - USE_NOTED_EVERY_MS)
    await noteUse(ctx, row.id, now);
  return { id: row.id, name: row.name, via: 'api', permissions };
}

/** A token as an actor: always with an id and with what it may do. */
export type TokenActor = Actor & { id: string; permissions: readonly Permission[] };

type TokenRow = Context['db']['read']['t']['apiTokens']['$inferSelect'];

function usable(tokens: Context['db']['read']['t']['apiTokens'], now: Instant) {
  return and(isNull(tokens.revokedAt), or(isNull(tokens.expiresAt), gt(tokens.expiresAt, now)));
}

/** The account with which an actor makes a token; a token passes on the one that it was made with. */
async function personBehind({ q, t }: Handle, { id }: Actor): Promise<string | null> {
  if (id === undefined) return null;
  const [token] = await q
    .select({ personId: t.apiTokens.personId })
    .from(t.apiTokens)
    .where(eq(t.apiTokens.id, id));
  return token ? token.personId : id;
}

/**
 * Null when somebody blocked the person who made the token. An account that only lay unused keeps its
 * tokens: a program that works every day is no reason for its maker to sign in.
 */
async function permitted({ q, t }: Handle, token: TokenRow): Promise<readonly Permission[] | null> {
  const scopes = scopesOf(token);
  if (token.personId === null) return scopes;
  const [maker] = await q.select().from(t.people).where(eq(t.people.id, token.personId));
  if (!maker) return scopes;
  if (maker.blockedBecause === 'by-hand') return null;
  return scopes.filter((scope) => roleMay(maker.role, scope));
}

/** Who may make tokens still gives nothing that they do not have. */
function mayGive(actor: Actor, scopes: readonly Permission[]): void {
  if (actor.permissions === undefined) return;
  const own = actor.permissions;
  const beyond = scopes.filter((scope) => !own.includes(scope));
  if (beyond.length > 0)
    throw new DomainError(
      'forbidden',
      `you cannot give what you do not have yourself: ${beyond.join(', ')}`,
    );
}

function viewOf(row: TokenRow): TokenView {
  const { id, name, expiresAt, createdBy, personId, createdAt, lastUsedAt, revokedAt } = row;
  const scopes = scopesOf(row);
  return { id, name, scopes, expiresAt, createdBy, personId, createdAt, lastUsedAt, revokedAt };
}

function scopesOf({ scopes }: TokenRow): readonly Permission[] {
  return scopes === null ? SCOPES_BEFORE_SCOPES : PERMISSIONS.filter((one) => scopes.includes(one));
}

async function noteUse(ctx: Context, id: string, now: Instant): Promise<void> {
  await ctx.db.transact(async ({ q, t }) => {
    const { apiTokens } = t;
    await q
      .update(apiTokens)
      .set({ lastUsedAt: now })
      .where(
        and(
          eq(apiTokens.id, id),
          or(isNull(apiTokens.lastUsedAt), lte(apiTokens.lastUsedAt, now - USE_NOTED_EVERY_MS)),
        ),
      );
  });
}
