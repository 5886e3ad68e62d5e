import type { Language } from '../text.ts';

/** Somebody who is told without having subscribed: who is on call, who reported a ticket, who may make an account. */
export interface Recipient {
  kind: 'on-call' | 'reporter' | 'invited';
  /** The person in the configuration, the ticket, or the invitation. */
  id: string;
  name: string;
  /** A mailbox, a number in E.164, or the address of a webhook. */
  address: string;
  language: Language;
}
