import type { AccountDesk } from '@upheld/services/account/desk.ts';
import type { Instant, Logger } from '@upheld/domain/ports.ts';
import type { Language } from '@upheld/domain/text.ts';
import type { Context } from '@upheld/services/context.ts';
import type { SettingsFile } from '@upheld/services/settings/file.ts';
import type { SubscriptionDesk } from '@upheld/services/subscriber/desk.ts';
import type { WorksheetAnswer, WorksheetWish } from '@upheld/services/read/find-worksheet.ts';
import type { IncidentView, MaintenanceView, PageView } from '@upheld/services/read/page-view.ts';

/** What the site may ask of the product; the composition root puts it into `Astro.locals.upheld`. */
export interface SiteContext {
  /** What the verbs of the services get: pages of the console call them themselves. */
  product: Context;
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
  /** How the figures of a component came about, under one of its agreements. */
  worksheet(wish: WorksheetWish): Promise<WorksheetAnswer>;
  /** Where settings are; pages of the console show them and have them read again. */
  settings: SettingsFile;
  subscriptions: SubscriptionDesk;
  /** Who has signed in to the console; asked for each of its pages. */
  personOf: AccountDesk['personOf'];
  accounts: AccountDesk;
}
