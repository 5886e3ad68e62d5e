import { eq } from '@upheld/db/query.ts';
import type { Duty } from '@upheld/domain/desk/duties.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { z } from 'zod';
import { moment } from '../audit/moment.ts';
import { recordAudit } from '../audit/record.ts';
import type { Actor, Context } from '../context.ts';
import { idInput, invalidInput, parseInput, secondInput } from '../input.ts';
import { bumpRevision } from '../revision.ts';
import { readDuties } from './read-duties.ts';
import { noticeAsDuty } from './read-notices.ts';

const completeInput = z.strictObject({
  key: idInput,
  evidence: z
    .string('is missing; say what was sent or done')
    .trim()
    .min(1, 'is empty; say what was sent or done')
    .max(10_000),
  doneAt: secondInput.optional(),
});

export interface CompleteDuty {
  key: string;
  /** What was sent or done: words, an address, the number of a document. */
  evidence: string;
  /** When, where that is earlier than now: both are kept. */
  doneAt?: Instant | undefined;
}

/**
 * Says that a duty was done, and by what. Throws DomainError: 'not-found' for one that is not owed;
 * 'conflict' when it was done before; 'invalid-input'.
 */
export async function completeDuty(ctx: Context, actor: Actor, input: CompleteDuty): Promise<Duty> {
  const given = parseInput(completeInput, input);
  const duty = await dutyOf(ctx, given.key);
  if (!duty) throw new DomainError('not-found', `there is no duty "${given.key}"`);
  if (duty.state === 'done') throw alreadyDone(duty);
  await ctx.db.transact(async (h) => {
    const now = ctx.clock.now();
    const doneAt = given.doneAt ?? now;
    if (doneAt > now)
      throw invalidInput([{ path: 'doneAt', message: 'is in the future; leave it out for now' }]);
    if (doneAt < Math.floor(duty.since / 1000) * 1000)
      throw invalidInput([{ path: 'doneAt', message: 'is before the duty arose' }]);
    const written = await h.q
      .insert(h.t.dutiesDone)
      .values({
        key: given.key,
        doneAt,
        evidence: given.evidence,
        recordedAt: now,
        recordedBy: actor.name,
      })
      .onConflictDoNothing()
      .returning({ key: h.t.dutiesDone.key });
    if (written.length === 0) throw alreadyDone(duty);
    // Whoever is called about it need not be any more.
    await h.q
      .update(h.t.alerts)
      .set({ closedAt: now, nextStepAt: null })
      .where(eq(h.t.alerts.dedupeKey, `duty:${given.key}`))
      .returning({ id: h.t.alerts.id });
    await bumpRevision(h);
    await recordAudit(h, ctx, actor, {
      action: 'duty.complete',
      subject: given.key,
      before: { state: duty.state },
      after: { state: 'done', doneAt: moment(doneAt), evidence: given.evidence },
    });
  });
  return (await dutyOf(ctx, given.key)) ?? duty;
}

/** A duty, or what an agreement asks to tell of something. */
async function dutyOf(ctx: Context, key: string): Promise<Duty | null> {
  const owed = (await readDuties(ctx)).find((duty) => duty.key === key);
  return owed ?? noticeAsDuty(ctx, key);
}

function alreadyDone(duty: Duty): DomainError {
  return new DomainError(
    'conflict',
    `this was done before: ${duty.evidence ?? 'somebody said so'}`,
  );
}
