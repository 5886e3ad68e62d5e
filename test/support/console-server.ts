import type { Config } from '@upheld/config/schema.ts';
import type { Database } from '@upheld/db/database.ts';
import { openDatabase } from '@upheld/db/open.ts';
import { ROLES, type Role } from '@upheld/domain/access/permissions.ts';
import { accountDesk, type AccountDesk, type SignedIn } from '@upheld/services/account/desk.ts';
import { controlledClock, type ControlledClock } from '@upheld/testkit/clock.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { testSettings } from '@upheld/testkit/settings.ts';
import type { SettingsFile } from '@upheld/services/settings/file.ts';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { webRole } from '../../apps/upheld/src/compose/web-role.ts';

/** The whole web role, with one person of every role who has signed in already. */
export interface ConsoleServer {
  url: string;
  ctx: TestContext;
  /** The accounts of this server. */
  desk: AccountDesk;
  clock: ControlledClock;
  /** The person of the role that was asked for. */
  person: SignedIn;
  /** The Cookie header of that person; nobody knows it where the accounts are real. */
  cookie: string;
  /** The Cookie header of a person of another role. */
  cookieOf(role: Role): string;
  personOf(role: Role): SignedIn;
  /** A page as that person gets it, or as `role`; `role: null` has not signed in. Follows no redirect. */
  get(path: string, role?: Role | null): Promise<Response>;
  /** The same for a form, sent as a browser sends one of our own pages. Repeated names are lists. */
  post(
    path: string,
    fields: Readonly<Record<string, string | readonly string[]>>,
    role?: Role | null,
  ): Promise<Response>;
  /** Signs a Chromium context in, as that person or as `role`. */
  signIn(browser: BrowserContext, role?: Role): Promise<void>;
  stop(): Promise<void>;
}

export interface ConsoleOptions {
  /** Who signs in when nothing else is said; an engineer. */
  role?: Role;
  /** A database of the caller's, which the caller closes; otherwise a SQLite file of its own. */
  database?: Database;
  config?: Config;
  clock?: ControlledClock;
  /** The file of settings; by default one that says what is in force. */
  settings?: (ctx: TestContext) => SettingsFile;
  /** Whether the product's own accounts are used, so that somebody has to sign in; `desk` makes them. */
  real?: boolean;
  /** Whether those who are signed in showed a second factor lately; they did. */
  proven?: boolean;
}

const COOKIE = 'console-test';
/** A Thursday afternoon in Amsterdam, in the week of the tests' year. */
export const CONSOLE_NOW = Date.parse('2026-11-19T14:20:00Z');

const NAMES: Readonly<Record<Role, string>> = {
  viewer: 'Vera Kijker',
  engineer: 'Jan de Vries',
  manager: 'Mirjam Bakker',
  owner: 'Olga van Dam',
};

const person = (role: Role): SignedIn => ({
  id: `person-${role}`,
  name: NAMES[role],
  email: `${role}@zorgsoftware.example`,
  role,
  sessionId: `session-${role}`,
  provenAt: CONSOLE_NOW,
});

/** Starts it; the site must have been built. Time stands at CONSOLE_NOW until the test moves it. */
export async function serveConsole(options: ConsoleOptions = {}): Promise<ConsoleServer> {
  const role = options.role ?? 'engineer';
  const folder = mkdtempSync(join(tmpdir(), 'upheld-console-'));
  const db =
    options.database ?? (await openDatabase({ kind: 'sqlite', file: join(folder, 'upheld.db') }));
  const clock = options.clock ?? controlledClock(CONSOLE_NOW);
  const ctx = testContext(db, { clock, ...(options.config ? { config: options.config } : {}) });
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  // Cookies and passkeys are bound to the address under which the console is reached.
  ctx.configure({ ...ctx.config(), server: { ...ctx.config().server, url } });
  const desk = accountDesk(ctx);
  const settings = options.settings?.(ctx) ?? testSettings(ctx);
  const recogniseAt = (cookie: string | undefined): SignedIn | null => {
    const known = recognise(cookie);
    return known && { ...known, provenAt: options.proven === false ? null : clock.now() };
  };
  const personOf: AccountDesk['personOf'] = (visit) =>
    options.real === true
      ? desk.personOf(visit)
      : Promise.resolve({ person: recogniseAt(visit.cookie), pending: null, cookies: [] });
  server.on('request', await webRole(ctx, { settings, accounts: desk, personOf }));
  const headersOf = (as: Role | null): Record<string, string> =>
    as === null ? {} : { cookie: cookieOf(as) };
  return {
    url,
    ctx,
    desk,
    clock,
    person: person(role),
    cookie: cookieOf(role),
    cookieOf,
    personOf: person,
    get: (path, as = role) => fetch(url + path, { headers: headersOf(as), redirect: 'manual' }),
    post: (path, fields, as = role) =>
      fetch(url + path, {
        method: 'POST',
        headers: { ...headersOf(as), origin: url, 'sec-fetch-site': 'same-origin' },
        body: new URLSearchParams(
          Object.entries(fields).flatMap(([name, value]) =>
            (typeof value === 'string' ? [value] : value).map((one): [string, string] => [
              name,
              one,
            ]),
          ),
        ),
        redirect: 'manual',
      }),
    signIn: (browser, as = role) =>
      browser.addCookies([{ name: COOKIE, value: as, url, httpOnly: true, sameSite: 'Lax' }]),
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      if (!options.database) await db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const cookieOf = (role: Role): string => `${COOKIE}=${role}`;

function recognise(cookie: string | undefined): SignedIn | null {
  const role = ROLES.find((one) => cookie?.split('; ').includes(cookieOf(one)));
  return role === undefined ? null : person(role);
}
