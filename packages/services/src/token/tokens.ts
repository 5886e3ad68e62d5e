import { DomainError } from '@upheld/domain/errors.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { and, eq, isNull, lte, or } from '@upheld/db/query.ts';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Actor, Context } from '../context.ts';
import { parseInput } from '../input.ts';

const PREFIX = 'upheld_';
const RANDOM_BYTES = 32;
const SHAPE = new RegExp(`^${PREFIX}[A-Za-z0-9_-]{20,100}$`);
/** Use is noted at most this often, so that reading with a token does not become writing. */
const USE_NOTED_EVERY_MS = 60_000;
/** Names under which the product itself acts: a token with one would lie in the record. */
const RESERVED = ['detector', 'cli', 'upheld'];

export interface TokenView {
  id: string;
  name: string;
  createdAt: Instant;
  lastUsedAt: Instant | null;
  revokedAt: Instant | null;
}

const newToken = z.strictObject({
  name: z
    .string('is missing; name the token after who will use it')
    .trim()
    .regex(
      /^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,59}$/u,
      'is not right; write at most 60 letters, digits, spaces and . _ @ -',
    )
    .refine((name) => !RESERVED.includes(name.toLowerCase()), 'is a name of the product itself'),
});

/**
 * Makes an API token and gives it, the only time that it exists in readable form. Throws
 * DomainError('conflict') when a token of that name is in use.
 */
export async function createToken(
  ctx: Context,
  _actor: Actor,
  input: { name: string },
): Promise<{ id: string; name: string; token: string }> {
  const { name } = parseInput(newToken, input);
  const now = ctx.clock.now();
  const id = ctx.ids.next();
  const token = `${PREFIX}${ctx.ids.secret(RANDOM_BYTES)}`;
  await ctx.db.transact(async ({ q, t }) => {
    const taken = await q
      .select({ id: t.apiTokens.id })
      .from(t.apiTokens)
      .where(and(eq(t.apiTokens.name, name), isNull(t.apiTokens.revokedAt)));
    if (taken.length > 0)
      throw new DomainError(
        'conflict',
        `a token named "${name}" exists; revoke it or choose another name`,
      );
    await q
      .insert(t.apiTokens)
      .values({ id, name, hash: hashOf(token), createdAt: now, lastUsedAt: null, revokedAt: null });
  });
  return { id, name, token };
}

/** All tokens ever made, newest first, without what would let anyone use them. */
export async function listTokens(ctx: Context): Promise<TokenView[]> {
  const { q, t } = ctx.db.read;
  const rows = await q
    .select({
      id: t.apiTokens.id,
      name: t.apiTokens.name,
      createdAt: t.apiTokens.createdAt,
      lastUsedAt: t.apiTokens.lastUsedAt,
      revokedAt: t.apiTokens.revokedAt,
    })
    .from(t.apiTokens);
  return rows.sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
}

/** Ends a token, by its id or its name, from this moment on. Throws DomainError('not-found'). */
export async function revokeToken(
  ctx: Context,
  _actor: Actor,
  input: { id: string } | { name: string },
): Promise<TokenView> {
  const now = ctx.clock.now();
  const [revoked] = await ctx.db.transact(({ q, t }) =>
    q
      .update(t.apiTokens)
      .set({ revokedAt: now })
      .where(
        and(
          'id' in input ? eq(t.apiTokens.id, input.id) : eq(t.apiTokens.name, input.name),
          isNull(t.apiTokens.revokedAt),
        ),
      )
      .returning(),
  );
  if (!revoked) {
    const asked = 'id' in input ? input.id : input.name;
    throw new DomainError('not-found', `no token "${asked}" is in use; see upheld token list`);
  }
  const { id, name, createdAt, lastUsedAt, revokedAt } = revoked;
  return { id, name, createdAt, lastUsedAt, revokedAt };
}

/**
 * Who a token speaks for; null when it is unknown, malformed or revoked. The lookup is by hash, so its
 * duration tells nothing about a token that is nearly right.
 */
export async function authenticate(ctx: Context, token: string): Promise<Actor | null> {
  if (!SHAPE.test(token)) return null;
  const now = ctx.clock.now();
  const { q, t } = ctx.db.read;
  const [row] = await q
    .select()
    .from(t.apiTokens)
    .where(and(eq(t.apiTokens.hash, hashOf(token)), isNull(t.apiTokens.revokedAt)));
  if (!row) return null;
  if (row.lastUsedAt === null || row.lastUsedAt <= now - USE_NOTED_EVERY_MS)
    await noteUse(ctx, row.id, now);
  return { name: row.name };
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

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
