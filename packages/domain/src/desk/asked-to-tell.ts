import type { TicketMessage } from '../notify/desk-messages.ts';
import type { Terms } from '../sla/agreement-schema.ts';

/** What an agreement asks that the reporter is told, and by which way. */
export interface AskedToTell {
  /** The name of the notification in the agreement. */
  word: string;
  clause: string;
  channels: Terms['notifications'][string]['channels'];
}

/** The notifications of agreements that speak of a message to a reporter, by their names there. */
const NAMES: Readonly<Record<TicketMessage, readonly string[]>> = {
  received: ['ticket-number', 'incident-number'],
  responded: [],
  updated: [],
  paused: ['ticket-status'],
  resumed: ['ticket-status'],
  recategorised: ['recategorised'],
  recovered: ['ticket-status', 'restored'],
  reopened: ['ticket-status'],
  closed: ['ticket-status'],
};

/** Said to the reporter in any case: it is an answer, or how their report ended. */
const ALWAYS: ReadonlySet<TicketMessage> = new Set([
  'responded',
  'updated',
  'recategorised',
  'recovered',
  'closed',
]);

/** What the terms of an agreement ask to be told to a reporter when this happens. */
export function askedToTell(
  { notifications }: Pick<Terms, 'notifications'>,
  message: TicketMessage,
): AskedToTell[] {
  return NAMES[message].flatMap((word) => {
    const asked = notifications[word];
    return asked?.audience === 'reporter'
      ? [{ word, clause: asked.clause, channels: asked.channels }]
      : [];
  });
}

/** Whether a message is mailed: an answer always, anything else where an agreement asks for a mail. */
export function isMailed(
  message: TicketMessage,
  asked: readonly Pick<AskedToTell, 'channels'>[],
): boolean {
  return ALWAYS.has(message) || asked.some(({ channels }) => channels.includes('email'));
}
