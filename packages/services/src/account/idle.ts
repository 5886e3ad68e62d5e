import type { Handle } from '@upheld/db/database.ts';
import { and, eq, isNull, lte } from '@upheld/db/query.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { recordAudit } from '../audit/record.ts';
import type { Actor, Context } from '../context.ts';
import {
  dropDevices,
  dropSessions,
  isLastOwner,
  lockPeople,
  personRecord,
  setPerson,
  type PersonRow,
} from './people.ts';

const DAY_MS = 86_400_000;
const PRODUCT: Actor = { name: 'upheld' };

type Needs = Pick<Context, 'db' | 'clock' | 'config'>;

/**
 * Blocks every account that nobody has signed in to for console.blockAfterDays, and gives whom. The last
 * owner stays, however long they were away: without them nobody could let anyone in again.
 */
export async function blockUnused(ctx: Needs): Promise<PersonRow[]> {
  const now = ctx.clock.now();
  const { q, t } = ctx.db.read;
  const due = await q
    .select({ id: t.people.id })
    .from(t.people)
    .where(and(isNull(t.people.blockedAt), lte(t.people.unusedSince, unusedBefore(ctx, now))));
  const blocked: PersonRow[] = [];
  for (const { id } of due) {
    const row = await ctx.db.transact((h) => blockIfUnused(h, ctx, id, now));
    if (row) blocked.push(row);
  }
  return blocked;
}

/** Whether a person may have a session; who lay unused is blocked by asking. */
export async function mayEnter(ctx: Needs, personId: string): Promise<boolean> {
  const now = ctx.clock.now();
  const { q, t } = ctx.db.read;
  const [row] = await q.select().from(t.people).where(eq(t.people.id, personId));
  if (!row || row.blockedAt !== null) return false;
  if (row.unusedSince > unusedBefore(ctx, now)) return true;
  return (await ctx.db.transact((h) => blockIfUnused(h, ctx, personId, now))) === null;
}

function unusedBefore(ctx: Needs, now: Instant): Instant {
  return now - ctx.config().console.blockAfterDays * DAY_MS;
}

async function blockIfUnused(
  h: Handle,
  ctx: Needs,
  id: string,
  now: Instant,
): Promise<PersonRow | null> {
  await lockPeople(h);
  const [row] = await h.q.select().from(h.t.people).where(eq(h.t.people.id, id));
  if (!row || row.blockedAt !== null || row.unusedSince > unusedBefore(ctx, now)) return null;
  if (await isLastOwner(h, row)) return null;
  const blocked = await setPerson(h, row, { blockedAt: now, blockedBecause: 'unused' }, now);
  await dropSessions(h, id);
  await dropDevices(h, id);
  await recordAudit(h, ctx, PRODUCT, {
    action: 'account.block',
    subject: id,
    before: personRecord(row),
    after: personRecord(blocked),
  });
  return blocked;
}
