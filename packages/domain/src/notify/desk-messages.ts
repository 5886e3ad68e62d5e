import type { Instant } from '../ports.ts';
import type { Localised } from '../text.ts';

/** Somebody on call is to look at something. */
export interface AlertNotification {
  kind: 'alert';
  alertId: string;
  about: 'incident' | 'duty';
  title: Localised;
  /** The components it touches. */
  components: readonly { id: string; name: Localised }[];
  raisedAt: Instant;
  /** How many people were called before. */
  step: number;
}

/** Somebody may make an account: the token in the link is derived from the id when it is rendered. */
export interface InvitationNotification {
  kind: 'invitation';
  invitationId: string;
  /** The name of whoever invited. */
  invitedBy: string;
  until: Instant;
}

export const TICKET_MESSAGES = [
  'received',
  'responded',
  'updated',
  'recategorised',
  'recovered',
  'closed',
] as const;
export type TicketMessage = (typeof TICKET_MESSAGES)[number];

/** What the reporter of a ticket is told, in the words of an engineer. */
export interface TicketNotification {
  kind: 'ticket';
  event: TicketMessage;
  number: number;
  title: string;
  /** Empty for a receipt. */
  text: string;
  /** The Message-ID of the mail that it came by. */
  inReplyTo: string | null;
}
