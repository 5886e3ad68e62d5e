import type { Handle } from '@upheld/db/database.ts';
import { and, eq, lt } from '@upheld/db/query.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Context } from '../context.ts';
import type { Visit } from './types.ts';
import { tokenHash } from '../secret.ts';
import { cookieOf } from './visit.ts';

const TOKEN_BYTES = 32;
const REMEMBERED_SECONDS = 180 * 86_400;

export interface Device {
  id: string;
  personId: string;
}

function cookieName(secure: boolean): string {
  return secure ? '__Host-upheld.device' : 'upheld.device';
}

/** The device that a visit comes from, where somebody has signed in fully from it before. */
export async function knownDevice(
  { q, t }: Handle,
  visit: Visit,
  secure: boolean,
): Promise<Device | null> {
  const token = cookieOf(visit, cookieName(secure));
  if (token === undefined) return null;
  const [row] = await q
    .select()
    .from(t.devices)
    .where(eq(t.devices.hash, tokenHash(token)));
  return row ?? null;
}

/** Remembers a device for a person; gives the cookie to set, none where it is known already. */
export async function rememberDevice(
  h: Handle,
  ctx: Pick<Context, 'ids'>,
  input: { visit: Visit; personId: string; secure: boolean; now: Instant },
): Promise<string[]> {
  const { visit, personId, secure, now } = input;
  const { q, t } = h;
  const known = await knownDevice(h, visit, secure);
  if (known?.personId === personId) {
    await q
      .update(t.devices)
      .set({ lastUsedAt: now })
      .where(and(eq(t.devices.id, known.id), eq(t.devices.personId, personId)))
      .returning();
    return [];
  }
  const token = ctx.ids.secret(TOKEN_BYTES);
  await q.insert(t.devices).values({
    id: ctx.ids.next(),
    personId,
    hash: tokenHash(token),
    createdAt: now,
    lastUsedAt: now,
  });
  const attributes = `Max-Age=${REMEMBERED_SECONDS}; Path=/; HttpOnly; SameSite=Lax`;
  return [`${cookieName(secure)}=${token}; ${attributes}${secure ? '; Secure' : ''}`];
}

/** Deletes devices that nobody came back with. */
export async function forgetDevices({ q, t }: Handle, now: Instant): Promise<void> {
  await q
    .delete(t.devices)
    .where(lt(t.devices.lastUsedAt, now - REMEMBERED_SECONDS * 1000))
    .returning({ id: t.devices.id });
}
