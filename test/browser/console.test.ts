import { colleague, firstOwner, type TestPerson } from '@upheld/testkit/accounts.ts';
import { codeAt, fromBase32 } from '@upheld/services/account/totp.ts';
import { renewSetupLink } from '@upheld/services/account/first-account.ts';
import { openIncident } from '@upheld/services/incident/open-incident.ts';
import { announceMaintenance } from '@upheld/services/maintenance/announce-maintenance.ts';
import { createToken } from '@upheld/services/token/tokens.ts';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startBrowser } from '../support/browser.ts';
import { serveConsole, type ConsoleServer } from '../support/console-server.ts';
import { assertAccessible, assertFits } from '../support/visit.ts';

const PASSWORD = 'een rustige middag in november';
const STEP_MS = 30_000;

let chromium: Browser;
before(async () => {
  chromium = await startBrowser();
});
after(() => chromium.close());

/** Lets one visitor use a page; what the browser complains of fails the test. */
async function visit<T>(
  options: BrowserContextOptions,
  use: (page: Page) => Promise<T>,
): Promise<T> {
  const context = await chromium.newContext({ locale: 'en-GB', ...options });
  const complaints: string[] = [];
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on('console', (message) => {
      const expected = /the server responded with a status of/.test(message.text());
      if (message.type() === 'error' && !expected) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    const seen = await use(page);
    assert.deepEqual(complaints, []);
    return seen;
  } finally {
    await context.close();
  }
}

const heading = (page: Page): Promise<string | null> => page.locator('h1').textContent();
const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();

/** The code that an authenticator app shows for the secret on the page. */
async function codeOf(page: Page, server: ConsoleServer): Promise<string> {
  const text = (await page.locator('#totp-secret').textContent()) ?? '';
  const secret = fromBase32(text.replace(/\s/g, ''));
  return codeAt(secret, Math.floor(server.clock.now() / STEP_MS));
}

async function makeAccount(
  page: Page,
  server: ConsoleServer,
  name: string,
  look = (): Promise<void> => Promise.resolve(),
): Promise<void> {
  await page.getByLabel('Your name').fill(name);
  const email = page.getByLabel('Mail address');
  if (await email.isEditable()) await email.fill('olga@example.test');
  await page.getByLabel('Password').fill(PASSWORD);
  await press(page, 'Make the account');
  assert.equal(await heading(page), 'Your second factor');
  await page.getByLabel('2. Type the six digits').fill('000 000');
  await press(page, 'Use this app');
  assert.match((await page.getByRole('alert').textContent()) ?? '', /is not right/);
  await look();
  await page.getByLabel('2. Type the six digits').fill(await codeOf(page, server));
  await press(page, 'Use this app');
  assert.equal(await heading(page), 'Keep these codes');
}

describe('without scripts', () => {
  test('a first owner and an invited colleague get in, and out, and in again', async () => {
    const server = await serveConsole({ real: true });
    const setUp = (await renewSetupLink(server.ctx)) ?? '';
    try {
      const [link, code] = await visit({ javaScriptEnabled: false }, async (page) => {
        await page.goto(setUp);
        await page.getByLabel('Your name').fill('Olga Owner');
        await page.getByLabel('Mail address').fill('olga@example.test');
        await page.getByLabel('Password').fill('password1234');
        await press(page, 'Make the account');
        assert.equal(await page.title(), 'Error: The first account – Upheld console');
        assert.equal(await page.getByLabel('Your name').inputValue(), 'Olga Owner');
        assert.equal(await page.getByLabel('Password').inputValue(), '');
        await makeAccount(page, server, 'Olga Owner');
        const codes = await page.locator('.codes code').allTextContents();
        assert.equal(codes.length, 10);
        await page.getByRole('link', { name: 'I have kept them' }).click();
        assert.equal(await heading(page), 'Desk');

        await page.goto(`${server.url}/console/people`);
        await page.getByLabel('Mail address').fill('eva@example.test');
        await page.getByLabel('Engineer').check();
        await press(page, 'Invite');
        return [await page.locator('#invitation-link').textContent(), codes[0] ?? ''] as const;
      });

      await visit({ javaScriptEnabled: false }, async (page) => {
        await page.goto(link?.trim() ?? '');
        await makeAccount(page, server, 'Eva Engineer');
        await page.goto(`${server.url}/console/people`);
        assert.equal(await heading(page), 'This is not yours to open');
        assert.match((await page.locator('main').textContent()) ?? '', /role owner/);
      });

      await visit({ javaScriptEnabled: false }, async (page) => {
        await page.goto(`${server.url}/console/audit?actor=Olga+Owner`);
        assert.equal(await heading(page), 'Sign in');
        await page.getByLabel('Mail address').fill('olga@example.test');
        await page.getByLabel('Password').fill('not the password at all');
        await press(page, 'Sign in');
        assert.match((await page.getByRole('alert').textContent()) ?? '', /do not go together/);
        assert.equal(await page.getByLabel('Mail address').inputValue(), 'olga@example.test');
        await page.getByLabel('Password').fill(PASSWORD);
        await press(page, 'Sign in');
        assert.equal(await heading(page), 'One more step');
        await page.getByText('The telephone or key is gone').click();
        await page.getByLabel('Recovery code').fill(code);
        await press(page, 'Use the code');
        assert.equal(page.url(), `${server.url}/console/audit?actor=Olga+Owner`);
        await page.getByRole('button', { name: 'Sign out' }).click();
        assert.equal(
          await page
            .getByRole('status')
            .textContent()
            .then((t) => t?.trim()),
          'You have signed out.',
        );
        await page.goto(`${server.url}/console/audit`);
        assert.equal(await heading(page), 'Sign in');
      });
    } finally {
      await server.stop();
    }
  });

  test('an owner makes and revokes a token, which is shown once', async () => {
    const server = await serveConsole({ role: 'owner' });
    try {
      await visit({ javaScriptEnabled: false }, async (page) => {
        await server.signIn(page.context());
        await page.goto(`${server.url}/console/tokens`);
        await press(page, 'Make the token');
        await page.getByLabel('Name').fill('build server');
        await page.getByLabel('maintenance').check();
        await press(page, 'Make the token');
        const token = (await page.locator('#new-token').textContent())?.trim() ?? '';
        assert.match(token, /^upheld_/);
        await page.goto(`${server.url}/console/tokens`);
        assert.ok(!(await page.content()).includes(token));
        await page.locator('summary', { hasText: 'Revoke' }).click();
        await press(page, 'Revoke the token');
        assert.match((await page.getByRole('status').textContent()) ?? '', /is revoked/);
      });
    } finally {
      await server.stop();
    }
  });
});

describe('a passkey', () => {
  test('is made, opens the console alone, and is taken away', async () => {
    const server = await serveConsole({ real: true });
    try {
      const owner = await firstOwner(server.ctx, server.desk);
      await visit({}, async (page) => {
        const devtools = await page.context().newCDPSession(page);
        await devtools.send('WebAuthn.enable');
        await devtools.send('WebAuthn.addVirtualAuthenticator', {
          options: {
            protocol: 'ctap2',
            transport: 'internal',
            hasResidentKey: true,
            hasUserVerification: true,
            isUserVerified: true,
            automaticPresenceSimulation: true,
          },
        });
        await page.context().addCookies(cookiesOf(owner, server));
        await page.goto(`${server.url}/console/enrol`);
        await press(page, 'Make a passkey instead');
        await page.waitForURL(/\/console\/security/);
        assert.match(
          (await page.getByRole('status').textContent()) ?? '',
          /new second factor works/,
        );
        await page.getByRole('button', { name: 'Sign out' }).click();
        await press(page, 'Sign in with a passkey');
        await page.waitForURL(`${server.url}/console`);
        assert.equal(await heading(page), 'Desk');

        await page.goto(`${server.url}/console/security`);
        await page.locator('summary', { hasText: 'Remove' }).click();
        await press(page, 'Remove the passkey');
        assert.match((await page.getByRole('status').textContent()) ?? '', /is removed/);
      });
    } finally {
      await server.stop();
    }
  });
});

/** The cookies of a person of the testkit, for a browser. */
function cookiesOf({ browser }: TestPerson, { url }: ConsoleServer) {
  return browser.cookie.split('; ').map((pair) => {
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    return { name, value, url };
  });
}

describe('every page of the frame', () => {
  let server: ConsoleServer;
  let owner: TestPerson;
  before(async () => {
    server = await serveConsole({ real: true });
    const { ctx, desk } = server;
    owner = await firstOwner(ctx, desk);
    await colleague(ctx, desk, { invitedBy: owner.person, role: 'engineer', name: 'Jan de Vries' });
    const { id, name, provenAt } = owner.person;
    const actor = { id, name, provenAt, via: 'console' } as const;
    await desk.invite(actor, { email: 'mirjam@zorgsoftware.example', role: 'manager' });
    await createToken(ctx, actor, { name: 'build server', scopes: ['maintenance'] });
    const title = { nl: 'FysioOne is niet bereikbaar', en: 'FysioOne cannot be reached' };
    await openIncident(ctx, actor, {
      componentIds: ['fysioone'],
      title,
      body: title,
      impact: 'critical',
    });
    const from = ctx.clock.now() + 26 * 3_600_000;
    await announceMaintenance(ctx, actor, {
      componentIds: ['fysioone'],
      kind: 'planned',
      from,
      to: from + 3_600_000,
      title: { nl: 'Nieuwe versie', en: 'New version' },
      text: { nl: 'We plaatsen een nieuwe versie.', en: 'We install a new version.' },
    });
  });
  after(() => server.stop());

  const OPEN = ['/console/sign-in', '/console/setup?token=none', '/console/invitation?token=none'];
  const INSIDE = [
    '/console',
    '/console/security',
    '/console/enrol',
    '/console/people',
    '/console/tokens',
    '/console/subscribers',
    '/console/outbox',
    '/console/audit',
    '/console/refused',
    '/console/no/such/page',
  ];
  for (const colorScheme of ['light', 'dark'] as const)
    for (const path of [...OPEN, ...INSIDE])
      test(`${path} is accessible in the ${colorScheme} theme, and fits a telephone`, async () => {
        await visit({ colorScheme, viewport: { width: 1280, height: 900 } }, async (page) => {
          if (INSIDE.includes(path)) await page.context().addCookies(cookiesOf(owner, server));
          await page.goto(server.url + path);
          await assertAccessible(page);
          await assertFits(page);
          // On a telephone tables and the menu are drawn otherwise; colours are not.
          if (colorScheme === 'light') await assertAccessible(page);
        });
      });

  for (const colorScheme of ['light', 'dark'] as const)
    test(`on the way to a first account is accessible in the ${colorScheme} theme`, async () => {
      const fresh = await serveConsole({ real: true });
      try {
        const setUp = (await renewSetupLink(fresh.ctx)) ?? '';
        await visit({ colorScheme }, async (page) => {
          const look = async (): Promise<void> => {
            await assertAccessible(page);
            await assertFits(page);
          };
          await page.goto(setUp);
          await look();
          await makeAccount(page, fresh, 'Olga Owner', look);
          await look();
          await page.goto(`${fresh.url}/console/people`);
          await page.context().clearCookies();
          await page.getByLabel('Mail address').fill('eva@example.test');
          await press(page, 'Invite');
          assert.equal(await heading(page), 'You are signed out');
          await look();
        });
      } finally {
        await fresh.stop();
      }
    });

  test('asks for the second factor, accessibly, and goes on from it', async () => {
    await visit({}, async (page) => {
      await page.goto(`${server.url}/console/people`);
      await page.getByLabel('Mail address').fill(owner.email);
      await page.getByLabel('Password').fill(owner.password);
      await press(page, 'Sign in');
      assert.equal(await heading(page), 'One more step');
      await assertAccessible(page);
      await assertFits(page);
      await server.clock.advance(STEP_MS);
      await page.getByLabel('Code of your authenticator app').fill(owner.totp(server.clock.now()));
      await press(page, 'Go on');
      assert.equal(page.url(), `${server.url}/console/people`);
    });
  });

  test('has its menu on a telephone, by keyboard alone', async () => {
    await visit({ viewport: { width: 360, height: 700 } }, async (page) => {
      await page.context().addCookies(cookiesOf(owner, server));
      await page.goto(`${server.url}/console`);
      const people = page.getByRole('link', { name: 'People' });
      assert.equal(await people.isVisible(), false);
      await page.getByRole('button', { name: 'Menu' }).focus();
      await page.keyboard.press('Enter');
      await people.waitFor();
      await assertAccessible(page);
      await page.keyboard.press('Escape');
      assert.equal(await people.isVisible(), false);
      await page.keyboard.press('Enter');
      await people.focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/console\/people/);
    });
  });

  test('puts the focus on what was wrong, from where a link leads to the field', async () => {
    await visit({}, async (page) => {
      await page.context().addCookies(cookiesOf(owner, server));
      await page.goto(`${server.url}/console/tokens`);
      await page.getByLabel('Name').fill('<no name>');
      await press(page, 'Make the token');
      const summary = page.getByRole('alert');
      assert.ok(await summary.evaluate((element) => element === document.activeElement));
      await assertAccessible(page);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      assert.equal(await page.evaluate(() => location.hash), '#create-name');
      assert.equal(await page.getByLabel('Name').inputValue(), '<no name>');
      assert.equal(await page.getByLabel('Name').getAttribute('aria-invalid'), 'true');
    });
  });
});
