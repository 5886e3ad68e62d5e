import type { TicketMessage } from '@upheld/domain/notify/desk-messages.ts';
import type { SenderProof } from '@upheld/domain/desk/ticket.ts';
import type { Context } from '@upheld/services/context.ts';
import { tellingOf, type Telling } from '@upheld/services/ticket/asked-to-tell.ts';
import type { TicketView } from '@upheld/services/ticket/ticket-view.ts';
import type { Shown } from './tickets.ts';

/** What is said of the sender of a mail, in a word and in a sentence. */
export function senderShown(proof: SenderProof | null): Shown & { why: string } {
  switch (proof) {
    case 'proven':
      return {
        text: 'Sender proven',
        tone: 'ok',
        why: 'The domain of this address signed the mail.',
      };
    case 'refuted':
      return {
        text: 'Not from whom it says',
        tone: 'down',
        why: 'The domain of this address neither signed nor sent the mail, and asks that such mail be refused. So nothing is mailed to it, and no mail from it is added here. Did they write it after all? Add their report by hand.',
      };
    case null:
      return {
        text: 'Sender not proven',
        tone: 'unknown',
        why: 'Nobody can tell whether the mail came from this address.',
      };
  }
}

/** What is told to the reporter of a ticket when this happens, before it does. */
export function tellingAbout(ctx: Context, view: TicketView, message: TicketMessage): Telling {
  const { component, reporterAddress, senderProof } = view;
  const row = { componentId: component.id, reporterAddress, senderProof };
  return tellingOf(ctx, row, message, ctx.clock.now());
}

/** The same in words: to whom it is mailed, or that nothing is, and which agreement asks what. */
export function tellingWords({ to, asked }: Telling): string {
  const byMail = asked.filter(({ channels }) => channels.includes('email'));
  const mailed =
    to === null
      ? 'Nothing is mailed.'
      : `Mailed to ${to}${byMail.length === 0 ? '' : `, as ${clausesOf(byMail)} asks`}.`;
  if (to !== null || asked.length === 0) return mailed;
  const ways = [...new Set(asked.flatMap(({ channels }) => channels))];
  const by = ways.length === 0 ? '' : ` by ${ways.join(' or ').replaceAll('-', ' ')}`;
  return `${mailed} ${clausesOf(asked)} asks that the reporter is told${by}.`;
}

function clausesOf(asked: Telling['asked']): string {
  const clauses = asked.map(({ agreement, clause }) => `${shortName(agreement)} ${clause}`);
  return [...new Set(clauses)].join(' and ');
}

/** The name of an agreement without what stands in brackets behind it. */
export function shortName(agreement: string): string {
  return agreement.replace(/\s*\([^()]*\)$/, '');
}
