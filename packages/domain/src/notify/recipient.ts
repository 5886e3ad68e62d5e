import type { Language } from '../text.ts';

/** Somebody who is told without having subscribed: who is on call, who reported a ticket, who may make an account or has one. */
export interface Recipient {
  kind: 'on-call' | 'reporter' | 'invited' | 'account' | 'tester';
  /** The person in the configuration, the ticket, the invitation, or the account. */
  id: string;
  name: string;
  /** A mailbox, a number in E.164, or the address of a webhook. */
  address: string;
  language: Language;
}
