import type { Handle } from '@upheld/db/database.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { eq, inArray, lt } from '@upheld/db/query.ts';
import { isIPv6 } from 'node:net';
import { keyed } from '../secret.ts';
import type { Context } from '../context.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How wrong tries that have something in common slow the next one. */
interface Pace {
  /** So many come without waiting. */
  free: number;
  /** The wait after those; it doubles with each further try. */
  first: number;
  /** The wait never grows beyond it: a stranger can slow an account, and not close it. */
  longest: number;
  /** One try is forgotten after each of these. */
  leak: number;
}

/**
 * One account, whoever tries it from wherever; one address or its IPv6 network, whichever accounts it
 * tries; all of them together, for guesses spread over many accounts and addresses; a device in which
 * the person has signed in before, whom strangers do not slow; and the codes of one person.
 */
const PACES = {
  account: { free: 5, first: 30 * SECOND, longest: 15 * MINUTE, leak: HOUR },
  device: { free: 5, first: 30 * SECOND, longest: 15 * MINUTE, leak: HOUR },
  address: { free: 20, first: 30 * SECOND, longest: HOUR, leak: 5 * MINUTE },
  everyone: { free: 100, first: SECOND, longest: 30 * SECOND, leak: MINUTE },
  code: { free: 5, first: 30 * SECOND, longest: HOUR, leak: HOUR },
  /** Questions that cost us something and prove nothing, such as a passkey's challenge. */
  asking: { free: 60, first: 10 * SECOND, longest: 5 * MINUTE, leak: 10 * SECOND },
} as const satisfies Record<string, Pace>;

/** What a try is counted under. */
export interface Bucket {
  pace: keyof typeof PACES;
  key: string;
}

export type Try = { ok: true; slowed: Bucket[] } | { ok: false; retryAfterSeconds: number };

/** A bucket whose key tells nobody which account or address it is about. */
export function bucketOf(secret: string, pace: Bucket['pace'], what: string): Bucket {
  return {
    pace,
    key: `${pace}:${keyed(secret, 'tries', `${pace}\n${what}`).toString('base64url')}`,
  };
}

/** What an address is counted as: one customer line has 2^64 addresses of IPv6. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const groups = head === '' ? [] : head.split(':');
  const behind = tail === undefined || tail === '' ? [] : tail.split(':');
  while (tail !== undefined && groups.length + behind.length < 8) groups.push('0');
  return [...groups, ...behind]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

/**
 * Counts a try under each bucket before anything is compared, so that tries at the same moment are all
 * counted, or refuses it where one of them has to wait. A refused try is not counted. `slowed` are those
 * that this try makes wait for the first time.
 */
export async function countTry(
  ctx: Pick<Context, 'db' | 'clock'>,
  buckets: readonly Bucket[],
): Promise<Try> {
  const now = ctx.clock.now();
  const waiting = await longestWait(ctx.db.read, buckets, now);
  // Without a write, so that a flood of guesses neither holds the writer nor fills the table.
  if (waiting > 0) return tooMany(waiting);
  // In one order for everyone: two that lock the same rows never wait for each other.
  const sorted = [...buckets].sort((a, b) => (a.key < b.key ? -1 : 1));
  return ctx.db.transact(async (h) => {
    const rows = [];
    for (const bucket of sorted)
      rows.push({ bucket, ...leaked(bucket, await lock(h, bucket, now), now) });
    const wait = Math.max(...rows.map((row) => row.waitUntil - now));
    if (wait > 0) return tooMany(wait);
    const slowed: Bucket[] = [];
    for (const { bucket, count, leakedAt } of rows) {
      const pace = PACES[bucket.pace];
      const tried = Math.min(count + 1, mostCounted(pace));
      if (tried === pace.free) slowed.push(bucket);
      await set(h, bucket, { count: tried, leakedAt, waitUntil: now + waitAfter(pace, tried) });
    }
    return { ok: true, slowed };
  });
}

async function longestWait(
  { q, t }: Handle,
  buckets: readonly Bucket[],
  now: Instant,
): Promise<number> {
  const keys = buckets.map(({ key }) => key);
  const rows = await q.select().from(t.tries).where(inArray(t.tries.key, keys));
  return rows.reduce((longest, row) => {
    const bucket = buckets.find(({ key }) => key === row.key);
    return bucket ? Math.max(longest, leaked(bucket, row, now).waitUntil - now) : longest;
  }, 0);
}

function tooMany(waitMs: number): Try {
  return { ok: false, retryAfterSeconds: Math.ceil(waitMs / SECOND) };
}

/**
 * Takes a counted try back, because it was right: what was tried before is forgotten for the account, the
 * device or the codes, of which the one who tries has now proven to be the owner, and only this try for
 * what is shared with strangers.
 */
export async function forgiveTry(
  { q, t }: Handle,
  buckets: readonly Bucket[],
  now: Instant,
): Promise<void> {
  const own = buckets.filter(({ pace }) => pace !== 'address' && pace !== 'everyone');
  if (own.length > 0)
    await q
      .delete(t.tries)
      .where(
        inArray(
          t.tries.key,
          own.map(({ key }) => key),
        ),
      )
      .returning();
  const shared = buckets.filter((bucket) => !own.includes(bucket));
  for (const bucket of [...shared].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    const [row] = await q.select().from(t.tries).where(eq(t.tries.key, bucket.key));
    if (!row) continue;
    const count = Math.max(0, row.count - 1);
    const free = count < PACES[bucket.pace].free;
    await set({ q, t }, bucket, { ...row, count, waitUntil: free ? now : row.waitUntil });
  }
}

/** Deletes what has leaked away by now anyhow. */
export async function forgetTries({ q, t }: Handle, now: Instant): Promise<void> {
  await q
    .delete(t.tries)
    .where(lt(t.tries.leakedAt, now - 48 * HOUR))
    .returning();
}

type Row = Handle['t']['tries']['$inferSelect'];
type Counted = Pick<Row, 'count' | 'leakedAt' | 'waitUntil'>;

async function lock({ q, t }: Handle, { key }: Bucket, now: Instant): Promise<Row> {
  const [row] = await q
    .insert(t.tries)
    .values({ key, count: 0, leakedAt: now, waitUntil: now })
    // Changes nothing, and holds the row against others until we are done.
    .onConflictDoUpdate({ target: t.tries.key, set: { key } })
    .returning();
  if (!row) throw new Error('a counter of tries was just written and is not there');
  return row;
}

function leaked({ pace }: Bucket, row: Row, now: Instant): Counted {
  const { leak } = PACES[pace];
  const gone = Math.max(0, Math.floor((now - row.leakedAt) / leak));
  const count = Math.max(0, row.count - gone);
  // A clock that was set back must not make anyone wait longer than the longest wait.
  const waitUntil = Math.min(row.waitUntil, now + PACES[pace].longest);
  return { count, waitUntil, leakedAt: count === 0 ? now : row.leakedAt + gone * leak };
}

async function set({ q, t }: Handle, { key }: Bucket, to: Counted): Promise<void> {
  const { count, leakedAt, waitUntil } = to;
  await q
    .update(t.tries)
    .set({ count, leakedAt, waitUntil })
    .where(eq(t.tries.key, key))
    .returning();
}

function waitAfter({ free, first, longest }: Pace, count: number): number {
  return count < free ? 0 : Math.min(longest, first * 2 ** (count - free));
}

/** Counting further would only make the forgetting take longer. */
function mostCounted({ free, first, longest }: Pace): number {
  return free + Math.ceil(Math.log2(longest / first));
}
