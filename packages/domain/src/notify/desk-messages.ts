import type { TicketState } from '../desk/ticket.ts';
import type { Instant } from '../ports.ts';
import type { PauseReason, TicketKind } from '../sla/facts.ts';
import type { AccountEvent } from './account-words.ts';
import type { Localised } from '../text.ts';

/** Something that somebody on call is to look at. */
export interface AlertAbout {
  alertId: string;
  about: 'incident' | 'duty';
  title: Localised;
  /** The components it touches. */
  components: readonly { id: string; name: Localised }[];
  raisedAt: Instant;
  /** How many people were called before. */
  step: number;
}

/** Somebody on call is to look at something, or at several things at once. */
export interface AlertNotification extends AlertAbout {
  kind: 'alert';
  /** What else the same call is about. Left out by versions that called for each by itself. */
  others?: readonly AlertAbout[];
  /** No more of these follow this hour. */
  isLast?: boolean;
}

/** All that a call is about. */
export function aboutsOf(call: AlertNotification): readonly AlertAbout[] {
  return [call, ...(call.others ?? [])];
}

/** Somebody may make an account: the token in the link is derived from the id when it is rendered. */
export interface InvitationNotification {
  kind: 'invitation';
  invitationId: string;
  /** The name of whoever invited. */
  invitedBy: string;
  until: Instant;
}

/** Somebody's way of signing in has changed: told to them, in case it was not them. */
export interface AccountNotification {
  kind: 'account';
  event: AccountEvent;
  at: Instant;
  /** The network address that it came from; null where that says nothing. */
  address: string | null;
  /** Who did it, where that was not the person. */
  by: string | null;
}

/** Whoever runs the product looks whether a channel works. Nobody's own words are in it. */
export interface TestNotification {
  kind: 'test';
  testId: string;
  at: Instant;
}

export const TICKET_MESSAGES = [
  'received',
  'responded',
  'updated',
  'paused',
  'resumed',
  'recategorised',
  'recovered',
  'reopened',
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
  /** How it stands then; versions before this one did not say. */
  stands?: {
    state: TicketState;
    waitsFor: PauseReason | null;
    type: TicketKind;
    severity: string | null;
  };
  /** The Message-ID of the mail that it came by. */
  inReplyTo: string | null;
}
