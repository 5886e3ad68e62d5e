import { and, eq } from '@upheld/db/query.ts';
import { z } from 'zod';
import { recordAudit } from '../audit/record.ts';
import { chosen } from './chosen.ts';
import { isRefused, refused } from './refusal.ts';
import type { Answer, Cookies, Visit } from './types.ts';
import type { Engine } from './engine.ts';
import { attempt, codeBucket } from './guessing.ts';
import { mailNotice } from './notice.ts';
import { dropSessions } from './people.ts';
import { needProof } from './proof.ts';
import { renewSession } from './second-factor.ts';
import { actorAt, currentSession } from './sessions.ts';
import { forgiveTry } from './tries.ts';

const PROVIDER = 'credential';

/** Takes a new password after the old one: ends every session, and renews the one that asks. */
export async function changePassword(
  engine: Engine,
  input: Visit & { current: string; next: string },
): Promise<Answer<Cookies>> {
  const { ctx } = engine;
  const current = await currentSession(engine, input);
  if (current?.pending !== null) return refused('session-ended');
  const { person, session } = current;
  const { provenAt } = session;
  needProof(ctx, { via: 'console', provenAt });
  const { email, name } = person;
  await chosen(ctx, z.object({}), {}, { path: 'next', text: input.next, email, name });

  const bucket = await codeBucket(engine, person.id);
  const tried = await attempt(engine, [bucket], { visit: input, personId: person.id });
  if (isRefused(tried)) return tried;
  const { hashPassword, verifyPassword } = await import('./password-hash.ts');
  const { q, t } = ctx.db.read;
  const [credential] = await q
    .select()
    .from(t.credentials)
    .where(and(eq(t.credentials.personId, person.id), eq(t.credentials.providerId, PROVIDER)));
  if (!(await verifyPassword(credential?.password ?? '', input.current))) {
    await tried.wrong();
    return refused('wrong-credentials');
  }
  const password = await hashPassword(input.next);
  const now = ctx.clock.now();
  await ctx.db.transact(async (h) => {
    await h.q
      .update(h.t.credentials)
      .set({ password, updatedAt: now })
      .where(and(eq(h.t.credentials.personId, person.id), eq(h.t.credentials.providerId, PROVIDER)))
      .returning({ id: h.t.credentials.id });
    const sessions = await dropSessions(h, person.id);
    await forgiveTry(h, [bucket], now);
    await mailNotice(h, ctx, { event: 'password', person, now, address: input.address });
    await recordAudit(h, ctx, actorAt(person, input), {
      action: 'account.password',
      subject: person.id,
      after: { sessionsEnded: sessions },
    });
  });
  const cookies = await renewSession(engine, input, { personId: person.id, provenAt });
  return { ok: true, cookies };
}
