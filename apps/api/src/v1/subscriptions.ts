import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { DomainError } from '@upheld/domain/errors.ts';
import { CHANNELS } from '@upheld/domain/notify/delivery.ts';
import { LANGUAGES } from '@upheld/domain/text.ts';
import type { DeskAnswer, SubscriptionDesk } from '@upheld/services/subscriber/desk.ts';
import { visibleComponents } from '@upheld/services/visible-components.ts';
import { clientAddress } from '../http/client-address.ts';
import type { ApiEnv, ProductContext } from '../http/env.ts';
import { languageOf } from '../http/language.ts';
import type { ApiLimits } from '../http/limits.ts';
import { answers, jsonBody } from '../http/openapi.ts';
import * as schemas from './schemas.ts';

const token = z.string().min(1).max(500).meta({ description: 'From the link in a message.' });
const accepted = z.strictObject({
  status: z.literal('accepted').meta({
    description: 'The same whether or not the address was known. What is next is in the message.',
  }),
});
const done = z.strictObject({ status: z.literal('done') });
const choice = z.array(schemas.id).min(1).max(1000).nullable();

const subscription = z
  .strictObject({
    channel: z.enum(CHANNELS),
    maskedAddress: z.string(),
    confirmed: z.boolean(),
    language: z.enum(LANGUAGES),
    componentIds: choice,
    reminders: schemas.reminders,
  })
  .openapi('Subscription');

const chosen = z
  .strictObject({
    token,
    componentIds: choice.optional(),
    reminders: schemas.reminderChoice.optional(),
  })
  .openapi('SubscriptionChoice', { description: 'What is left out stays as it is.' });

const write = { method: 'post' as const, tags: ['Subscriptions'] };

const routes = {
  subscribe: createRoute({
    ...write,
    path: '/api/v1/subscriptions',
    operationId: 'subscribe',
    summary: 'Ask for messages; a link or code is sent to the address and has to be confirmed',
    request: { body: jsonBody(schemas.newSubscriber) },
    responses: answers({ 202: accepted }, ['too-many-requests']),
  }),
  confirm: createRoute({
    ...write,
    path: '/api/v1/subscriptions/confirm',
    operationId: 'confirmSubscription',
    summary: 'Confirm with the token of the link in the mail',
    request: { body: jsonBody(z.strictObject({ token })) },
    responses: answers({ 200: done }, ['too-many-requests']),
  }),
  code: createRoute({
    ...write,
    path: '/api/v1/subscriptions/confirm-code',
    operationId: 'confirmSubscriptionByCode',
    summary: 'Confirm with the code of the text message',
    request: {
      body: jsonBody(
        z.strictObject({ address: z.string().min(1).max(320), code: z.string().min(1).max(20) }),
      ),
    },
    responses: answers({ 200: done }, ['too-many-requests']),
  }),
  look: createRoute({
    ...write,
    path: '/api/v1/subscriptions/look',
    operationId: 'readSubscription',
    summary: 'What a subscription is; asked with POST so that the token stays out of logs',
    request: { body: jsonBody(z.strictObject({ token })) },
    responses: answers({ 200: subscription }, ['not-found', 'too-many-requests']),
  }),
  choose: createRoute({
    ...write,
    path: '/api/v1/subscriptions/choose',
    operationId: 'chooseComponents',
    summary:
      'Choose the components to hear of (null: all, also those to come) and the reminders of maintenance',
    request: { body: jsonBody(chosen) },
    responses: answers({ 200: done }, ['too-many-requests']),
  }),
  unsubscribe: createRoute({
    ...write,
    path: '/api/v1/subscriptions/unsubscribe',
    operationId: 'unsubscribe',
    summary: 'End a subscription and forget its address',
    request: { body: jsonBody(z.strictObject({ token })) },
    responses: answers({ 200: done }, ['too-many-requests']),
  }),
};

const ACCEPTED = { status: 'accepted' as const };
const DONE = { status: 'done' as const };

/** Subscribing as a visitor does it: open to everyone, so counted for each client. */
export function subscriptionRoutes(
  app: OpenAPIHono<ApiEnv>,
  ctx: ProductContext,
  desk: SubscriptionDesk,
  limits: ApiLimits,
): void {
  app.openapi(routes.subscribe, async (c) => {
    const { channel, address, language, componentIds = null, reminders } = c.req.valid('json');
    mustBeVisible(ctx, componentIds);
    const limit = channel === 'sms' ? limits.subscribeBySms : limits.subscribeByEmail;
    const ip = clientAddress(ctx, c);
    await limit.take(ip);
    const wish = { channel, address, language: language ?? languageOf(ctx, c), reminders };
    taken(await desk.subscribe({ ...wish, componentIds, ip }));
    return c.json(ACCEPTED, 202);
  });
  app.openapi(routes.confirm, async (c) => {
    await limits.confirm.take(clientAddress(ctx, c));
    taken(await desk.confirm(c.req.valid('json').token), 'token');
    return c.json(DONE, 200);
  });
  app.openapi(routes.code, async (c) => {
    const ip = clientAddress(ctx, c);
    await limits.confirm.take(ip);
    taken(await desk.confirmCode({ ...c.req.valid('json'), ip }), 'code');
    return c.json(DONE, 200);
  });
  app.openapi(routes.look, async (c) => {
    await limits.confirm.take(clientAddress(ctx, c));
    const found = await desk.look(c.req.valid('json').token);
    if (!found) throw new DomainError('not-found', 'this token is not known, or not any more');
    const componentIds = found.componentIds && [...found.componentIds];
    return c.json({ ...found, componentIds, reminders: [...found.reminders] }, 200);
  });
  app.openapi(routes.choose, async (c) => {
    await limits.confirm.take(clientAddress(ctx, c));
    const { token: given, ...choice } = c.req.valid('json');
    mustBeVisible(ctx, choice.componentIds ?? null);
    taken(await desk.choose(given, choice), 'token');
    return c.json(DONE, 200);
  });
  app.openapi(routes.unsubscribe, async (c) => {
    await limits.confirm.take(clientAddress(ctx, c));
    taken(await desk.unsubscribe(c.req.valid('json').token), 'token');
    return c.json(DONE, 200);
  });
}

/** What the desk's words of refusal mean to the caller. */
const REFUSALS: Readonly<Record<string, string>> = {
  'invalid-address': 'is no address; write one such as jan@example.com or +31612345678',
  'not-mobile': 'is no mobile number; text messages need one',
  'country-not-served': 'is of a country that gets no text messages from here',
  'channel-off': 'cannot be reached: this channel is not offered here',
  'unknown-component': 'names a component that does not exist',
  'wrong-code': 'is wrong, or not good any more; ask for a new one',
  expired: 'is not good any more; ask for a new one',
  'unknown-token': 'is not known, or not any more',
};

function taken(answer: DeskAnswer, place = 'address'): void {
  if (answer.ok) return;
  const path = answer.field ?? place;
  const message = REFUSALS[answer.reason] ?? answer.reason;
  throw new DomainError('invalid-input', `${path} ${message}`, [{ path, message }]);
}

/** What no page shows does not exist for a visitor. */
function mustBeVisible(ctx: ProductContext, componentIds: readonly string[] | null): void {
  const visible = visibleComponents(ctx.config());
  const faults = (componentIds ?? []).flatMap((id, index) =>
    visible.has(id) ? [] : [{ path: `componentIds[${index}]`, message: `"${id}" is no component` }],
  );
  if (faults.length > 0) throw new DomainError('invalid-input', 'the choice has faults', faults);
}
