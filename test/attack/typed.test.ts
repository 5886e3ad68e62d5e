import { createMailNotifier } from '@upheld/notifiers/email/mail.ts';
import { verifyAudit } from '@upheld/services/audit/verify.ts';
import { openIncident } from '@upheld/services/incident/open-incident.ts';
import { claimDue } from '@upheld/services/outbox/claim.ts';
import { prepareDelivery } from '@upheld/services/outbox/prepare.ts';
import { createToken } from '@upheld/services/token/tokens.ts';
import { startMailServer, type MailServer } from '@upheld/testkit/mail-server.ts';
import { smsSize } from '@upheld/domain/notify/gsm.ts';
import ICAL from 'ical.js';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../support/browser.ts';
import { serveIncidentDesk, type IncidentDesk } from '../support/incident-desk.ts';

/** What people type, each no longer than a title may be. */
const TYPED: Readonly<Record<string, string>> = {
  script: `zz1"><script>alert(1)</script><img src=x onerror=alert(2)>'`,
  'ends of elements': `zz2</title></textarea></style></script></time><svg/onload=alert(3)><!--`,
  links: `zz3 [k](javascript:alert(4)) ![s](https://spy.test/x.png) <a href=https://spy.test>k</a>`,
  formulas: `=HYPERLINK("https://spy.test";"zz4");=1+1`,
  'line ends': `zz5\r\nBcc: evil@example.test\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\n.\r\nMAIL FROM:<x@y.test>`,
  templates: 'zz6 {{constructor.constructor("return process")()}} ${7*7} <%= 7*7 %> {__proto__} %s',
  'text turned around': 'zz7 \u202Egnp.exe\u2066x\u2028y\u2029z',
  'ends of XML': 'zz8]]></content></entry></feed><!--&amp;&#60;script&#62;',
};
/** Markup that somebody typed and that became markup: within the quotes of an attribute it is text. */
const MARKUP =
  /<script>alert|<img src=x|<svg\/onload|<a href=https:\/\/spy|href="javascript:|src="https:\/\/spy/;
/** The first that is found, with what follows it; null where there is none. */
function markupIn(html: string): string | null {
  const outside = html.replace(/="[^"]*"/g, (value) =>
    /^="(javascript:|https:\/\/spy)/.test(value) ? value : '',
  );
  const found = MARKUP.exec(outside);
  return found && outside.slice(found.index, found.index + 200);
}

const both = (text: string) => ({ 'title.nl': text, 'title.en': text });
const body = (name: string, text: string) => ({ [`${name}.nl`]: text, [`${name}.en`]: text });

const CONSOLE = [
  ...['', '/incidents', '/incidents/new', '/maintenance', '/maintenance/new', '/templates'],
  ...['/tickets', '/tickets/new', '/duties', '/alerts', '/corrections?component=flexkids'],
  ...['/tickets/new?component=fysioone', '/agreements', '/agreements/spotonmedics', '/periods'],
  ...['/maintenance/calendar', '/settings', '/outbox', '/people', '/tokens', '/audit'],
].map((path) => `/console${path}`);

test('the look for markup finds what would be some', () => {
  for (const what of ['script', 'ends of elements', 'links'])
    assert.ok(markupIn(`<p title="x">${TYPED[what] ?? ''}</p>`), what);
  assert.ok(markupIn('<a href="javascript:alert(4)">k</a>'));
});

describe('whatever is typed into any field', () => {
  let desk: IncidentDesk;
  let mails: MailServer;
  let browser: Browser;
  /** Pages of what was made, in the console and for everybody. */
  const made: string[] = [...CONSOLE];
  const open: string[] = [
    '/',
    '/?lang=en',
    '/history/2026-11',
    '/components/flexkids/availability',
  ];
  let token = '';

  const sent = async (path: string, fields: Record<string, string | readonly string[]>) => {
    const answer = await desk.post(path, fields, 'owner');
    const text = await answer.text();
    assert.equal(answer.status, 303, `${path} ${JSON.stringify(fields)}: ${text.slice(0, 2000)}`);
    return (answer.headers.get('location') ?? '').replace(/\?.*/, '');
  };

  const incident = async (text: string, n: number): Promise<void> => {
    const path = await sent('/console/incidents/new', {
      do: 'open',
      componentIds: ['flexkids'],
      ...both(text),
      ...body('body', text),
      severity: 'flexkids::1',
      startedAt: `2026-11-19T1${n % 4}:0${n}:00`,
    });
    const said = { reason: text, evidence: text };
    await sent(path, { do: 'severity', severity: 'flexkids::2', nature: 'correction', ...said });
    await sent(path, { do: 'cause', cause: 'internet', ...said });
    await sent(path, { do: 'update', status: 'identified', ...body('body', text) });
    await sent(path, { do: 'update', status: 'resolved', ...body('body', text) });
    await sent(path, { do: 'postmortem', published: 'yes', ...body('body', text) });
    const id = path.split('/').at(-1) ?? '';
    made.push(path);
    open.push(`/incidents/${id}`, `/incidents/${id}?lang=en`);
    const { q, t } = desk.ctx.db.read;
    const outage = (await q.select().from(t.outages)).find((one) => one.incidentId === id)?.id;
    await sent(`/console/corrections/new?outage=${outage ?? ''}`, {
      do: 'correct',
      version: '1',
      kind: 'cause',
      cause: 'force-majeure',
      ...said,
    });
  };

  const others = async (text: string, n: number): Promise<void> => {
    const day = String(10 + n).padStart(2, '0');
    const work = await sent('/console/maintenance/new', {
      do: 'announce',
      componentIds: ['flexkids'],
      kind: 'planned',
      confirm: 'yes',
      from: `2026-12-${day}T22:00`,
      to: `2026-12-${day}T23:00`,
      ...both(text),
      ...body('text', text),
    });
    made.push(work);
    open.push(`/maintenances/${work.split('/').at(-1) ?? ''}`);
    await sent('/console/templates/new', {
      do: 'save',
      kind: 'maintenance',
      name: text.slice(0, 60),
      ...both(text),
      ...body('body', text),
    });
    const ticket = await sent('/console/tickets/new', {
      do: 'report',
      componentId: 'fysioone',
      place: 'incident:b',
      title: text,
      text,
      reporter: text,
      reporterAddress: `jan${n}@example.test`,
      language: 'nl',
    });
    made.push(ticket);
    for (const verb of ['respond', 'update', 'recover']) await sent(ticket, { do: verb, text });
  };

  before(async () => {
    [desk, mails, browser] = await Promise.all([
      serveIncidentDesk(),
      startMailServer(),
      startBrowser(),
    ]);
    for (const [n, text] of Object.values(TYPED).entries()) {
      await incident(text, n);
      await others(text, n);
      await openIncident(
        desk.ctx,
        { name: text },
        {
          title: { nl: text, en: text },
          body: { nl: text, en: text },
          componentIds: ['integration'],
        },
      );
    }
    const scopes = ['read', 'incidents', 'tickets', 'corrections', 'audit', 'subscribers'] as const;
    ({ token } = await createToken(desk.ctx, { name: 'cli' }, { name: 'reader', scopes }));
  });
  after(async () => {
    await browser.close();
    await mails.close();
    await desk.stop();
  });

  test('is on its pages, as text', async () => {
    let seen = '';
    for (const path of [...made, ...open]) {
      const response = await desk.get(path, 'owner');
      const html = await response.text();
      assert.equal(response.status, 200, path);
      const found = markupIn(html);
      assert.equal(found, null, path);
      seen += html;
    }
    for (const n of [1, 2, 3, 4, 5, 6, 7, 8]) assert.ok(seen.includes(`zz${n}`), `zz${n}`);
    assert.doesNotMatch(seen, /zz6[^<]* 49/);
  });

  test('runs nothing, opens nothing and asks nobody in Chromium', async () => {
    const context = await browser.newContext();
    await desk.signIn(context, 'owner');
    const page = await context.newPage();
    const happened: string[] = [];
    page.on('dialog', (dialog) => {
      happened.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(desk.url)) happened.push(`asked ${request.url()}`);
    });
    page.on('pageerror', (error) => happened.push(`threw ${error.message}`));
    page.on('console', (line) => {
      if (/Content Security Policy/i.test(line.text())) happened.push(`blocked ${line.text()}`);
    });
    for (const path of [...made, ...open]) {
      await page.goto(desk.url + path);
      const strange = await page.evaluate(() =>
        [
          ...document.querySelectorAll(
            'script:not([src]), img:not([src^="/"]), object, a, form, ' +
              'iframe:not([sandbox=""][src^="/console/"])',
          ),
        ]
          .filter((one) => {
            const target = one.getAttribute('href') ?? one.getAttribute('action');
            if (target === null) return !['A', 'FORM'].includes(one.tagName);
            return /^\s*(javascript|data|vbscript):/i.test(target);
          })
          .map((one) => one.outerHTML),
      );
      assert.deepEqual(strange, [], path);
    }
    assert.deepEqual(happened, []);
    await context.close();
  });

  test('leaves feeds, calendars and tables what they are', async () => {
    const read = async (path: string): Promise<string> =>
      (await fetch(desk.url + path, { headers: { authorization: `Bearer ${token}` } })).text();
    const page = await browser.newPage();
    for (const lang of ['nl', 'en']) {
      const feed = await entriesOf(page, await read(`/feed.atom?lang=${lang}`));
      assert.equal(feed.error, null);
      assert.ok(feed.entries >= 3 * Object.keys(TYPED).length, String(feed.entries));
      assert.deepEqual(feed.strange, []);
      const calendar = new ICAL.Component(
        ICAL.parse(await read(`/calendar.ics?lang=${lang}`)) as unknown[],
      );
      const events = calendar.getAllSubcomponents();
      assert.equal(events.length, Object.keys(TYPED).length);
      for (const event of events)
        assert.deepEqual(
          event.getAllProperties().filter(({ name }) => /bcc|mail/.test(name)),
          [],
        );
    }
    await page.close();
    for (const path of ['/api/v1/corrections.csv', '/api/v1/components/flexkids/worksheet.csv']) {
      const csv = await read(path);
      assert.ok(csv.split('\r\n').length > 3, path);
      assert.doesNotMatch(csv, /(^|[,;\t\r\n]|")[=+@](?=[A-Z1(])/m, path);
    }
    for (const path of ['incidents', 'maintenances', 'tickets', 'corrections', 'audit', 'outbox']) {
      const text = await read(`/api/v1/${path}?limit=100`);
      assert.doesNotThrow(() => JSON.parse(text) as unknown, path);
    }
    assert.equal((await verifyAudit(desk.ctx)).ok, true);
  });

  test('goes out as one mail and one short message to whom it is for', async () => {
    const notifier = createMailNotifier({
      from: 'Status <status@example.test>',
      smtp: { host: '127.0.0.1', port: mails.port, tls: 'none' },
    });
    const sms: string[] = [];
    for (const row of await claimDue(desk.ctx, 'w', 500)) {
      const prepared = await prepareDelivery(desk.ctx, row, { canAsk: false });
      if (prepared.act !== 'send') continue;
      if (prepared.outgoing.channel === 'sms') sms.push(prepared.outgoing.body);
      else {
        const result = await notifier.send(prepared.outgoing, new AbortController().signal);
        assert.ok(result.ok, JSON.stringify(result));
      }
    }
    assert.ok(mails.count() > 8 && sms.length > 8, `${mails.count()} ${sms.length}`);
    for (const mail of mails.received) {
      assert.equal(mail.to.length, 1);
      const [head = ''] = mail.raw.split('\r\n\r\n');
      assert.doesNotMatch(head, /^(bcc|cc):/im);
      assert.equal(head.match(/^subject:/gim)?.length, 1);
      assert.doesNotMatch(mail.html, MARKUP);
      assert.doesNotMatch(mail.subject, /[\r\n]/);
      assert.ok(mail.raw.split('\r\n').every((line) => line.length <= 998));
      for (const [, href = ''] of mail.html.matchAll(/href="([^"]*)"/g))
        assert.ok(href.startsWith(desk.url), href);
    }
    for (const text of sms) {
      assert.equal(smsSize(text).encoding, 'GSM-7');
      assert.ok(smsSize(text).segments <= 2, text);
      assert.doesNotMatch(text, /\p{Cc}/u);
    }
  });
});

interface FeedSeen {
  error: string | null;
  entries: number;
  strange: string[];
}

/** A feed as a reader sees it, with the HTML of its entries. */
function entriesOf(page: Page, xml: string): Promise<FeedSeen> {
  return page.evaluate((text) => {
    const feed = new DOMParser().parseFromString(text, 'application/xml');
    const html = [...feed.querySelectorAll('entry > content, entry > title')].map((one) =>
      new DOMParser().parseFromString(one.textContent, 'text/html'),
    );
    return {
      error: feed.querySelector('parsererror')?.textContent ?? null,
      entries: feed.querySelectorAll('entry').length,
      strange: html.flatMap((one) =>
        [...one.querySelectorAll('script, img, svg, a, iframe, style')].map((bad) => bad.outerHTML),
      ),
    };
  }, xml);
}
