import { createHmac } from 'node:crypto';
import type { Harness } from './harness.ts';

/** What mail services sign their calls with. */
export const MAIL_SECRET = 'what-the-mail-service-signs-with';
export const incomingMail = { mail: { secret: MAIL_SECRET, component: 'fysioone' } };

/** Hands a mail over as the mail service does, byte by byte, and gives the answer. */
export async function sendMail(
  { api, ctx }: Pick<Harness, 'api' | 'ctx'>,
  mail: string | Uint8Array,
  type = 'message/rfc822',
): Promise<{ status: number; json: Record<string, unknown> }> {
  const body = Buffer.from(mail as Uint8Array);
  const timestamp = String(Math.floor(ctx.clock.now() / 1000));
  const mac = createHmac('sha256', MAIL_SECRET).update(`call.${timestamp}.`).update(body);
  const answer = await api.request('/api/incoming/mail', {
    method: 'POST',
    headers: {
      'content-type': type,
      'webhook-id': 'call',
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${mac.digest('base64')}`,
    },
    body: Uint8Array.from(body),
  });
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
}
