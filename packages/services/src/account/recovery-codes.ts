import type { Handle } from '@upheld/db/database.ts';
import { and, count, eq, isNull } from '@upheld/db/query.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { createHash } from 'node:crypto';
import type { Context } from '../context.ts';
import { tokenHash } from '../secret.ts';
import { base32 } from './totp.ts';

const CODES = 10;
const RANDOM_BYTES = 32;
/** 80 bits: sixteen letters, in fours. */
const CODE_BYTES = 10;

/** New codes in the place of those that there were; the only time that they exist in readable form. */
export async function renewCodes(
  { q, t }: Handle,
  ctx: Pick<Context, 'ids'>,
  personId: string,
  now: Instant,
): Promise<string[]> {
  await q.delete(t.recoveryCodes).where(eq(t.recoveryCodes.personId, personId)).returning();
  const codes = Array.from({ length: CODES }, () => readable(ctx.ids.secret(RANDOM_BYTES)));
  await q.insert(t.recoveryCodes).values(
    codes.map((code) => ({
      id: ctx.ids.next(),
      personId,
      hash: codeHash(code),
      createdAt: now,
      usedAt: null,
    })),
  );
  return codes;
}

/** Uses a code up; false when it is none, or was used before. */
export async function useCode(
  { q, t }: Handle,
  personId: string,
  code: string,
  now: Instant,
): Promise<boolean> {
  const used = await q
    .update(t.recoveryCodes)
    .set({ usedAt: now })
    .where(
      and(
        eq(t.recoveryCodes.personId, personId),
        eq(t.recoveryCodes.hash, codeHash(code)),
        isNull(t.recoveryCodes.usedAt),
      ),
    )
    .returning({ id: t.recoveryCodes.id });
  return used.length > 0;
}

/** How many are left. */
export async function codesLeft({ q, t }: Handle, personId: string): Promise<number> {
  const [left] = await q
    .select({ rows: count() })
    .from(t.recoveryCodes)
    .where(and(eq(t.recoveryCodes.personId, personId), isNull(t.recoveryCodes.usedAt)));
  return left?.rows ?? 0;
}

function readable(random: string): string {
  const letters = base32(createHash('sha256').update(random).digest().subarray(0, CODE_BYTES));
  return letters.replace(/(.{4})(?=.)/g, '$1-');
}

// As it is typed over: small letters, other separators, and the digits that base32 has no use for.
function codeHash(code: string): string {
  const letters = code.toUpperCase().replaceAll('0', 'O').replaceAll('1', 'I');
  return tokenHash(letters.replace(/[^A-Z2-7]/g, ''));
}
