import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, beforeEach, describe, test } from 'node:test';
import { startSite, type SiteFixture } from '../../apps/site/test/fixture.ts';
import type { PageView } from '@upheld/services/read/page-view.ts';
import { SITUATIONS } from '../../apps/site/test/situations.ts';
import { announced, openIncident } from '../../apps/site/test/views.ts';

let site: SiteFixture;
before(async () => {
  site = await startSite();
});
after(() => site.stop());
beforeEach(() => {
  site.view = SITUATIONS.calm;
  site.others = {};
  site.broken = null;
  site.answer = { ok: true };
  site.calls.length = 0;
  site.logged.length = 0;
  site.trustProxy = false;
  site.revision += 1;
  // Long enough for whatever failed before to be tried again.
  site.now += 5000;
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(site.url + path, { headers, redirect: 'manual' });

const post = (
  path: string,
  fields: Record<string, string> | [string, string][],
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(site.url + path, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { origin: site.url, ...headers },
    redirect: 'manual',
  });

/** What a reader sees: the text without the markup, spaces as one. */
const words = async (response: Response): Promise<string> =>
  (await response.text())
    .replace(/<(style|script)[^>]*>.*?<\/\1>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#39;|&apos;/g, "'")
    .replace(/&amp;/g, '&')
    .replace(/[\s\u00a0]+/g, ' ');

/** Sends a request target as it stands, which fetch would tidy up first. */
const raw = (target: string, method = 'GET'): Promise<{ status: number; location?: string }> =>
  new Promise((resolve, reject) => {
    request({ port: new URL(site.url).port, path: target, method, agent: false }, (res) => {
      res.resume();
      const { location } = res.headers;
      res.on('end', () => resolve({ status: res.statusCode ?? 0, ...(location && { location }) }));
    })
      .once('error', reject)
      .end();
  });

describe('the status page', () => {
  const situations = [
    ['calm', 'Alles werkt', 'Everything works'],
    ['incident', 'Er is een grote storing', 'There is a major outage'],
    ['maintenance', 'Er is onderhoud bezig', 'Maintenance is under way'],
    ['degraded', 'Niet alles werkt zoals het hoort', 'Not everything works as it should'],
    ['partial', 'Er is een gedeeltelijke storing', 'There is a partial outage'],
    ['unmeasured', 'De status is nu niet bekend', 'The status is not known right now'],
  ] as const;
  for (const [situation, dutch, english] of situations)
    test(`says "${english}" when it is so`, async () => {
      site.view = SITUATIONS[situation];
      assert.match(await (await get('/')).text(), new RegExp(`<h1.*${dutch}.*</h1>`, 's'));
      const inEnglish = await get('/', { 'accept-language': 'en' });
      assert.match(await inEnglish.text(), new RegExp(`<h1.*${english}.*</h1>`, 's'));
    });

  test('never shows 100% where nothing was measured', async () => {
    site.view = SITUATIONS.unmeasured;
    const text = await words(await get('/'));
    assert.match(text, /Er is nog niets gemeten\./);
    assert.match(text, /Nog niet gemeten/);
    assert.doesNotMatch(text, /100%/);
  });

  test('shows 100% only with how little of the time that is', async () => {
    assert.match(
      await words(await get('/', { 'accept-language': 'en' })),
      /100% of the time measured Not proven norm 99% · 16.98% of the time measured · measured since 20 September 2026/,
    );
  });

  test('shows the timeline of an open incident, in the zone of the page', async () => {
    site.view = SITUATIONS.incident;
    const text = await words(await get('/', { 'accept-language': 'en' }));
    assert.match(text, /FysioOne cannot be reached/);
    assert.match(text, /Began Saturday, 21 November 2026 at 09:45 Going on for 47 min/);
    assert.match(text, /Cause found 21 Nov, 10:20 One of our databases refuses/);
  });

  test('tells of nothing else while something goes on', async () => {
    const nothing = { history: [], maintenances: [], openIncidents: [] };
    const said = async (view: PageView): Promise<string> => {
      site.view = { ...view, ...nothing };
      const calm = await words(await get('/', { 'accept-language': 'en' }));
      assert.match(calm, /Last 15 days No outages and no maintenance\./);
      site.revision += 1;
      site.view = { ...view, history: [] };
      return words(await get('/', { 'accept-language': 'en' }));
    };
    const besides = /Last 15 days Besides what is going on now: no outages and no maintenance\./;
    assert.match(await said(SITUATIONS.incident), besides);
    site.revision += 1;
    assert.match(await said(SITUATIONS.maintenance), besides);
  });

  test('reminds only by what it can send', async () => {
    const usual = async (email: boolean, sms: boolean): Promise<string | undefined> => {
      site.revision += 1;
      site.view = { ...SITUATIONS.calm, channels: { email, sms } };
      return /As usual: ([^<]*)/.exec(
        await (await get('/', { 'accept-language': 'en' })).text(),
      )?.[1];
    };
    assert.equal(await usual(true, false), 'by e-mail a day before');
    assert.equal(await usual(false, true), 'by text message an hour before');
    assert.equal(await usual(true, true), 'by e-mail a day before, by text message an hour before');
  });

  test('says that a contract may count what the bar shows otherwise, and leads to how it does', async () => {
    site.view = SITUATIONS.incident;
    const english = await words(await get('/', { 'accept-language': 'en' }));
    const note = 'The bar shows what was recorded. The contract may count it otherwise.';
    assert.equal(english.split(note).length, 2, 'said once, whatever the number of components');
    assert.match(english, new RegExp(`${note} See “How this figure is made up” under each figure`));
    assert.match(await words(await get('/')), /Het contract kan het anders tellen\./);
    assert.match(await (await get('/')).text(), /href="\/components\/fysioone\/availability"/);
  });

  test('shows announced maintenance with its local times and the zone', async () => {
    assert.match(
      await words(await get('/')),
      /Nieuwe versie van KetenOne Wanneer za 28 november 2026 om 22:00 – zo 29 november 2026 om 02:00 CET Duur 4 u/,
    );
  });

  test('tells at the first start what to do next, in one sentence', async () => {
    site.view = SITUATIONS.firstRun;
    const text = await words(await get('/'));
    assert.match(
      text,
      /zet uw eigen producten in upheld\.yaml en voer daarna npx upheld reload uit\./,
    );
    assert.doesNotMatch(text, /Aanmelden/);
  });

  test('shows what somebody typed as text and nothing else', async () => {
    site.view = SITUATIONS.hostile;
    const html = await (await get('/')).text();
    const elements = html.replace(/="[^"]*"/g, '');
    assert.doesNotMatch(elements, /<img|<svg onload|<script>/);
    assert.match(html, /&lt;img src=x onerror=alert\(1\)&gt;/);
  });

  test('does not depend on the Host of whoever asked first', async () => {
    site.revision += 1;
    const html = await (
      await get('/', { host: 'evil.test', 'x-forwarded-host': 'evil.test' })
    ).text();
    assert.doesNotMatch(html, /evil/);
  });

  test('is small: under 50 kB with its stylesheet and script, before compression', async () => {
    site.view = SITUATIONS.incident;
    const html = await (await get('/')).text();
    let bytes = Buffer.byteLength(html);
    const files = [...html.matchAll(/(?:href|src)="(\/_astro\/[^"]+)"/g)].map(([, path]) => path!);
    assert.equal(files.length, 2);
    for (const path of files) {
      const file = await get(path, { 'accept-encoding': 'identity' });
      assert.match(file.headers.get('cache-control') ?? '', /immutable/);
      bytes += (await file.arrayBuffer()).byteLength;
    }
    assert.ok(bytes < 50_000, `${bytes} bytes`);
  });

  test('of another page is under /pages/<id>', async () => {
    site.others = {
      two: { ...SITUATIONS.degraded, page: { ...SITUATIONS.degraded.page, id: 'two' } },
    };
    assert.match(await words(await get('/pages/two')), /Niet alles werkt/);
    assert.equal((await get('/pages/three')).status, 404);
  });
});

describe('languages', () => {
  test('a switch is remembered, and only a switch', async () => {
    const switched = await get('/?lang=en', { 'accept-language': 'nl' });
    assert.match(switched.headers.get('set-cookie') ?? '', /^lang=en;/);
    assert.match(switched.headers.get('cache-control') ?? '', /private/);
    assert.match(await switched.text(), /<html lang="en">/);
    assert.equal(
      (await get('/?lang=en', { 'accept-language': 'en' })).headers.get('set-cookie'),
      null,
    );
    assert.equal((await get('/')).headers.get('set-cookie'), null);
    const later = await get('/', { cookie: 'lang=en', 'accept-language': 'nl' });
    assert.match(await later.text(), /Everything works/);
  });

  test('a switch on the page of a subscription keeps its token', async () => {
    const html = await (await get('/subscription?token=good')).text();
    assert.match(html, /href="\?token=good&(amp;|#38;)lang=en"/);
    const english = await get('/subscription?token=good&lang=en');
    assert.match(await english.text(), /Your subscription/);
    assert.match(english.headers.get('set-cookie') ?? '', /lang=en/);
  });
});

describe('headers', () => {
  for (const path of ['/', '/nope', '/subscription?token=good', `/incidents/${openIncident.id}`])
    test(`${path} lets nothing inline or foreign run, and tells no other site its address`, async () => {
      const { headers } = await get(path);
      const policy = headers.get('content-security-policy') ?? '';
      assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self';/);
      assert.match(policy, /form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/);
      assert.doesNotMatch(policy, /unsafe/);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('referrer-policy'), 'same-origin');
      assert.match(headers.get('strict-transport-security') ?? '', /max-age=/);
      assert.equal(headers.get('content-type'), 'text/html; charset=utf-8');
    });

  test('forms that everybody gets alike are kept like pages', async () => {
    for (const path of ['/subscribe', '/subscribe/sent', '/subscribe/code'])
      assert.match((await get(path)).headers.get('cache-control') ?? '', /^public/);
  });

  test('pages of one visitor are kept by nobody', async () => {
    for (const path of ['/subscription?token=good', '/unsubscribe?token=good'])
      assert.equal((await get(path)).headers.get('cache-control'), 'no-store');
  });

  test('a page is whole without anything inline', async () => {
    const html = await (await get('/')).text();
    assert.doesNotMatch(html, /<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
  });
});

describe('events', () => {
  test('an incident and a maintenance have a page each', async () => {
    assert.match(await words(await get(`/incidents/${openIncident.id}`)), /Verloop/);
    assert.match(await words(await get(`/maintenances/${announced.id}`)), /Aankondigingen/);
  });

  test('a month has a page, with the months around it as far as there are any', async () => {
    const html = await (await get('/history/2026-11')).text();
    assert.match(html, /href="\/history\/2026-10"/);
    assert.doesNotMatch(html, /href="\/history\/2026-12"/);
    assert.match(await words(await get('/history/2026-10')), /geen storing en geen onderhoud/);
  });

  for (const month of ['2026-13', '1999-01', '2042-01', 'x', '2026-1', '2026-11-01'])
    test(`there is no month ${month}`, async () => {
      assert.equal((await get(`/history/${month}`)).status, 404);
    });
});

describe('what is not there', () => {
  test('is told in the language of the visitor, and costs no reading of a page', async () => {
    const { reads } = site;
    for (const path of ['/nope', '/incidents/none', '/a/b/c.php']) {
      const response = await get(path, { 'accept-language': 'en' });
      assert.equal(response.status, 404);
      assert.match(await words(response), /There is no such page/);
    }
    assert.equal(site.reads, reads);
  });

  for (const target of ['//evil.test', '//evil.test/', '/\\evil.test/', '*', 'http://evil.test/'])
    test(`${target} leads nowhere`, async () => {
      assert.deepEqual(await raw(target, target === '*' ? 'OPTIONS' : 'GET'), { status: 404 });
    });

  test('a slash at the end is taken off', async () => {
    assert.deepEqual(await raw('/subscribe/?lang=en'), {
      status: 308,
      location: '/subscribe?lang=en',
    });
  });

  test('other methods are refused', async () => {
    assert.equal((await raw('/', 'DELETE')).status, 405);
    assert.equal((await raw('/', 'TRACE')).status, 405);
  });

  test('files outside of the site are not to be had', async () => {
    for (const target of [
      '/../package.json',
      '/_astro/../../server/entry.mjs',
      '/%2e%2e/stamp.txt',
    ])
      assert.equal((await raw(target)).status, 404);
  });
});

describe('when the database fails', () => {
  test('the page is shown as it was, with a word on its age', async () => {
    const good = await words(await get('/'));
    assert.match(good, /Alles werkt/);
    assert.doesNotMatch(await (await get('/')).text(), /<aside class="banner aged">/);
    site.broken = new Error('SQLITE_IOERR: disk I/O error');
    const aged = await get('/');
    assert.equal(aged.status, 200);
    const html = await aged.text();
    assert.match(html, /<aside class="banner aged">/);
    assert.match(html, /zaterdag 21 november 2026 om 10:32/);
    assert.doesNotMatch(html, /SQLITE/);
  });

  test('a page that was never shown says that it is our fault, and nothing of why', async () => {
    site.broken = new Error('SQLITE_IOERR: disk I/O error');
    const response = await get('/history/2026-09', { 'accept-language': 'en' });
    assert.equal(response.status, 500);
    const text = await words(response);
    assert.match(text, /That is our fault, not yours/);
    assert.doesNotMatch(text, /SQLITE/);
    assert.ok(site.logged.some(({ fields }) => JSON.stringify(fields).includes('2026-09')));
  });
});

describe('forms of other sites', () => {
  const fields = { channel: 'email', email: 'a@example.com', scope: 'all' };

  test('are refused before anything is asked', async () => {
    for (const headers of [
      { origin: 'https://evil.test' },
      { origin: 'null' },
      { origin: site.url, 'sec-fetch-site': 'cross-site' },
    ])
      for (const path of [
        '/subscribe',
        '/subscribe/code',
        '/subscribe/confirm',
        '/subscription',
        '/unsubscribe',
      ])
        assert.equal((await post(path, { ...fields, token: 'good' }, headers)).status, 403);
    assert.deepEqual(site.calls, []);
  });

  test('are not those of the public address behind a proxy', async () => {
    const origin = 'https://status.zorgsoftware.example';
    assert.equal((await post('/subscribe', fields, { origin })).status, 303);
  });
});

describe('subscribing', () => {
  test('by e-mail leads to a page that says to look in the mailbox', async () => {
    const response = await post(
      '/subscribe',
      { channel: 'email', email: ' jan@example.com ', phone: '', scope: 'all' },
      { 'accept-language': 'en' },
    );
    assert.equal(response.status, 303);
    assert.equal(response.headers.get('location'), '/subscribe/sent');
    assert.deepEqual(site.calls, [
      [
        'subscribe',
        {
          channel: 'email',
          address: 'jan@example.com',
          language: 'en',
          componentIds: null,
          reminders: null,
          ip: '127.0.0.1',
        },
      ],
    ]);
    assert.match(await words(await get('/subscribe/sent')), /Kijk in uw mailbox/);
  });

  test('by text message asks for the code, and keeps the number out of the address', async () => {
    const response = await post('/subscribe', [
      ['channel', 'sms'],
      ['phone', '06 12345678'],
      ['scope', 'some'],
      ['component', 'fysioone'],
      ['component', 'ketenone'],
      ['remind', 'own'],
      ['reminder', 'end'],
      ['reminder', '1h'],
      ['reminder', 'other'],
    ]);
    assert.equal(response.status, 200);
    assert.match(await response.text(), /action="\/subscribe\/code".*value="06 12345678"/s);
    assert.deepEqual(site.calls[0]?.[1], {
      channel: 'sms',
      address: '06 12345678',
      language: 'nl',
      componentIds: ['fysioone', 'ketenone'],
      reminders: ['1h', 'end'],
      ip: '127.0.0.1',
    });
    const confirmed = await post('/subscribe/code', { phone: '06 12345678', code: '123 456' });
    assert.match(await words(confirmed), /U bent aangemeld/);
    assert.deepEqual(site.calls[1], [
      'confirmCode',
      { address: '06 12345678', code: '123456', ip: '127.0.0.1' },
    ]);
  });

  test('on a page other than the first is about the components of that page', async () => {
    const page = { ...SITUATIONS.calm, page: { ...SITUATIONS.calm.page, id: 'two' } };
    site.others = { two: { ...page, groups: page.groups.slice(1) } };
    await post('/subscribe', {
      channel: 'email',
      email: 'a@example.com',
      scope: 'all',
      page: 'two',
    });
    assert.deepEqual((site.calls[0]?.[1] as { componentIds: unknown }).componentIds, ['ketenone']);
  });

  for (const [name, fields, message] of [
    ['no address', { channel: 'email', scope: 'all' }, /Dit is geen volledig adres of nummer/],
    [
      'nothing chosen',
      { channel: 'email', email: 'a@example.com', scope: 'some' },
      /ten minste één/,
    ],
    [
      'an unknown component',
      { channel: 'email', email: 'a@example.com', scope: 'some', component: 'secret' },
      /bestaat niet meer/,
    ],
  ] as const)
    test(`with ${name} says what to mend and asks nobody`, async () => {
      const response = await post('/subscribe', fields);
      assert.equal(response.status, 422);
      const text = await words(response);
      assert.match(text, message);
      assert.match(text, /Fout: Bericht krijgen/);
      assert.deepEqual(site.calls, []);
    });

  for (const [reason, field, status, message] of [
    ['not-mobile', 'address', 422, /geen mobiel nummer/],
    ['unknown-component', 'componentIds', 422, /bestaat niet meer/],
    ['too-many-requests', undefined, 429, /te vaak achter elkaar/],
    ['constructor', undefined, 422, /Dit is niet gelukt/],
  ] as const)
    test(`that is refused as ${reason} says so, and keeps what was filled in`, async () => {
      site.answer = { ok: false, reason, ...(field && { field }) };
      const fields = { channel: 'sms', phone: '0201234567', scope: 'all' };
      const response = await post('/subscribe', fields);
      assert.equal(response.status, status);
      const html = await response.clone().text();
      assert.match(html, /value="0201234567"/);
      assert.equal(/<input[^>]*id="phone"[^>]*aria-invalid/.test(html), field === 'address');
      assert.match(await words(response), message);
    });

  test('believes the address of the visitor only from a proxy of ours', async () => {
    const fields = { channel: 'email', email: 'a@example.com', scope: 'all' };
    const headers = { 'x-forwarded-for': '6.6.6.6, 203.0.113.9' };
    await post('/subscribe', fields, headers);
    site.trustProxy = true;
    await post('/subscribe', fields, headers);
    assert.deepEqual(
      site.calls.map(([, input]) => (input as { ip: string }).ip),
      ['127.0.0.1', '203.0.113.9'],
    );
  });

  test('with a body that is no form, or is far too long, is refused', async () => {
    const send = (body: string, type: string): Promise<Response> =>
      fetch(`${site.url}/subscribe`, {
        method: 'POST',
        body,
        headers: { origin: site.url, 'content-type': type },
      });
    assert.equal((await send('{}', 'application/json')).status, 400);
    const long = await send(`email=${'a'.repeat(200_000)}`, 'application/x-www-form-urlencoded');
    assert.equal(long.status, 413);
    assert.deepEqual(site.calls, []);
  });
});

describe('links in messages', () => {
  const links = ['/subscribe/confirm', '/subscription', '/unsubscribe'];

  test('change nothing when they are merely followed', async () => {
    for (const path of links) {
      const response = await get(`${path}?token=good`);
      assert.equal(response.status, 200);
      assert.match(await words(response), /j…n@example\.com/);
      assert.equal((await raw(`${path}?token=good`, 'HEAD')).status, 200);
    }
    assert.deepEqual(site.calls, []);
  });

  test('that are wrong or old say so', async () => {
    for (const path of links) {
      const response = await get(`${path}?token=old`);
      assert.equal(response.status, 404);
      assert.match(await words(response), /Deze link werkt niet meer/);
    }
  });

  test('confirm with a button, also for who is confirmed and chose anew', async () => {
    site.subscription = { ...site.subscription, confirmed: true };
    assert.match(
      await (await get('/subscribe/confirm?token=good')).text(),
      /<button type="submit"/,
    );
    const response = await post('/subscribe/confirm', { token: 'good' });
    assert.match(await words(response), /U bent aangemeld/);
    assert.deepEqual(site.calls, [['confirm', 'good']]);
  });

  test('let the choice be changed, without touching what is on other pages', async () => {
    site.subscription = {
      ...site.subscription,
      confirmed: true,
      componentIds: ['fysioone', 'elsewhere'],
    };
    const html = await (await get('/subscription?token=good')).text();
    assert.match(html, /value="fysioone" checked/);
    assert.match(html, /value="24h" checked/, 'the usual reminder');
    const response = await post('/subscription', {
      token: 'good',
      scope: 'some',
      component: 'ketenone',
    });
    assert.equal(response.headers.get('location'), '/subscription?token=good&saved=1');
    const componentIds = ['ketenone', 'elsewhere'];
    assert.deepEqual(site.calls, [['choose', 'good', { componentIds, reminders: undefined }]]);
    assert.match(await words(await get('/subscription?token=good&saved=1')), /Uw keuze is bewaard/);
  });

  test('let the reminders of maintenance be chosen, also none', async () => {
    const choose = (more: [string, string][]): Promise<Response> =>
      post('/subscription', [['token', 'good'], ['scope', 'all'], ['remind', 'own'], ...more]);
    await choose([
      ['reminder', 'start'],
      ['reminder', '24h'],
    ]);
    await choose([]);
    assert.deepEqual(site.calls, [
      ['choose', 'good', { componentIds: null, reminders: ['24h', 'start'] }],
      ['choose', 'good', { componentIds: null, reminders: [] }],
    ]);
  });

  test('unsubscribe with a button', async () => {
    const response = await post('/unsubscribe', { token: 'good' });
    assert.match(await words(response), /U bent afgemeld/);
    assert.deepEqual(site.calls, [['unsubscribe', 'good']]);
  });

  for (const [name, body, type] of [
    ['a form', 'List-Unsubscribe=One-Click', 'application/x-www-form-urlencoded'],
    [
      'multipart',
      '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
      'multipart/form-data; boundary=x',
    ],
  ] as const)
    test(`unsubscribe at one click of a mail server, sent as ${name} (RFC 8058)`, async () => {
      const response = await fetch(`${site.url}/unsubscribe?token=good`, {
        method: 'POST',
        body,
        headers: {
          'content-type': type,
          origin: 'https://mail.example',
          'sec-fetch-site': 'cross-site',
        },
      });
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('set-cookie'), null);
      assert.deepEqual(site.calls, [['unsubscribe', 'good']]);
    });
});
