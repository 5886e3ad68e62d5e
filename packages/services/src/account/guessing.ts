import { recordAudit } from '../audit/record.ts';
import type { Actor } from '../context.ts';
import type { Refused, Visit } from './types.ts';
import type { Device } from './devices.ts';
import type { Engine } from './engine.ts';
import { bucketOf, countTry, networkOf, type Bucket } from './tries.ts';

/** The counters of a try at a password. A device that its owner used before has one of its own. */
export async function passwordBuckets(
  engine: Engine,
  input: { email: string; personId: string | null; visit: Visit; device: Device | null },
): Promise<Bucket[]> {
  const secret = await engine.secret();
  const { email, personId, visit, device } = input;
  if (device !== null && device.personId === personId)
    return [bucketOf(secret, 'device', device.id)];
  return [
    bucketOf(secret, 'account', email),
    bucketOf(secret, 'address', networkOf(visit.address)),
    bucketOf(secret, 'everyone', ''),
  ];
}

/** The counter of what only somebody who has passed the password can try: codes, and the password again. */
export async function codeBucket(engine: Engine, personId: string): Promise<Bucket> {
  return bucketOf(await engine.secret(), 'code', personId);
}

/** The counter of an address that asks for work without proving anything. */
export async function askingBucket(engine: Engine, { address }: Visit): Promise<Bucket> {
  return bucketOf(await engine.secret(), 'asking', networkOf(address));
}

export interface Attempt {
  buckets: readonly Bucket[];
  /** Call when the try was wrong: a burst of them goes into the audit log, once. */
  wrong(): Promise<void>;
}

/** Counts a try, or gives the refusal that says how long to wait. */
export async function attempt(
  engine: Engine,
  buckets: readonly Bucket[],
  about: { visit: Visit; personId: string | null },
): Promise<Attempt | Refused> {
  const counted = await countTry(engine.ctx, buckets);
  if (!counted.ok)
    return { ok: false, reason: 'too-many-tries', retryAfterSeconds: counted.retryAfterSeconds };
  const { slowed } = counted;
  return {
    buckets,
    async wrong() {
      if (slowed.length === 0) return;
      await engine.ctx.db.transact((h) =>
        recordAudit(h, engine.ctx, visitorAt(about.visit), {
          action: 'account.tries-slowed',
          // Not the address that was typed: people type passwords into the wrong field.
          subject: about.personId ?? 'unknown',
          after: { slowed: slowed.map(({ pace }) => pace).sort() },
        }),
      );
    },
  };
}

/** Somebody who has not shown who they are. */
export function visitorAt({ address }: Visit): Actor {
  return { name: 'visitor', via: 'console', address };
}
