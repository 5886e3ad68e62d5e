import type { Instant, Logger } from '@upheld/domain/ports.ts';
import type { Language } from '@upheld/domain/text.ts';
import type { IncidentView, MaintenanceView, PageView } from '@upheld/services/read/page-view.ts';

/** What the site may ask of the product; the composition root puts it into `Astro.locals.upheld`. */
export interface SiteContext {
  defaultLanguage: Language;
  /** The address under which customers reach the site. */
  publicUrl: string;
  /** Whether the last entry of X-Forwarded-For comes from a proxy of the operator. */
  trustProxy: boolean;
  log: Logger;
  now(): Instant;
  /** Grows with every change of what a page shows; asked once a request, so it should be cheap. */
  revision(): number | Promise<number>;
  /** The page with that id, or the first one; null when there is none. */
  pageView(pageId?: string): Promise<PageView | null>;
  incident(id: string): Promise<IncidentView | null>;
  maintenance(id: string): Promise<MaintenanceView | null>;
  /** Incidents and maintenances that touch the local month YYYY-MM, newest first. */
  month(month: string): Promise<readonly (IncidentView | MaintenanceView)[]>;
  subscriptions: SubscriptionDesk;
}

/**
 * A refusal names its reason by a word that the site has a sentence for in every language:
 * `invalid-address`, `country-not-served`, `not-mobile`, `channel-off`, `unknown-component`,
 * `wrong-code`, `expired`, `unknown-token`, `too-many-requests`. Another word is shown as a general
 * refusal. `field` is the name of the input that it is about.
 */
export type DeskAnswer = { ok: true } | { ok: false; reason: string; field?: string };

/** Subscribing as a visitor does it. Answers never tell whether an address was known before. */
export interface SubscriptionDesk {
  subscribe(input: {
    channel: 'email' | 'sms';
    address: string;
    language: Language;
    componentIds: readonly string[] | null;
    ip: string;
  }): Promise<DeskAnswer>;
  /** What a link in a mail points at; null when the token is wrong or expired. */
  look(token: string): Promise<Subscription | null>;
  confirm(token: string): Promise<DeskAnswer>;
  confirmCode(input: { address: string; code: string; ip: string }): Promise<DeskAnswer>;
  choose(token: string, componentIds: readonly string[] | null): Promise<DeskAnswer>;
  unsubscribe(token: string): Promise<DeskAnswer>;
}

export interface Subscription {
  channel: 'email' | 'sms';
  /** With the middle hidden, as in j…n@example.com. */
  maskedAddress: string;
  confirmed: boolean;
  language: Language;
  componentIds: readonly string[] | null;
}
