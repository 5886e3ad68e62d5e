import { askedToTell, isMailed, type AskedToTell } from '@upheld/domain/desk/asked-to-tell.ts';
import type { TicketMessage } from '@upheld/domain/notify/desk-messages.ts';
import { rulesUnder } from '@upheld/domain/sla/rules.ts';
import { versionAt } from '@upheld/domain/sla/version.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { componentsOf } from '../components.ts';
import type { Context } from '../context.ts';
import { mailboxOf, type TicketRow } from './ticket-row.ts';

/** The same, with the agreement that asks it, as people call it. */
export type AskedOfUs = AskedToTell & { agreement: string };

/** Whether the reporter is mailed when this happens to a ticket, where to, and what agreements ask. */
export interface Telling {
  /** Null: nothing is mailed. */
  to: string | null;
  asked: readonly AskedOfUs[];
}

/** What is told to the reporter of a ticket when this happens to it. */
export function tellingOf(
  ctx: Pick<Context, 'config' | 'agreements'>,
  row: Pick<TicketRow, 'componentId' | 'reporterAddress' | 'senderProof'>,
  message: TicketMessage,
  now: Instant,
): Telling {
  const config = ctx.config();
  const uses = componentsOf(config).get(row.componentId)?.agreements ?? [];
  const asked = uses.flatMap(({ agreement: reference }) => {
    const agreement = versionAt(ctx.agreements().get(reference), now);
    const { terms } = rulesUnder(agreement);
    return askedToTell(terms, message).map((one) => ({ ...one, agreement: agreement.name }));
  });
  const mails = config.channels.email !== undefined && isMailed(message, asked);
  return { to: mails ? mailboxOf(row) : null, asked };
}
