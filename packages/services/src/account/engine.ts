import type { Context } from '../context.ts';
import { instanceSecret, keyed } from '../secret.ts';
import type { Auth } from './auth.ts';
import { mayEnter } from './idle.ts';
import { LONGEST_PASSWORD } from './password-rule.ts';

/** What the verbs of accounts share: better-auth, loaded when it is first needed, and the keys. */
export interface Engine {
  ctx: Context;
  auth(): Promise<Auth>;
  /** The secret that keys of accounts are derived from. */
  secret(): Promise<string>;
  /** Whether cookies are sent over https only. */
  secure(): boolean;
}

export function accountEngine(ctx: Context): Engine {
  let made: { of: string; auth: Promise<Auth> } | undefined;
  const secret = (): Promise<string> => instanceSecret(ctx.db, ctx.ids);
  const settings = () => {
    const { server, organisation, console } = ctx.config();
    return {
      url: server.url,
      name: organisation.name,
      sessionSeconds: Math.floor(console.longest / 1000),
    };
  };
  return {
    ctx,
    secret,
    secure: () => ctx.config().server.url.startsWith('https:'),
    auth() {
      // A configuration that was applied while running changes what cookies and passkeys are made for.
      const of = JSON.stringify(settings());
      if (made?.of !== of) made = { of, auth: load() };
      return made.auth;
    },
  };

  async function load(): Promise<Auth> {
    const [{ createAuth }, key] = await Promise.all([import('./auth.ts'), secret()]);
    return createAuth(ctx, {
      ...settings(),
      secret: keyed(key, 'cookies', 'better-auth').toString('base64url'),
      longestPassword: LONGEST_PASSWORD * 4,
      mayEnter: (personId) => mayEnter(ctx, personId),
    });
  }
}
