import { listAlerts } from '@upheld/services/alert/alert-view.ts';
import { escalate } from '@upheld/services/alert/escalate.ts';
import { reviewAlerts } from '@upheld/services/alert/raise-alerts.ts';
import { callToken } from '@upheld/services/alert/token.ts';
import { openIncident } from '@upheld/services/incident/open-incident.ts';
import { readOnCall } from '@upheld/services/on-call/read-on-call.ts';
import { instanceSecret } from '@upheld/services/secret.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { startBrowser } from '../support/browser.ts';
import { serveConsole, type ConsoleServer } from '../support/console-server.ts';
import { assertAccessible, fits } from '../support/visit.ts';

const config = testConfig({
  groups: [
    {
      id: 'products',
      name: 'Products',
      components: Array.from({ length: 6 }, (_, index) => ({
        id: `p${index}`,
        name: `Product ${index}`,
      })),
    },
  ],
  onCall: {
    people: [
      { id: 'anna', name: 'Anna', email: 'anna@example.test', language: 'en' },
      { id: 'bob', name: 'Bob', phone: '+31612345678' },
    ],
    rosters: [
      {
        id: 'primary',
        people: ['anna', 'bob'],
        handover: { weekday: 'monday', at: '09:00' },
        start: '2026-01-05',
      },
    ],
    escalations: [{ id: 'night', steps: [{ people: ['primary'], wait: '5m' }] }],
  },
});
const jan = { name: 'Jan de Vries' };

/** Several things are down, whoever has the turn was called, and this is the link in that call. */
async function storm({ ctx }: ConsoleServer, count: number): Promise<string> {
  for (let index = 0; index < count; index += 1)
    await openIncident(ctx, jan, {
      title: { nl: `Product ${index} is <b>uit</b>`, en: `Product ${index} is <b>down</b>` },
      componentIds: [`p${index}`],
      body: { nl: 'x', en: 'x' },
    });
  await reviewAlerts(ctx, { duties: false });
  await escalate(ctx);
  const { q, t } = ctx.db.read;
  const [call] = await q.select().from(t.calls);
  const secret = await instanceSecret(ctx.db, ctx.ids);
  return callToken(secret, call?.id ?? '', call?.personId ?? '');
}

describe('who is on call, in the console', () => {
  let console: ConsoleServer;
  before(async () => {
    console = await serveConsole({ role: 'engineer', config });
  });
  after(() => console.stop());

  const text = async (path: string): Promise<string> => (await console.get(path)).text();

  it('is on the desk and on the page of alerts, and can be taken over and handed back', async () => {
    const [primary] = await readOnCall(console.ctx);
    const [first, second] = [primary?.now.person.name ?? '', primary?.next.person.name ?? ''];
    assert.match(await text('/console'), new RegExp(`${first}</strong>[\\s\\S]*then ${second}`));
    const shown = await text('/console/alerts');
    assert.match(shown, /Take over for a time/);
    assert.match(shown, /whoever is on call by primary/);

    const verb = (fields: Record<string, string>) => console.post('/console/alerts', fields);
    const other = first === 'Anna' ? 'bob' : 'anna';
    const until = new Date(console.ctx.clock.now() + 10 * 3_600_000).toISOString().slice(0, 16);
    const refused = await verb({
      do: 'take-over',
      roster: 'primary',
      person: other,
      until: '2020-01-01T08:00',
    });
    assert.equal(refused.status, 422);
    assert.match(await refused.text(), /is not after the moment of taking over/i);
    const taken = await verb({ do: 'take-over', roster: 'primary', person: other, until });
    assert.equal(taken.status, 303);
    assert.match(await text('/console'), new RegExp(`${second}</strong>[\\s\\S]*took over, until`));
    assert.match(await text('/console/alerts'), /Hand back/);
    assert.equal((await verb({ do: 'hand-back', roster: 'primary' })).status, 303);
    const twice = await verb({ do: 'hand-back', roster: 'primary' });
    assert.equal(twice.status, 409);
    assert.match(await twice.text(), /nobody took over/i);
    const forViewer = await (await console.get('/console/alerts', 'viewer')).text();
    assert.doesNotMatch(forViewer, /Take over for a time|name="do"/);
    const denied = await console.post(
      '/console/alerts',
      { do: 'take-over', roster: 'primary', person: other, until },
      'viewer',
    );
    assert.equal(denied.status, 403);
  });

  it('can take one of many or all of them behind the link in a call, without signing in', async () => {
    const token = await storm(console, 4);
    const path = `/alert?token=${token}`;
    const shown = await (await console.get(path, null)).text();
    assert.match(shown, /4 dingen vragen u|4 things need you/);
    assert.match(shown, /<strong>Product 0 is &lt;b&gt;/);
    assert.equal(
      (await listAlerts(console.ctx, { open: true })).length,
      4,
      'looking takes nothing',
    );
    const [one] = await listAlerts(console.ctx);
    const taken = await console.post('/alert', { token, alert: one?.id ?? '' }, null);
    assert.equal(taken.status, 303);
    assert.equal((await listAlerts(console.ctx, { open: true })).length, 3);
    const foreign = await console.post('/alert', { token, alert: 'another' }, null);
    assert.equal(foreign.status, 404);
    const all = await console.post('/alert', { token }, null);
    assert.equal(all.status, 303);
    assert.equal((await listAlerts(console.ctx, { open: true })).length, 0);
    const after = await (await console.get(path, null)).text();
    assert.match(after, /Van alles weten we|Somebody is on each/);
    assert.doesNotMatch(after, /<button type="submit"/);
    const forged = token.replace(/\.(anna|bob)\./, '.nobody.');
    assert.equal((await console.post('/alert', { token: forged }, null)).status, 404);
  });

  it('takes all that calls from the page of alerts', async () => {
    const { ctx } = console;
    for (let index = 4; index < 6; index += 1)
      await openIncident(ctx, jan, {
        title: { nl: `Product ${index}`, en: `Product ${index}` },
        componentIds: [`p${index}`],
        body: { nl: 'x', en: 'x' },
      });
    await reviewAlerts(ctx, { duties: false });
    const page = await text('/console/alerts');
    assert.match(page, /I am on all 2/);
    const ids = [...page.matchAll(/name="ids" value="([^"]+)"/g)].map(([, id]) => id ?? '');
    const form = new URLSearchParams([
      ['do', 'acknowledge-all'],
      ...ids.map((id) => ['ids', id] as [string, string]),
    ]);
    const answer = await fetch(`${console.url}/console/alerts`, {
      method: 'POST',
      body: form,
      redirect: 'manual',
      headers: { cookie: console.cookie, origin: console.url, 'sec-fetch-site': 'same-origin' },
    });
    assert.equal(answer.status, 303);
    assert.equal((await listAlerts(ctx, { open: true })).length, 0);
  });
});

describe('who is on call, in a browser', () => {
  let console: ConsoleServer;
  let browser: Browser;
  let token = '';
  before(async () => {
    [console, browser] = await Promise.all([
      serveConsole({ role: 'engineer', config }),
      startBrowser(),
    ]);
    token = await storm(console, 6);
  });
  after(async () => {
    await browser.close();
    await console.stop();
  });

  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [375, 1280])
      it(`has nothing that axe finds, at ${width} pixels in ${colorScheme}`, async () => {
        const context = await browser.newContext({
          colorScheme,
          viewport: { width, height: 900 },
          locale: 'nl-NL',
        });
        await console.signIn(context);
        for (const path of [`/alert?token=${token}`, '/console/alerts', '/console']) {
          const page = await context.newPage();
          const answer = await page.goto(console.url + path);
          assert.equal(answer?.status(), 200);
          await assertAccessible(page);
          assert.ok(await fits(page), `${path} is wider than ${width} px`);
          await page.close();
        }
        await context.close();
      });

  it('takes all of a call with the keyboard alone, and without JavaScript', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${console.url}/alert?token=${token}`);
    await page.getByRole('button', { name: /alle 6|all 6/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByText(/Van alles weten we|Somebody is on each/).waitFor();
    assert.equal((await listAlerts(console.ctx, { open: true })).length, 0);
    await context.close();
  });
});
