import { and, eq } from '@upheld/db/query.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { recordAudit } from '../audit/record.ts';
import type { Engine } from './engine.ts';
import { mailNotice } from './notice.ts';
import { lockPeople } from './people.ts';
import { needProof } from './proof.ts';
import { codesLeft, renewCodes } from './recovery-codes.ts';
import { actorAt, dropOtherSessions } from './sessions.ts';
import type { Factors, SignedIn, Visit } from './types.ts';

/** What a person has enrolled. */
export async function factorsOf({ ctx }: Engine, person: SignedIn): Promise<Factors> {
  const { q, t } = ctx.db.read;
  const [totp] = await q.select().from(t.totpFactors).where(eq(t.totpFactors.personId, person.id));
  const passkeys = await q
    .select({ id: t.passkeys.id, name: t.passkeys.name, createdAt: t.passkeys.createdAt })
    .from(t.passkeys)
    .where(eq(t.passkeys.personId, person.id))
    .orderBy(t.passkeys.id);
  return {
    totp: totp !== undefined && totp.confirmedAt !== null,
    passkeys,
    recoveryCodesLeft: await codesLeft(ctx.db.read, person.id),
  };
}

/** Takes a passkey away. Throws DomainError('conflict') for the last factor, 'not-found' for anyone else's. */
export async function removePasskey(
  { ctx }: Engine,
  person: SignedIn,
  input: Visit & { id: string },
): Promise<void> {
  needProof(ctx, { via: 'console', provenAt: person.provenAt });
  const now = ctx.clock.now();
  await ctx.db.transact(async (h) => {
    const { q, t } = h;
    // Of two that remove the last two at once, the second sees what the first did.
    await lockPeople(h);
    const removed = await q
      .delete(t.passkeys)
      .where(and(eq(t.passkeys.id, input.id), eq(t.passkeys.personId, person.id)))
      .returning({ name: t.passkeys.name });
    if (removed.length === 0)
      throw new DomainError('not-found', 'there is no such passkey of yours');
    const [totp] = await q
      .select()
      .from(t.totpFactors)
      .where(eq(t.totpFactors.personId, person.id));
    const others = await q.select().from(t.passkeys).where(eq(t.passkeys.personId, person.id));
    if (others.length === 0 && (totp?.confirmedAt ?? null) === null)
      throw new DomainError(
        'conflict',
        'this is your only second factor; add another one before you remove it',
      );
    const sessionsEnded = await dropOtherSessions(h, person);
    await mailNotice(h, ctx, {
      ...{ event: 'passkey-removed', person, now },
      address: input.address,
    });
    await recordAudit(h, ctx, actorAt(person, input), {
      action: 'account.factor-remove',
      subject: person.id,
      before: { method: 'passkey', name: removed[0]?.name },
      after: { sessionsEnded },
    });
  });
}

/** Ten new recovery codes; those before end. */
export async function renewRecoveryCodes(
  { ctx }: Engine,
  person: SignedIn,
  visit: Visit,
): Promise<string[]> {
  needProof(ctx, { via: 'console', provenAt: person.provenAt });
  const now = ctx.clock.now();
  return ctx.db.transact(async (h) => {
    const codes = await renewCodes(h, ctx, person.id, now);
    const sessionsEnded = await dropOtherSessions(h, person);
    await mailNotice(h, ctx, {
      ...{ event: 'recovery-codes', person, now },
      address: visit.address,
    });
    await recordAudit(h, ctx, actorAt(person, visit), {
      action: 'account.recovery-codes',
      subject: person.id,
      after: { codes: codes.length, sessionsEnded },
    });
    return codes;
  });
}
