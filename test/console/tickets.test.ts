import { listAlerts } from '@upheld/services/alert/alert-view.ts';
import { escalate } from '@upheld/services/alert/escalate.ts';
import { reviewAlerts } from '@upheld/services/alert/raise-alerts.ts';
import { alertToken } from '@upheld/services/alert/token.ts';
import { openIncident } from '@upheld/services/incident/open-incident.ts';
import { instanceSecret } from '@upheld/services/secret.ts';
import { receiveMail, type IncomingMail } from '@upheld/services/ticket/receive-mail.ts';
import { reportTicket, type ReportTicket } from '@upheld/services/ticket/report-ticket.ts';
import { listTickets, readTicket } from '@upheld/services/ticket/ticket-view.ts';
import { tellOfTicket } from '@upheld/services/ticket/progress-ticket.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { startBrowser } from '../support/browser.ts';
import { serveConsole, type ConsoleServer } from '../support/console-server.ts';
import { assertAccessible, fits, visit } from '../support/visit.ts';

const config = testConfig({
  groups: [
    {
      id: 'products',
      name: 'Products',
      components: [
        {
          id: 'fysioone',
          name: 'FysioOne',
          agreements: [{ agreement: 'spotonmedics', component: 'fysioone' }],
        },
        {
          id: 'intramed',
          name: 'Intramed Online',
          agreements: [{ agreement: 'intramed-online', component: 'intramed-online' }],
        },
        {
          id: 'flexkids',
          name: 'flexkids online',
          agreements: [{ agreement: 'flexkids', component: 'online' }],
        },
      ],
    },
  ],
  incoming: { mail: { secret: 'what-the-mail-service-signs-with', component: 'fysioone' } },
  onCall: {
    people: [
      { id: 'anna', name: 'Anna', email: 'anna@example.test', language: 'en' },
      { id: 'bob', name: 'Bob', phone: '+31612345678' },
    ],
    escalations: [{ id: 'night', steps: [{ people: ['anna'], wait: '5m' }, { people: ['bob'] }] }],
  },
});
const jan = { name: 'Jan de Vries' };
const report = (over: Partial<ReportTicket> = {}): ReportTicket => ({
  componentId: 'fysioone',
  type: 'incident',
  severity: 'b',
  title: 'Agenda laadt <b>niet</b>',
  text: 'De agenda blijft leeg.\n<script>alert(1)</script>',
  reporter: 'Praktijk De Brug',
  ...over,
});
const mail = (over: Partial<IncomingMail> = {}): IncomingMail => ({
  from: 'jan@debrug.example',
  name: 'Praktijk De Brug',
  subject: 'Agenda laadt <b>niet</b>',
  text: 'De agenda blijft leeg.',
  messageId: '<m1@debrug.example>',
  automatic: null,
  wantsNoAnswer: false,
  senderProof: null,
  ...over,
});
/** The cookie of the person, as a browser keeps it. */
function signedIn({ url, cookie }: ConsoleServer) {
  const [name = '', value = ''] = cookie.split('=');
  const { hostname: domain } = new URL(url);
  const common = { path: '/', expires: -1, httpOnly: true, secure: false };
  return { cookies: [{ name, value, domain, sameSite: 'Lax' as const, ...common }], origins: [] };
}

const XSS = /<script>alert|<b>niet/;

describe('tickets in the console, without scripts', () => {
  let console: ConsoleServer;
  before(async () => {
    console = await serveConsole({ role: 'engineer', config });
  });
  after(() => console.stop());

  const text = async (path: string): Promise<string> => {
    const answer = await console.get(path);
    assert.equal(answer.status, 200, path);
    return answer.text();
  };

  it('records a report, answers it, lets it wait, places it elsewhere and closes it', async () => {
    const fields = {
      do: 'report',
      componentId: 'fysioone',
      place: 'incident:b',
      title: 'Agenda laadt <b>niet</b>',
      text: 'De agenda blijft leeg.',
      reporter: 'Praktijk De Brug',
      reporterAddress: '',
      language: 'nl',
      reportedAt: '',
      incidentId: '',
    };
    const refused = await console.post('/console/tickets/new', { ...fields, place: '' });
    assert.equal(refused.status, 422);
    const page = await refused.text();
    assert.match(page, /This is missing; choose what it is/);
    assert.match(page, /value="Praktijk De Brug"/, 'what was typed is kept');
    const made = await console.post('/console/tickets/new', fields);
    assert.equal(made.status, 303);
    const path = (made.headers.get('location') ?? '').replace(/\?.*/, '');
    const shown = await text(path);
    assert.doesNotMatch(shown, XSS);
    // A Thursday at 15:20: four service hours are over on Friday at 11:20... of which half an hour is a break's.
    assert.match(shown, /Response[\s\S]*spotonmedics[\s\S]*Running[\s\S]*of service hours left/);

    const [ticket] = await listTickets(console.ctx);
    const verb = async (fieldsOf: Record<string, string>, query = ''): Promise<string> => {
      const answer = await console.post(path + query, fieldsOf);
      assert.equal(answer.status, 303, await answer.text());
      return text(answer.headers.get('location') ?? '');
    };
    assert.match(
      await verb({ do: 'respond', text: 'Gezien.', workStarted: '1' }),
      /Your answer is recorded/,
    );
    const stale = await console.post(path, { do: 'update', text: 'Te laat.', version: '1' });
    assert.equal(stale.status, 409);
    const conflict = await stale.text();
    assert.match(conflict, /read it again/);
    assert.match(conflict, /Te laat\./);
    assert.match(
      await verb({ do: 'pause', reason: 'customer-request', text: 'Na de lunch.' }),
      /Stands still/,
    );
    assert.match(await verb({ do: 'resume', text: 'Verder.' }), /Waits no longer/);
    const preview = await text(`${path}?place=incident:a`);
    assert.match(preview, /Clocks as they would stand/);
    const placed = { do: 'recategorise', place: 'incident:a', text: 'Erger.' };
    assert.match(await verb(placed, '?place=incident:a'), /Incident, level A/);
    assert.match(
      await verb({ do: 'happened', event: 'restore-approved', text: 'Akkoord.' }),
      /Restore the backup/,
    );
    const incident = await openIncident(console.ctx, jan, {
      title: { nl: 'Uit', en: 'Down' },
      componentIds: ['fysioone'],
      body: { nl: 'x', en: 'x' },
    });
    const linked = await verb({ do: 'link', incidentId: incident.id });
    assert.match(linked, new RegExp(`href="/console/incidents/${incident.id}"`));
    const key = `spotonmedics/restore/${ticket?.id ?? ''}/`;
    const duties = await text('/console/duties');
    const found = new RegExp(`value="(${key}[^"]+)"`).exec(duties)?.[1] ?? '';
    const done = await console.post('/console/duties', {
      do: 'complete',
      key: found,
      evidence: 'Gebeld.',
    });
    assert.equal(done.status, 303);
    assert.match(await text('/console/duties'), /Gebeld\./);
    assert.match(await verb({ do: 'recover', text: 'Herstart.', at: '' }), /Resolved/);
    assert.match(await verb({ do: 'reopen', text: 'Toch niet.' }), /Open/);
    assert.match(await verb({ do: 'close', text: 'Klaar.' }), /Closed/);
    assert.equal((await readTicket(console.ctx, '1')).state, 'closed');
    assert.match(await text('/console/tickets?all=1'), /Agenda laadt/);
    assert.doesNotMatch(await text('/console/tickets'), /href="\/console\/tickets\/id-/);
  });

  it('asks for the component first, and then shows what its agreements know, in words', async () => {
    const first = await text('/console/tickets/new');
    assert.match(first, /What is it about\?[\s\S]*Intramed Online/);
    assert.doesNotMatch(first, /name="place"/);
    const fysioone = await text('/console/tickets/new?component=fysioone');
    assert.match(
      fysioone,
      /Incident, level B[\s\S]{0,600}within 4 hours of service and a recovery within 48 hours/,
    );
    assert.match(fysioone, /Question or request[\s\S]{0,300}2 working days/);
    assert.doesNotMatch(fysioone, /value="incident:1"/, 'a level of another agreement');
    const intramed = await text('/console/tickets/new?component=intramed');
    assert.match(intramed, /value="incident:1"/);
    assert.doesNotMatch(intramed, /value="incident:a"/);
    const refused = await console.post('/console/tickets/new', {
      do: 'report',
      componentId: 'intramed',
      place: 'incident:a',
      title: 'x',
      text: 'x',
      reporter: 'x',
    });
    assert.equal(refused.status, 422);
  });

  it('says who is mailed before the button is pressed, and shows the mail', async () => {
    const { id } = await reportTicket(
      console.ctx,
      jan,
      report({ componentId: 'flexkids', severity: '2', reporterAddress: 'jan@debrug.example' }),
    );
    const path = `/console/tickets/${id}`;
    assert.match(await text(path), /Mailed to jan@debrug\.example, as Flexkids 6\.2\.2 asks/);
    const asked = { do: 'pause', reason: 'no-access', text: 'Na <b>de lunch</b>.' };
    const look = await console.post(path, { ...asked, step: 'preview' });
    assert.equal(look.status, 200);
    const page = await look.text();
    assert.match(page, /This goes to jan@debrug\.example, in Dutch/);
    assert.match(page, /Status: Wacht: Wij hebben geen toegang/);
    assert.doesNotMatch(page, /<b>de lunch/);
    assert.match(
      page,
      /<textarea[^>]*>Na &lt;b&gt;de lunch&lt;\/b&gt;\.<\/textarea>/,
      'what was typed is kept',
    );
    assert.equal((await readTicket(console.ctx, id)).state, 'open', 'looking does nothing');
    const nothing = await console.post(path, { ...asked, step: 'preview', text: '' });
    assert.equal(nothing.status, 422);
    assert.equal((await console.post(path, asked)).status, 303);
    const unasked = await reportTicket(
      console.ctx,
      jan,
      report({ reporterAddress: 'jan@debrug.example' }),
    );
    assert.match(
      await text(`/console/tickets/${unasked.id}`),
      /Nothing is mailed\. SpotOnMedics 6\.5 asks that the reporter is told by phone or ticket\./,
    );
  });

  it('says whether a mail came from whom it names', async () => {
    for (const [senderProof, words] of [
      ['proven', /Sender proven[\s\S]*The domain of this address signed the mail/],
      [null, /Sender not proven[\s\S]*Nobody can tell/],
      ['refuted', /Not from whom it says[\s\S]*nothing is mailed to it/],
    ] as const) {
      const messageId = `<${senderProof ?? 'unknown'}@debrug.example>`;
      const taken = await receiveMail(console.ctx, mail({ senderProof, messageId }));
      const number = 'number' in taken ? taken.number : 0;
      const page = await text(`/console/tickets/${number}`);
      assert.match(page, words);
      assert.doesNotMatch(page, XSS);
      assert.equal(/Mailed to/.test(page), senderProof !== 'refuted');
    }
    assert.match(await text('/console/tickets'), /Not from whom it says/);
  });

  it('lets a viewer look and do nothing', async () => {
    const { id } = await reportTicket(console.ctx, jan, report());
    const page = await (await console.get(`/console/tickets/${id}`, 'viewer')).text();
    assert.doesNotMatch(page, /name="do" value="(respond|pause|close)"/);
    const denied = await console.post(
      `/console/tickets/${id}`,
      { do: 'close', text: 'x' },
      'viewer',
    );
    assert.notEqual(denied.status, 303);
    assert.notEqual((await console.get('/console/tickets/new', 'viewer')).status, 200);
    assert.notEqual((await console.get('/console/tickets', null)).status, 200);
    assert.equal((await readTicket(console.ctx, id)).state, 'open');
  });

  it('opens the link in a call, and takes the alert only when it is asked to', async () => {
    const { ctx } = console;
    await openIncident(ctx, jan, {
      title: { nl: 'FysioOne is uit', en: 'FysioOne is <i>down</i>' },
      componentIds: ['fysioone'],
      body: { nl: 'x', en: 'x' },
      severity: 'a',
    });
    await reviewAlerts(ctx, { duties: true });
    await escalate(ctx);
    const alert = (await listAlerts(ctx)).find(({ about }) => about === 'incident');
    const secret = await instanceSecret(ctx.db, ctx.ids);
    const token = alertToken(secret, alert?.id ?? '', 'anna');
    const path = `/alert?token=${token}`;
    const open = await console.get(path, null);
    assert.equal(open.status, 200);
    assert.match(await open.text(), /Anna, pakt u dit op\?|Anna, are you on it\?/);
    assert.match(await text('/console/alerts'), /Calling/);
    assert.equal(
      (await listAlerts(ctx, { open: true })).some(({ id }) => id === alert?.id),
      true,
    );
    assert.equal((await console.get('/alert?token=x.y.z', null)).status, 404);
    const forged = alertToken(secret, alert?.id ?? '', 'bob').replace('.bob.', '.anna.');
    assert.equal((await console.post('/alert', { token: forged }, null)).status, 404);
    const taken = await console.post('/alert', { token }, null);
    assert.equal(taken.status, 303);
    const after = await (await console.get(path, null)).text();
    assert.match(after, /Anna is ermee bezig|Anna is on it/);
    assert.match(await text('/console/alerts'), /Somebody is on it/);
  });
});

describe('tickets in the console, in a browser', () => {
  let console: ConsoleServer;
  let browser: Browser;
  let ticket = '';
  let forged = '';
  before(async () => {
    [console, browser] = await Promise.all([
      serveConsole({ role: 'engineer', config }),
      startBrowser(),
    ]);
    const { ctx } = console;
    ticket = (await reportTicket(ctx, jan, report())).id;
    await reportTicket(
      ctx,
      jan,
      report({ componentId: 'intramed', severity: '1', title: 'Kan niet inloggen' }),
    );
    const taken = await receiveMail(ctx, mail({ senderProof: 'refuted' }));
    forged = 'number' in taken ? String(taken.number) : '';
    await tellOfTicket(ctx, jan, {
      ticketId: '1',
      event: 'abuse-found',
      text: 'Onbekende aanmelding.',
    });
    await reviewAlerts(ctx, { duties: true });
    await escalate(ctx);
  });
  after(async () => {
    await browser.close();
    await console.stop();
  });

  const looks = [
    ['in the light theme', { viewport: { width: 1280, height: 900 } }],
    ['in the dark theme', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' }],
    ['on a telephone', { viewport: { width: 320, height: 640 } }],
  ] as const;
  const paths = (): readonly [string, string][] => [
    ['the tickets', '/console/tickets'],
    ['a new report', '/console/tickets/new'],
    ['a new report of a component', '/console/tickets/new?component=intramed'],
    ['one ticket', `/console/tickets/${ticket}?place=incident:a`],
    ['a forged ticket', `/console/tickets/${forged}`],
    ['the duties', '/console/duties'],
    ['the alerts', '/console/alerts'],
  ];
  for (const [how, options] of looks)
    for (const [index, name] of [
      'list',
      'new',
      'new-report',
      'ticket',
      'forged',
      'duties',
      'alerts',
    ].entries())
      it(`${name}: is accessible and fits, ${how}`, async () => {
        const path = paths()[index]?.[1] ?? '';
        const storageState = signedIn(console);
        await visit(browser, console.url + path, { ...options, storageState }, async (page) => {
          for (const details of await page.locator('main summary').all()) await details.click();
          await assertAccessible(page);
          assert.equal(await fits(page), true);
          const shots = process.env['SHOTS'];
          if (shots !== undefined)
            await page.screenshot({
              path: `${shots}/${name}-${how.replaceAll(' ', '-')}.png`,
              fullPage: true,
            });
        });
      });

  it('answers a report with the keyboard alone, and counts down', async () => {
    const path = `${console.url}/console/tickets/${ticket}`;
    const storageState = signedIn(console);
    await visit(browser, path, { storageState }, async (page) => {
      await page.getByLabel('Your first answer').focus();
      await page.keyboard.type('We zoeken het uit.');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Space');
      await page.keyboard.press('Tab');
      await Promise.all([page.waitForURL(/said=respond/), page.keyboard.press('Enter')]);
      assert.equal(
        await page.getByRole('status').first().textContent(),
        'Your answer is recorded.',
      );
      assert.equal((await page.locator('[data-countdown]').count()) > 0, true);
    });
  });
});
