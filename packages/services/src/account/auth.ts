import { passkey } from '@better-auth/passkey';
import type { Context } from '../context.ts';
import { APIError, createAuthEndpoint } from 'better-auth/api';
import { deleteSessionCookie, setSessionCookie } from 'better-auth/cookies';
import { betterAuth } from 'better-auth/minimal';
import { z } from 'zod';
import { accountAdapter } from './adapter.ts';
import { machineNow } from './machine-clock.ts';
import { hashPassword, verifyPassword } from './password-hash.ts';
import { ADDRESS_HEADER } from './visit.ts';

export interface AuthSettings {
  /** Of at least 32 characters; signs cookies. */
  secret: string;
  /** The public address of the product. */
  url: string;
  /** The name that an authenticator shows. */
  name: string;
  sessionSeconds: number;
  /** The most characters that a password may have. */
  longestPassword: number;
  /** Whether this person may have a session; asked before every one that is made. */
  mayEnter(personId: string): Promise<boolean>;
}

/** The code of the error with which a blocked person is kept out. */
export const BLOCKED = 'UPHELD_BLOCKED';
const PASSKEY_SIGN_IN = '/passkey/verify-authentication';

/**
 * better-auth as the product uses it: passwords, sessions and passkeys, called from here and never
 * reachable over HTTP. What the product adds to it is in docs/adr/0050.
 */
export function createAuth(ctx: Context, settings: AuthSettings) {
  const url = new URL(settings.url);
  const secure = url.protocol === 'https:';
  return betterAuth({
    appName: settings.name,
    baseURL: url.origin,
    basePath: '/console/auth',
    secret: settings.secret,
    database: accountAdapter(ctx),
    logger: {
      level: 'error',
      log: (_level, message) => ctx.log.error({}, `accounts: ${message}`),
    },
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      maxPasswordLength: settings.longestPassword,
      password: {
        hash: hashPassword,
        verify: ({ hash, password }) => verifyPassword(hash, password),
      },
    },
    ...TABLES,
    session: {
      ...TABLES.session,
      expiresIn: settings.sessionSeconds,
      disableSessionRefresh: true,
      freshAge: 0,
    },
    databaseHooks: {
      session: { create: { before: (session, endpoint) => entering(settings, session, endpoint) } },
    },
    advanced: {
      cookiePrefix: secure ? '__Host-upheld' : 'upheld',
      // The prefix says more than the __Secure- that better-auth would put before it.
      useSecureCookies: false,
      defaultCookieAttributes: { secure, httpOnly: true, sameSite: 'lax', path: '/' },
      ipAddress: { disableIpTracking: true },
      database: { generateId: () => ctx.ids.next() },
    },
    plugins: [passkeys(url, settings.name), ownSessions(ctx)],
  });
}

export type Auth = ReturnType<typeof createAuth>;

/** Asked before every session that is made, in whichever way. */
async function entering(
  settings: AuthSettings,
  session: { userId: string; createdAt: Date },
  endpoint: { path?: string; headers?: Headers | undefined } | null,
) {
  if (!(await settings.mayEnter(session.userId)))
    throw new APIError('FORBIDDEN', { code: BLOCKED, message: 'blocked' });
  // A passkey is two factors in one: the device, and the finger or code that unlocks it.
  const { createdAt: at } = session;
  const passed = endpoint?.path === PASSKEY_SIGN_IN ? { passedAt: at, provenAt: at } : {};
  const ipAddress = endpoint?.headers?.get(ADDRESS_HEADER) ?? null;
  return { data: { lastUsedAt: session.createdAt, ipAddress, ...passed } };
}

const TABLES = {
  user: {
    modelName: 'people',
    additionalFields: { role: { type: 'string', required: true, input: false } },
  },
  session: {
    modelName: 'sessions',
    fields: { userId: 'personId', ipAddress: 'address' },
    additionalFields: {
      lastUsedAt: { type: 'date', required: false, input: false },
      passedAt: { type: 'date', required: false, input: false },
      provenAt: { type: 'date', required: false, input: false },
    },
  },
  account: { modelName: 'credentials', fields: { userId: 'personId' } },
  verification: { modelName: 'challenges', storeIdentifier: 'hashed' },
} as const;

/** Passkeys for the host of the product, unlocked by their user each time: alone, they are two factors. */
function passkeys(url: URL, name: string) {
  return passkey({
    rpID: url.hostname,
    rpName: name,
    origin: url.origin,
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    advanced: { webAuthnChallengeCookie: 'passkey' },
    schema: {
      passkey: {
        modelName: 'passkeys',
        fields: { userId: 'personId', credentialID: 'credentialId' },
      },
    },
    registration: {
      afterVerification({ verification }) {
        if (verification.registrationInfo?.userVerified !== true) throw unverified();
      },
    },
    authentication: {
      afterVerification({ verification }) {
        if (!verification.authenticationInfo.userVerified) throw unverified();
      },
    },
  });
}

function unverified(): APIError {
  return new APIError('UNAUTHORIZED', { message: 'the authenticator did not verify its user' });
}

/** Sessions that the product itself opens and ends, with the cookies that go with them. */
function ownSessions(ctx: Context) {
  return {
    id: 'upheld-sessions',
    endpoints: {
      openSession: createAuthEndpoint.serverOnly(
        {
          method: 'POST',
          requireHeaders: true,
          body: z.object({
            personId: z.string(),
            /** Null where no second factor was passed; else when it was last shown. */
            passed: z.object({ provenAt: z.date().nullable() }).nullable(),
            /** When it ends, where that is not the longest that a session may last. */
            until: z.date().nullable(),
          }),
        },
        async (endpoint) => {
          const { internalAdapter } = endpoint.context;
          const { personId, passed, until } = endpoint.body;
          const user = await internalAdapter.findUserById(personId);
          if (!user) throw new APIError('NOT_FOUND', { message: 'there is no such person' });
          const session = await internalAdapter.createSession(
            personId,
            false,
            {
              ...(passed ? { passedAt: machineNow(ctx.clock), ...passed } : {}),
              ...(until ? { expiresAt: until } : {}),
            },
            until !== null,
          );
          await setSessionCookie(endpoint, { session, user });
          return endpoint.json({ sessionId: session.id });
        },
      ),
      forgetSession: createAuthEndpoint.serverOnly(
        { method: 'POST', requireHeaders: true },
        (endpoint) => {
          deleteSessionCookie(endpoint);
          return endpoint.json({});
        },
      ),
    },
  } satisfies { id: string; endpoints: object };
}
