/** Where Twilio reports what became of a text message; its query names the outbox row. */
export const SMS_REPORT_PATH = '/api/incoming/sms-status';

/**
 * The address for reports on one message, given that of the site; undefined where Twilio could not reach it
 * anyway, and would refuse the message for its address.
 */
export function reportAddress(siteUrl: string): ((outboxId: string) => string) | undefined {
  const { hostname } = new URL(siteUrl);
  if (/^(localhost|.*\.localhost|127\..*|\[.*\])$/.test(hostname)) return undefined;
  return (outboxId) => reportUrl(siteUrl, `?message=${encodeURIComponent(outboxId)}`);
}

/** The address as Twilio was told it, which its signature covers, whatever a proxy made of it. */
export function reportUrl(siteUrl: string, query: string): string {
  return `${siteUrl.replace(/\/+$/, '')}${SMS_REPORT_PATH}${query}`;
}

export interface SignedReport {
  /** As Twilio was told it, with its query. */
  url: string;
  /** The header X-Twilio-Signature. */
  signature: string;
  /** Every field of the form. */
  fields: Readonly<Record<string, string | readonly string[]>>;
}

/** Whether a report is signed with the account's token (HMAC-SHA1 over the address and all fields). */
export async function isSignedByTwilio(
  authToken: string,
  { url, signature, fields }: SignedReport,
): Promise<boolean> {
  const { default: twilio } = await import('twilio');
  return twilio.validateRequest(authToken, signature, url, { ...fields });
}
