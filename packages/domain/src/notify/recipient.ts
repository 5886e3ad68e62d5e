import type { Language } from '../text.ts';

/** Somebody who is told without having subscribed: who is on call, or who reported a ticket. */
export interface Recipient {
  kind: 'on-call' | 'reporter';
  /** The person in the configuration, or the ticket. */
  id: string;
  name: string;
  /** A mailbox, a number in E.164, or the address of a webhook. */
  address: string;
  language: Language;
}
