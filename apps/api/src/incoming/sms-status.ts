import type { OpenAPIHono } from '@hono/zod-openapi';
import { isSignedByTwilio, reportUrl, SMS_REPORT_PATH } from '@upheld/notifiers/sms/report.ts';
import { takeSmsReport } from '@upheld/services/outbox/sms-report.ts';
import { bodyLimit } from 'hono/body-limit';
import type { ApiEnv, ProductContext } from '../http/env.ts';
import { LARGEST_BODY, problem } from '../http/problem.ts';

/**
 * POST /api/incoming/sms-status: Twilio reports what became of a text message. Only what is signed with the
 * account's token, over the address that it was told and every field, is read at all.
 */
export function smsStatusRoute(app: OpenAPIHono<ApiEnv>, ctx: ProductContext): void {
  app.post(SMS_REPORT_PATH, bodyLimit({ maxSize: LARGEST_BODY }), async (c) => {
    const settings = ctx.config().channels.sms;
    const fields = fieldsOf(await c.req.text());
    const signed =
      settings !== undefined &&
      (await isSignedByTwilio(settings.authToken, {
        url: reportUrl(ctx.config().server.url, new URL(c.req.url).search),
        signature: c.req.header('x-twilio-signature') ?? '',
        fields,
      }));
    if (!signed)
      return problem(ctx, c, 'forbidden', { detail: 'this is not signed by the provider' });
    const [sid, status, code] = ['MessageSid', 'MessageStatus', 'ErrorCode'].map((name) =>
      typeof fields[name] === 'string' ? fields[name] : null,
    );
    const outboxId = c.req.query('message') ?? '';
    // Nothing to mend for the provider: without an answer of success it would only ask again.
    if (sid && status && outboxId !== '')
      await takeSmsReport(ctx, outboxId, { sid, status, errorCode: code ?? null });
    return c.body(null, 204);
  });
}

/** The fields of a form, each with all its values. */
function fieldsOf(body: string): Record<string, string | string[]> {
  const form = new URLSearchParams(body);
  return Object.fromEntries(
    [...new Set(form.keys())].map((name) => {
      const values = form.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}
