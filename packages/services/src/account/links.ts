import { createHash } from 'node:crypto';
import type { Context } from '../context.ts';
import { keyed } from '../secret.ts';

const PATHS = { setup: '/console/setup', invitation: '/console/invitation' } as const;
export type LinkKind = keyof typeof PATHS;

/** The address that a one-time token is used at. */
export function linkOf(ctx: Pick<Context, 'config'>, kind: LinkKind, token: string): string {
  return `${ctx.config().server.url.replace(/\/+$/, '')}${PATHS[kind]}?token=${token}`;
}

/** The token of an invitation: derived from its id, so that the mail that carries it need not keep it. */
export function invitationToken(secret: string, id: string): string {
  return keyed(secret, 'invitation', id).toString('base64url');
}

/** SHA-256 of a random token or code: it has enough random bits that a slow hash would protect nothing. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
