import type { SettingsFile } from '@upheld/services/settings/file.ts';
import type { SubscriptionDesk } from '@upheld/services/subscriber/desk.ts';
import type { MailDns } from './incoming/mail-dns.ts';
import type { ApiLimits } from './http/limits.ts';
import type { Readiness } from './ops/readiness.ts';

/** What the composition root hands over beside the context. */
export interface ApiDeps {
  desk: SubscriptionDesk;
  /** What one client may ask; shared with the site's forms. By default limits of its own. */
  limits?: ApiLimits;
  /** What says who may write in the name of a domain; by default the name servers of this machine. */
  mailDns?: MailDns;
  /** Where settings are; without it they cannot be shown or read again. */
  settings?: SettingsFile;
  /** Of the product, for the OpenAPI document. */
  version?: string;
  /** Whether the product does its work now; by default what the database tells of it. */
  readiness?: () => Promise<Readiness>;
}
