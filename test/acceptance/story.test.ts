import {
  startMailServer,
  type MailServer,
  type ReceivedMail,
} from '@upheld/testkit/mail-server.ts';
import {
  createPostgresDatabase,
  freePort,
  startPostgres,
} from '@upheld/testkit/postgres-server.ts';
import { startSmsServer, type SmsServer } from '@upheld/testkit/sms-server.ts';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../support/browser.ts';
import { startProduct, type ProductServer } from '../support/product-server.ts';
import { serveUpheld, upheld, type RunningUpheld } from '../support/upheld-process.ts';

/*
 * The main job as its users live it, on the real thing: a process, a product, a mail server, a text
 * message provider and a browser. The tests run in order; each goes on where the one before left.
 */

interface Summary {
  status: { indicator: string };
  components: { id: string; status: string }[];
  incidents: { id: string; status: string; name: string; started_at: string }[];
  scheduled_maintenances: { id: string; scheduled_for: string }[];
}

interface Announced {
  maintenance: { id: string };
  verdicts: {
    agreement: string;
    verdict: string;
    lastValidAnnouncement: string | null;
    nextWindow: { from: string; to: string } | null;
  }[];
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const iso = (instant: number): string => new Date(instant).toISOString().replace(/\.\d+Z$/, 'Z');

for (const database of ['sqlite', 'postgres'] as const)
  describe(
    `the story of one outage and two maintenances, on ${database}`,
    { concurrency: false },
    () => {
      const data = mkdtempSync(join(tmpdir(), 'upheld-story-'));
      let product: ProductServer;
      let mail: MailServer;
      let sms: SmsServer;
      let browser: Browser;
      let page: Page;
      let env: Record<string, string>;
      let running: RunningUpheld;
      let firstMail: ReceivedMail;
      let token: string;
      const cleanUp: (() => Promise<void>)[] = [];

      const summary = async (): Promise<Summary> =>
        (await (await fetch(`${running.url}/api/v2/summary.json`)).json()) as Summary;
      const text = async (path = '/?lang=en'): Promise<string> => {
        await page.goto(running.url + path);
        return page.innerText('body');
      };

      /** Presses the button of the form that holds a field, and waits for the page that follows. */
      const submit = async (holding: string): Promise<void> => {
        const form = page.locator('form', { has: page.locator(holding) });
        await Promise.all([page.waitForEvent('load'), form.locator('button').click()]);
      };

      before(async () => {
        product = await startProduct();
        mail = await startMailServer();
        sms = await startSmsServer();
        browser = await startBrowser();
        page = await browser.newPage({ locale: 'en-GB' });
        const port = await freePort();
        env = {
          PORT: String(port),
          UPHELD_DATA: data,
          UPHELD_CONFIG: join(data, 'upheld.yaml'),
          ...(await databaseOf(database, cleanUp)),
        };
        writeFileSync(
          join(data, 'upheld.yaml'),
          configuration({ port, product: product.url, smtp: mail.port, twilio: sms.url }),
        );
        running = await serveUpheld(env);
      });

      after(async () => {
        await running.stop();
        await browser.close();
        await Promise.all([product.close(), mail.close(), sms.close()]);
        for (const step of cleanUp) await step();
        rmSync(data, { recursive: true, force: true });
      });

      test('a client who opens the page sees that all is well and how much of it was measured', async () => {
        await running.printed(/fysioone-web is up/);
        // By the next check, what the first one saw is stored.
        await product.asked();
        const body = await text();
        assert.match(body, /Everything works/);
        assert.match(body, /FysioOne/);
        // Once a whole minute was measured, all of that was well; more is not said.
        assert.doesNotMatch(body, /(?<!between 0% and )\b100([.,]0+)? ?%(?! of the time measured)/);
      });

      test('a visitor subscribes by e-mail and confirms with the link', async () => {
        const confirmation = mail.next((m) => m.to.includes('jan@praktijk.example'));
        await page.goto(`${running.url}/?lang=nl#subscribe`);
        await page.fill('input[name=email]', 'jan@praktijk.example');
        await submit('input[name=email]');
        const link = /https?:\/\/\S+confirm\S+/.exec((await confirmation).text)?.[0];
        assert.ok(link);
        await page.goto(link);
        await submit('input[name=token]');
        const listed = await upheld(['subscriber', 'list', '--json'], env);
        assert.match(listed.stdout, /jan@praktijk\.example/);
        assert.match(listed.stdout, /confirmed/);
      });

      test('a visitor subscribes by text message and confirms with the code', async () => {
        const message = sms.next((m) => m.to === '+31612345678');
        await page.goto(`${running.url}/?lang=nl#subscribe`);
        await page.check('input[name=channel][value=sms]');
        await page.fill('input[name=phone]', '06 12345678');
        await submit('input[name=phone]');
        const code = /\b\d{6}\b/.exec((await message).body)?.[0];
        assert.ok(code);
        await page.fill('input[name=code]', code);
        await submit('input[name=code]');
        const listed = await upheld(['subscriber', 'list', '--json'], env);
        assert.match(listed.stdout, /\+31612345678/);
      });

      test('the product breaks: the mailbox, the text message, the page and summary.json say so', async () => {
        const mailed = mail.next((m) => m.to.includes('jan@praktijk.example'));
        const texted = sms.next((m) => m.to === '+31612345678');
        const brokenAt = Date.now();
        product.break();
        firstMail = await mailed;
        assert.match(firstMail.subject, /FysioOne/);
        assert.match((await texted).body, /FysioOne/);
        const seen = await summary();
        assert.equal(seen.incidents.length, 1);
        assert.equal(seen.components.find((c) => c.id === 'fysioone')?.status, 'major_outage');
        const startedAt = Date.parse(seen.incidents[0]?.started_at ?? '');
        assert.ok(
          startedAt >= brokenAt - 1000 && startedAt <= Date.now(),
          'dated back to the first failing check',
        );
        assert.match(await text(), /major outage/i);
        assert.match(await text('/?lang=nl'), /FysioOne/);
      });

      test('after kill -9 it goes on: the outage is still there, once, and nobody hears of it twice', async () => {
        const before = await summary();
        await running.kill();
        const quiet = mail.count();
        running = await serveUpheld(env);
        await product.asked(3);
        const seen = await summary();
        assert.deepEqual(
          seen.incidents.map((incident) => incident.id),
          before.incidents.map((incident) => incident.id),
        );
        assert.equal(mail.count(), quiet);
      });

      test('the product is repaired: the incident closes and the mail belongs to the same thread', async () => {
        const mailed = mail.next((m) => m.to.includes('jan@praktijk.example'));
        const texted = sms.next((m) => m.to === '+31612345678');
        product.repair();
        const closing = await mailed;
        assert.ok(closing.references.includes(firstMail.messageId), 'a reply to the first mail');
        assert.match(closing.raw, /^List-Unsubscribe: <http/m);
        assert.match(closing.raw, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click/m);
        await texted;
        const seen = await summary();
        assert.deepEqual(seen.incidents, []);
        assert.equal(seen.components.find((c) => c.id === 'fysioone')?.status, 'operational');
      });

      test('a maintenance announced in time is told so, and stands on the page', async () => {
        const wish = ['token', 'create', 'acceptance', '--scope', 'maintenance', '--json'];
        const made = await upheld(wish, env);
        token = (JSON.parse(made.stdout) as { token: string }).token;
        const from = wholeHour(Date.now() + 10 * DAY);
        const mailed = mail.next((m) => m.to.includes('jan@praktijk.example'));
        const announced = await upheld(announcement(from, from + HOUR), env);
        assert.equal(announced.code, 0, announced.stderr);
        const { verdicts } = JSON.parse(announced.stdout) as Announced;
        assert.deepEqual(
          verdicts.map((verdict) => verdict.verdict),
          ['qualifies'],
        );
        assert.match((await mailed).text, /nieuwe versie/);
        assert.equal((await summary()).scheduled_maintenances.length, 1);
        assert.match(await text('/?lang=nl'), /nieuwe versie/);
      });

      test('one announced too late over the API is told until when it would have been in time, and what would be', async () => {
        const window = wholeHour(Date.now() + 2 * DAY);
        const response = await fetch(`${running.url}/api/v1/maintenances`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify({
            componentIds: ['online'],
            kind: 'planned',
            from: iso(window),
            to: iso(window + HOUR),
            text: { nl: 'Spoedig onderhoud.', en: 'Maintenance soon.' },
          }),
        });
        const answer = (await response.json()) as Announced;
        assert.equal(response.status, 201, JSON.stringify(answer));
        const [verdict] = answer.verdicts;
        assert.equal(verdict?.verdict, 'late-notice');
        const lastValid = Date.parse(verdict.lastValidAnnouncement ?? '');
        // Five local days: one hour more or less than 120 where the clock changes between.
        assert.ok(
          Math.abs(lastValid - (window - 5 * DAY)) <= HOUR,
          String(verdict.lastValidAnnouncement),
        );
        assert.ok(Date.parse(verdict.nextWindow?.from ?? '') > window);
      });

      test('nobody writes without a token', async () => {
        const response = await fetch(`${running.url}/api/v1/maintenances`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{}',
        });
        assert.equal(response.status, 401);
        assert.match(response.headers.get('content-type') ?? '', /problem\+json/);
      });

      test('the availability is the statement that the facts give offline', async () => {
        const facts = await fetch(`${running.url}/api/v1/components/fysioone/facts`);
        assert.equal(facts.status, 200);
        const file = join(data, 'facts.json');
        writeFileSync(file, await facts.text());
        const statement = await upheld(['statement', file], env);
        assert.equal(statement.code, 0, statement.stderr);
        const [all] = (
          JSON.parse(statement.stdout) as {
            availability: { seconds: { down: number; unmeasured: number }; verdict: string }[];
          }
        ).availability;
        assert.ok(all && all.seconds.down > 0 && all.seconds.unmeasured > 0);
        assert.equal(all.verdict, 'not-proven');
      });

      test('it stops when asked to, with exit status 0', async () => {
        assert.equal(await running.stop(), 0);
        running = await serveUpheld(env);
      });
    },
  );

/** SQLite needs nothing said; for PostgreSQL a database of its own, on the server given or on one of ours. */
async function databaseOf(
  database: 'sqlite' | 'postgres',
  cleanUp: (() => Promise<void>)[],
): Promise<Record<string, string>> {
  if (database === 'sqlite') return {};
  const given = process.env['TEST_DATABASE_URL'] ?? '';
  if (given !== '') return { DATABASE_URL: await createPostgresDatabase(given) };
  const server = await startPostgres();
  cleanUp.push(() => server.stop());
  return { DATABASE_URL: await createPostgresDatabase(server.url) };
}

function announcement(from: number, to: number): string[] {
  return [
    'maintenance',
    'announce',
    '--component',
    'online',
    '--from',
    iso(from),
    '--to',
    iso(to),
    '--text-nl',
    'We plaatsen een nieuwe versie.',
    '--text-en',
    'We install a new version.',
    '--json',
  ];
}

function wholeHour(instant: number): number {
  return Math.floor(instant / HOUR) * HOUR;
}

function configuration(at: {
  port: number;
  product: string;
  smtp: number;
  twilio: string;
}): string {
  return JSON.stringify({
    organisation: { name: 'Zorgsoftware' },
    server: { url: `http://127.0.0.1:${at.port}` },
    pages: [{ id: 'main', title: { nl: 'Status', en: 'Status' } }],
    groups: [
      {
        id: 'products',
        name: { nl: 'Producten', en: 'Products' },
        components: [
          {
            id: 'fysioone',
            name: 'FysioOne',
            agreements: [{ agreement: 'spotonmedics', component: 'fysioone' }],
            monitors: [
              {
                id: 'fysioone-web',
                kind: 'http',
                url: at.product,
                interval: '5s',
                retryInterval: '1s',
                timeout: '2s',
              },
            ],
          },
          {
            id: 'online',
            name: 'Flexkids online',
            agreements: [{ agreement: 'flexkids', component: 'online' }],
          },
        ],
      },
    ],
    probing: { allow: ['127.0.0.0/8'] },
    channels: {
      email: {
        from: 'Status <status@zorgsoftware.example>',
        smtp: { host: '127.0.0.1', port: at.smtp, tls: 'none' },
      },
      sms: {
        accountSid: `AC${'0'.repeat(32)}`,
        authToken: 'test-token',
        from: 'Zorgsoft',
        baseUrl: at.twilio,
      },
    },
  });
}
