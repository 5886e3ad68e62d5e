import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { takeBounce } from '@upheld/services/outbox/take-bounce.ts';
import { receiveMail, type IncomingMail } from '@upheld/services/ticket/receive-mail.ts';
import { bodyLimit } from 'hono/body-limit';
import type { ApiEnv, ProductContext } from '../http/env.ts';
import { answers } from '../http/openapi.ts';
import { problem } from '../http/problem.ts';
import type { MailDns } from './mail-dns.ts';
import { proveSender } from './prove-sender.ts';
import { jsonMail, readJsonMail, readRawMail } from './read-mail.ts';
import { faultOfSignature } from './signature.ts';

const received = z.object({
  taken: z.enum(['new', 'added', 'before', 'ignored', 'report']).meta({
    description: 'report: it was a mail server on a mail of ours, and became no ticket.',
  }),
  number: z.int().optional().meta({ description: 'Of the ticket.' }),
  reason: z.string().optional().meta({ description: 'Why it is ignored.' }),
});

/** The largest mail that is read, in bytes, with what is attached to it. */
export const LARGEST_MAIL = 15 * 1024 * 1024;

/** It reads the body itself, because what is signed are its bytes. */
const documented = createRoute({
  method: 'post',
  path: '/api/incoming/mail',
  tags: ['Incoming'],
  operationId: 'receiveMail',
  summary: 'Hand over a mail of a customer, signed as Standard Webhooks say',
  request: {
    body: {
      required: true,
      content: {
        'message/rfc822': { schema: z.string() },
        'application/json': { schema: jsonMail.openapi('IncomingMail') },
      },
    },
  },
  responses: answers({ 202: received.openapi('ReceivedMail') }, ['unauthorised', 'not-found']),
});

/**
 * POST /api/incoming/mail: a mail service hands over what customers write, as the raw message or as JSON,
 * signed. The answer says what became of it; the same mail again changes nothing.
 */
export function incomingRoutes(app: OpenAPIHono<ApiEnv>, ctx: ProductContext, dns: MailDns): void {
  app.openAPIRegistry.registerPath(documented);
  app.post(
    '/api/incoming/mail',
    bodyLimit({
      maxSize: LARGEST_MAIL,
      onError: (c) =>
        problem(ctx, c, 'too-large', { detail: `a mail has at most ${LARGEST_MAIL} bytes` }),
    }),
    async (c) => {
      const settings = ctx.config().incoming?.mail;
      if (!settings)
        return problem(ctx, c, 'not-found', { detail: 'no mail is taken here; see incoming.mail' });
      const body = Buffer.from(await c.req.arrayBuffer());
      const fault = faultOfSignature(
        {
          id: c.req.header('webhook-id'),
          timestamp: c.req.header('webhook-timestamp'),
          signature: c.req.header('webhook-signature'),
          body,
        },
        settings.secret,
        ctx.clock.now(),
      );
      if (fault !== null) return problem(ctx, c, 'unauthorised', { detail: fault });
      const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
      if (type !== 'application/json' && type !== 'message/rfc822')
        return problem(ctx, c, 'not-json', {
          detail: 'send the mail as message/rfc822, or as JSON',
        });
      // What comes to an address for reports is never a ticket, also where it reports nothing.
      const bounce =
        type === 'message/rfc822' ? await takeBounce(ctx, body.toString('utf8')) : 'not-a-bounce';
      if (bounce !== 'not-a-bounce') return c.json({ taken: 'report', reason: bounce }, 202);
      const mail = type === 'application/json' ? readJsonMail(body) : await readProven(body, dns);
      const received = await receiveMail(ctx, mail);
      if (received.taken === 'ignored')
        ctx.log.info({ reason: received.reason }, 'an incoming mail is ignored');
      return c.json(received, 202);
    },
  );
}

/** A mail with what is known of its sender; of what a machine sent nobody asks. */
async function readProven(body: Buffer, dns: MailDns): Promise<IncomingMail> {
  const { mail, claimed } = await readRawMail(body);
  if (mail.automatic !== null) return mail;
  return { ...mail, senderProof: await proveSender(body, claimed, dns) };
}
