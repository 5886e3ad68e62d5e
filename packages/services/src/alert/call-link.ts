import { eq } from '@upheld/db/query.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { aboutsOf } from '@upheld/domain/notify/desk-messages.ts';
import type { Context } from '../context.ts';
import { instanceSecret } from '../secret.ts';
import { acknowledgeAlert, acknowledgeUnlessOver } from './acknowledge-alert.ts';
import { alertsById, isUntaken, type AlertView } from './alert-view.ts';
import { readToken } from './token.ts';

/** What the link in a call opens. */
export interface CallView {
  /** Who was called. */
  person: string;
  /** What for, the first raised first; at least one. */
  alerts: readonly AlertView[];
}

/** What the link in a call opens; null for one that is not ours, or of who is not on call any more. */
export async function callByToken(ctx: Context, token: string): Promise<CallView | null> {
  const found = readToken(await instanceSecret(ctx.db, ctx.ids), token);
  if (!found) return null;
  const person = ctx.config().onCall?.people.find(({ id }) => id === found.personId);
  if (!person) return null;
  const ids = found.of === 'alert' ? [found.id] : await alertIdsOf(ctx, found.id);
  const alerts = await alertsById(ctx, ids);
  return alerts.length === 0 ? null : { person: person.name, alerts };
}

async function alertIdsOf(ctx: Context, messageId: string): Promise<string[]> {
  const { q, t } = ctx.db.read;
  const [message] = await q
    .select({ content: t.notifications.content })
    .from(t.outbox)
    .innerJoin(t.notifications, eq(t.notifications.id, t.outbox.notificationId))
    .where(eq(t.outbox.id, messageId));
  if (message?.content.kind !== 'alert') return [];
  return aboutsOf(message.content).map(({ alertId }) => alertId);
}

/**
 * Acknowledges in the name of whoever was called one alert of a call, or all of them that nobody has taken.
 * Throws DomainError: 'not-found' for a link that is not ours, or an alert that it does not open; 'conflict'
 * where nothing is left to take because it is over.
 */
export async function acknowledgeByToken(
  ctx: Context,
  { token, alertId, address }: { token: string; alertId?: string | undefined; address: string },
): Promise<CallView> {
  const call = await callByToken(ctx, token);
  const asked = call?.alerts.filter(({ id }) => alertId === undefined || id === alertId) ?? [];
  if (!call || asked.length === 0)
    throw new DomainError('not-found', 'this link does not belong to an alert');
  const actor = { name: call.person, address };
  const [only] = asked;
  if (asked.length === 1 && only) await acknowledgeAlert(ctx, actor, { alertId: only.id });
  else for (const { id } of asked.filter(isUntaken)) await acknowledgeUnlessOver(ctx, actor, id);
  const taken = await alertsById(
    ctx,
    call.alerts.map(({ id }) => id),
  );
  return { ...call, alerts: taken };
}
