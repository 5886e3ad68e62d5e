import { openIncident } from '@upheld/services/incident/open-incident.ts';
import { announceMaintenance } from '@upheld/services/maintenance/announce-maintenance.ts';
import { reportTicket } from '@upheld/services/ticket/report-ticket.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { startBrowser } from '../support/browser.ts';
import { serveConsole, type ConsoleServer } from '../support/console-server.ts';
import { assertAccessible, fits } from '../support/visit.ts';

const HOUR = 3_600_000;
const jan = { name: 'Jan de Vries' };
const both = (text: string) => ({ nl: text, en: text });
const config = testConfig({
  groups: [
    {
      id: 'products',
      name: 'Products',
      components: [
        {
          id: 'intramed',
          name: 'Intramed Online',
          agreements: [{ agreement: 'intramed-online', component: 'intramed-online' }],
        },
        {
          id: 'fysioone',
          name: 'FysioOne',
          agreements: [{ agreement: 'spotonmedics', component: 'fysioone' }],
        },
      ],
    },
  ],
});

describe('whom agreements want told, in the console', () => {
  let console: ConsoleServer;
  let browser: Browser;
  let paths: string[] = [];
  before(async () => {
    [console, browser] = await Promise.all([
      serveConsole({ role: 'engineer', config }),
      startBrowser(),
    ]);
    const { ctx } = console;
    const incident = await openIncident(ctx, jan, {
      title: both('It is down'),
      componentIds: ['intramed'],
      body: both('x'),
      severity: '1',
    });
    const { maintenance } = await announceMaintenance(ctx, jan, {
      componentIds: ['fysioone'],
      from: ctx.clock.now() + 90 * HOUR,
      to: ctx.clock.now() + 91 * HOUR,
      title: both('Upgrade'),
      text: both('x'),
    });
    const ticket = await reportTicket(ctx, jan, {
      componentId: 'fysioone',
      type: 'incident',
      severity: 'b',
      title: 'Agenda',
      text: 'x',
      reporter: 'Praktijk',
      reporterAddress: 'praktijk@example.test',
    });
    paths = [
      `/console/incidents/${incident.id}`,
      `/console/maintenance/${maintenance.id}`,
      `/console/tickets/${ticket.id}`,
    ];
  });
  after(async () => {
    await browser.close();
    await console.stop();
  });

  const text = async (path: string): Promise<string> => (await console.get(path)).text();

  it('is on the page of what happened, with what went out and what only people can do', async () => {
    const [incident = '', maintenance = '', ticket = ''] = paths;
    assert.match(
      await text(incident),
      /Who is on call: monitoring finds[\s\S]*Telephone: by people/,
    );
    assert.match(await text(maintenance), /Customers: maintenance[\s\S]*Letter: by people/);
    assert.match(
      await text(ticket),
      /Who reported it: [\s\S]*E-mail: 1 on the way[\s\S]*Ticket: there/,
    );
  });

  it('is ticked with what shows it, by who may', async () => {
    const [incident = ''] = paths;
    const viewer = await (await console.get(incident, 'viewer')).text();
    assert.doesNotMatch(viewer, /We told them/);
    const page = await text(incident);
    const key = /name="key" value="(intramed-online\/tell-alarm\/[^"]+)"/.exec(page)?.[1] ?? '';
    const fields = { do: 'complete', key, evidence: 'Bob <b>gebeld</b>.' };
    const denied = await console.post('/console/duties', fields, 'viewer');
    assert.equal(denied.status, 403);
    const done = await console.post('/console/duties', fields);
    assert.equal(done.status, 303);
    const shown = await text(incident);
    assert.match(shown, /Bob &lt;b&gt;gebeld/);
    assert.doesNotMatch(shown, /We told them/);
  });

  for (const width of [375, 1280])
    it(`has nothing that axe finds, at ${width} pixels`, async () => {
      const context = await browser.newContext({
        colorScheme: width === 375 ? 'dark' : 'light',
        viewport: { width, height: 900 },
      });
      await console.signIn(context);
      for (const path of paths) {
        const page = await context.newPage();
        await page.goto(console.url + path);
        await assertAccessible(page);
        assert.ok(await fits(page), `${path} is wider than ${width} px`);
        await page.close();
      }
      await context.close();
    });
});
