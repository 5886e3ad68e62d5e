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
