import type { Config } from '@upheld/config/schema.ts';
import type { Handle } from '@upheld/db/database.ts';
import { and, desc, eq, gt, lte } from '@upheld/db/query.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { floorSecond } from '@upheld/domain/page/whole-seconds.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { z } from 'zod';
import { moment } from '../audit/moment.ts';
import { recordAudit } from '../audit/record.ts';
import type { Actor, Context } from '../context.ts';
import { idInput, invalidInput, parseInput, secondInput } from '../input.ts';
import { transactUntilWon, won } from '../race.ts';
import { bumpRevision } from '../revision.ts';
import { onCallAt, type OnCallView } from './read-on-call.ts';

const LONGEST_MS = 31 * 86_400_000;

const takeOverInput = z.strictObject({
  rosterId: idInput,
  personId: idInput,
  from: secondInput.optional(),
  until: secondInput,
});

export interface TakeOver {
  rosterId: string;
  /** In the configuration. */
  personId: string;
  /** By default now. */
  from?: Instant | undefined;
  until: Instant;
}

/**
 * Somebody is on call by a roster in the place of whoever has the turn, for a time; calls that come due from
 * then on are to them. Who says so last leads. Throws DomainError: 'not-found'; 'invalid-input'.
 */
export async function takeOver(ctx: Context, actor: Actor, input: TakeOver): Promise<OnCallView> {
  const { rosterId, personId, from, until } = parseInput(takeOverInput, input);
  const config = ctx.config();
  rosterIn(config, rosterId);
  const known = config.onCall?.people ?? [];
  if (!known.some(({ id }) => id === personId))
    throw invalidInput([
      { path: 'personId', message: `is nobody; known are ${known.map(({ id }) => id).join(', ')}` },
    ]);
  return ctx.db.transact(async (h) => {
    const now = floorSecond(ctx.clock.now());
    const startsAt = from ?? now;
    if (startsAt < now)
      throw invalidInput([{ path: 'from', message: 'is in the past; leave it out for now' }]);
    if (until <= startsAt)
      throw invalidInput([{ path: 'until', message: 'is not after the moment of taking over' }]);
    if (until - startsAt > LONGEST_MS)
      throw invalidInput([
        { path: 'until', message: 'is more than 31 days on; change the roster for so long' },
      ]);
    const before = await ofRoster(h, ctx, rosterId, startsAt);
    await h.q.insert(h.t.rosterOverrides).values({
      id: ctx.ids.next(),
      rosterId,
      personId,
      startsAt,
      endsAt: until,
      madeAt: ctx.clock.now(),
      madeBy: actor.name,
      version: 1,
    });
    await bumpRevision(h);
    await recordAudit(h, ctx, actor, {
      action: 'roster.take-over',
      subject: rosterId,
      before: { person: before.now.person.id },
      after: { person: personId, from: moment(startsAt), until: moment(until) },
    });
    return ofRoster(h, ctx, rosterId, now);
  });
}

/**
 * Ends what somebody took over, now: whoever would have been is on call again. Throws DomainError:
 * 'not-found'; 'conflict' where nobody took over.
 */
export async function handBack(
  ctx: Context,
  actor: Actor,
  input: { rosterId: string },
): Promise<OnCallView> {
  const { rosterId } = parseInput(z.strictObject({ rosterId: idInput }), input);
  rosterIn(ctx.config(), rosterId);
  return transactUntilWon(ctx.db, async (h) => {
    const now = floorSecond(ctx.clock.now());
    const { rosterOverrides: o } = h.t;
    const [leading] = await h.q
      .select()
      .from(o)
      .where(and(eq(o.rosterId, rosterId), lte(o.startsAt, now), gt(o.endsAt, now)))
      .orderBy(desc(o.madeAt), desc(o.id))
      .limit(1);
    if (!leading)
      throw new DomainError('conflict', `nobody took over "${rosterId}": the turn is their own`);
    won(
      await h.q
        .update(o)
        .set({ endsAt: now, version: leading.version + 1 })
        .where(and(eq(o.id, leading.id), eq(o.version, leading.version)))
        .returning({ id: o.id }),
    );
    await bumpRevision(h);
    const after = await ofRoster(h, ctx, rosterId, now);
    await recordAudit(h, ctx, actor, {
      action: 'roster.hand-back',
      subject: rosterId,
      before: { person: leading.personId, until: moment(leading.endsAt) },
      after: { person: after.now.person.id },
    });
    return after;
  });
}

function rosterIn(config: Config, id: string): void {
  const rosters = config.onCall?.rosters ?? [];
  if (rosters.some((roster) => roster.id === id)) return;
  const known = rosters.map((roster) => roster.id).join(', ');
  throw new DomainError(
    'not-found',
    `there is no roster "${id}"; ${known === '' ? 'none is configured' : `known are ${known}`}`,
  );
}

async function ofRoster(h: Handle, ctx: Context, id: string, at: Instant): Promise<OnCallView> {
  const found = (await onCallAt(h, ctx, at)).find((roster) => roster.id === id);
  if (!found) throw new DomainError('not-found', `there is no roster "${id}"`);
  return found;
}
