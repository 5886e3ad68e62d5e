import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { ROLES } from '@upheld/domain/access/permissions.ts';
import {
  block,
  changeRole,
  listPeople,
  resetSecondFactor,
  unblock,
} from '@upheld/services/account/change-person.ts';
import { invite, withdrawInvitation } from '@upheld/services/account/invitations.ts';
import { resetPassword } from '@upheld/services/account/password-link.ts';
import type { InvitationView, PersonView } from '@upheld/services/account/desk.ts';
import type { ApiEnv, ProductContext } from '../http/env.ts';
import { isoInstant, isoInstantOrNull } from '../http/instants.ts';
import { answers, jsonBody, TOKEN } from '../http/openapi.ts';
import * as schemas from './schemas.ts';

const role = z.enum(ROLES);
const account = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    role,
    createdAt: schemas.instantOut,
    lastSignInAt: schemas.instantOut.nullable().meta({ description: 'null: never.' }),
    blockedAt: schemas.instantOut.nullable().meta({ description: 'null: it may be used.' }),
    blockedBecause: z.enum(['by-hand', 'unused']).nullable(),
    hasSecondFactor: z.boolean(),
  })
  .openapi('Account');
const invitationShape = {
  id: z.string(),
  email: z.string(),
  role,
  invitedBy: z.string(),
  createdAt: schemas.instantOut,
  expiresAt: schemas.instantOut,
};
const invitation = z.strictObject(invitationShape).openapi('Invitation');
const newInvitation = z
  .strictObject({
    ...invitationShape,
    link: z.string().meta({
      description: 'Where the account is made, once. Whoever has it can; it is shown only here.',
    }),
    mailed: z.boolean().meta({ description: 'Whether a mail with the link is on its way.' }),
  })
  .openapi('NewInvitation');

const common = { tags: ['Accounts'], security: TOKEN };
const params = z.object({ id: schemas.id });

const routes = {
  list: createRoute({
    ...common,
    method: 'get',
    path: '/api/v1/accounts',
    operationId: 'listAccounts',
    summary: 'Everyone who may use the console, and the invitations that are open',
    responses: answers(
      { 200: z.strictObject({ accounts: z.array(account), invitations: z.array(invitation) }) },
      [],
    ),
  }),
  invite: createRoute({
    ...common,
    method: 'post',
    path: '/api/v1/accounts/invitations',
    operationId: 'inviteToAccount',
    summary: 'Invite somebody to make an account; an earlier invitation of theirs ends',
    request: { body: jsonBody(z.strictObject({ email: z.string().max(254), role })) },
    responses: answers({ 201: newInvitation }, ['conflict']),
  }),
  withdraw: createRoute({
    ...common,
    method: 'delete',
    path: '/api/v1/accounts/invitations/{id}',
    operationId: 'withdrawInvitation',
    summary: 'End an invitation that nobody used',
    request: { params },
    responses: answers({ 200: z.strictObject({ id: z.string() }) }, ['not-found']),
  }),
  role: createRoute({
    ...common,
    method: 'post',
    path: '/api/v1/accounts/{id}/role',
    operationId: 'changeAccountRole',
    summary: 'Give somebody another role; their sessions end',
    request: { params, body: jsonBody(z.strictObject({ role })) },
    responses: answers({ 200: account }, ['not-found', 'conflict']),
  }),
};

const passwordLink = z
  .strictObject({ link: z.string(), expiresAt: schemas.instantOut })
  .openapi('PasswordLink');
const resetPasswordRoute = createRoute({
  ...common,
  method: 'post',
  path: '/api/v1/accounts/{id}/reset-password',
  operationId: 'resetPassword',
  summary: 'Make a link, shown once, to choose a new password; their sessions end',
  request: { params },
  responses: answers({ 200: passwordLink }, ['not-found']),
});

/** What is done to an account without anything more to say. */
const CHANGES = [
  ['block', 'blockAccount', 'Keep somebody out, from this moment on', block],
  ['unblock', 'unblockAccount', 'Let somebody in again', unblock],
  [
    'reset-second-factor',
    'resetSecondFactor',
    'Take away a second factor; the next sign-in makes a new one',
    resetSecondFactor,
  ],
] as const;

/** Accounts of the console, for who looks after them. */
export function accountRoutes(app: OpenAPIHono<ApiEnv>, ctx: ProductContext): void {
  app.openapi(routes.list, async (c) => {
    const { people, invitations } = await listPeople(ctx);
    return c.json(
      {
        accounts: people.map((person) => accountOut(person)),
        invitations: invitations.map((one) => invitationOut(one)),
      },
      200,
    );
  });
  app.openapi(routes.invite, async (c) => {
    const made = await invite(ctx, c.get('actor'), c.req.valid('json'));
    const { link, mailed } = made;
    return c.json({ ...invitationOut(made.invitation), link, mailed }, 201);
  });
  app.openapi(routes.withdraw, async (c) => {
    const { id } = c.req.valid('param');
    await withdrawInvitation(ctx, c.get('actor'), { id });
    return c.json({ id }, 200);
  });
  app.openapi(routes.role, async (c) => {
    const input = { ...c.req.valid('param'), ...c.req.valid('json') };
    return c.json(accountOut(await changeRole(ctx, c.get('actor'), input)), 200);
  });
  app.openapi(resetPasswordRoute, async (c) => {
    const { id } = c.req.valid('param');
    const { link, expiresAt } = await resetPassword(ctx, c.get('actor'), { id });
    return c.json({ link, expiresAt: isoInstant(expiresAt) }, 200);
  });
  for (const [name, operationId, summary, verb] of CHANGES)
    app.openapi(
      createRoute({
        ...common,
        method: 'post',
        path: `/api/v1/accounts/{id}/${name}`,
        operationId,
        summary,
        request: { params },
        responses: answers({ 200: account }, ['not-found', 'conflict']),
      }),
      async (c) => {
        const { id } = c.req.valid('param');
        return c.json(accountOut(await verb(ctx, c.get('actor'), { id })), 200);
      },
    );
}

function accountOut(person: PersonView): z.infer<typeof account> {
  return {
    id: person.id,
    name: person.name,
    email: person.email,
    role: person.role,
    createdAt: isoInstant(person.createdAt),
    lastSignInAt: isoInstantOrNull(person.lastSignInAt),
    blockedAt: isoInstantOrNull(person.blockedAt),
    blockedBecause: person.blockedBecause,
    hasSecondFactor: person.hasSecondFactor,
  };
}

function invitationOut(view: InvitationView): z.infer<typeof invitation> {
  const { id, email, invitedBy } = view;
  return {
    id,
    email,
    role: view.role,
    invitedBy,
    createdAt: isoInstant(view.createdAt),
    expiresAt: isoInstant(view.expiresAt),
  };
}
