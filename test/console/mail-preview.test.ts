import { openIncident } from '@upheld/services/incident/open-incident.ts';
import { announceMaintenance } from '@upheld/services/maintenance/announce-maintenance.ts';
import { previewAnnouncement } from '@upheld/services/maintenance/preview-announcement.ts';
import { LANGUAGES } from '@upheld/domain/text.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { serveConsole, type ConsoleServer } from '../support/console-server.ts';

const EVIL = `"><script>alert(1)</script><img src=x onerror=alert(2)></style></title>'`;
const MAIL = '/console/maintenance/mail';
const INCIDENT_MAIL = '/console/incidents/mail';
const text = { nl: 'Van {from}.', en: 'From {from}.' };
const jan = { name: 'jan' };
const fields = {
  componentIds: ['fysioone'],
  from: '2026-11-26T21:30',
  to: '2026-11-26T23:00',
  'title.nl': 'Titel',
  'title.en': 'Title',
  'text.nl': text.nl,
  'text.en': text.en,
};
const incident = {
  componentIds: ['fysioone'],
  'title.nl': 'Storing',
  'title.en': 'Outage',
  'body.nl': 'Wij zoeken.',
  'body.en': 'We look.',
};

describe('the mail as it will look', () => {
  let server: ConsoleServer;
  before(async () => {
    const name = `Fysio ${EVIL}`;
    server = await serveConsole({
      config: testConfig({
        organisation: { name: `Zorg ${EVIL}` },
        groups: [{ id: 'products', name: 'P', components: [{ id: 'fysioone', name }] }],
      }),
    });
  });
  after(() => server.stop());

  const mailOf = async (
    path: string,
    sent: Record<string, string | string[]>,
    status = 200,
  ): Promise<{ html: string; headers: Headers }> => {
    const response = await server.post(path, sent);
    const html = await response.text();
    assert.equal(response.status, status, html.slice(0, 500));
    return { html, headers: response.headers };
  };

  test('is the one that is sent, to the letter, in the language that was asked for', async () => {
    const window = { from: Date.parse('2026-11-26T20:30Z'), to: Date.parse('2026-11-26T22:00Z') };
    const { messages } = await previewAnnouncement(server.ctx, {
      componentIds: ['fysioone'],
      ...window,
      title: { nl: 'Titel', en: 'Title' },
      text,
    });
    for (const language of LANGUAGES)
      assert.equal(
        (await mailOf(MAIL, { ...fields, language })).html,
        messages[language].mail.html,
      );
    assert.equal((await mailOf(MAIL, { ...fields, language: 'xx' })).html, messages.nl.mail.html);
  });

  test('may do nothing, is framed by the console alone, and is kept by nobody', async () => {
    for (const [path, sent] of [
      [MAIL, fields],
      [INCIDENT_MAIL, incident],
    ] as const) {
      const { headers } = await mailOf(path, { ...sent });
      assert.equal(
        headers.get('content-security-policy'),
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox",
      );
      assert.equal(headers.get('x-frame-options'), 'SAMEORIGIN');
      assert.equal(headers.get('cache-control'), 'no-store');
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('content-type'), 'text/html; charset=utf-8');
    }
    const page = await server.get('/console/maintenance/new');
    const policy = page.headers.get('content-security-policy') ?? '';
    assert.match(policy, /frame-src 'self'/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe-inline/);
  });

  test('holds nothing of what was typed, or is configured, as markup', async () => {
    const texts = ['title.nl', 'title.en', 'text.nl', 'text.en'];
    for (const name of texts)
      for (const language of LANGUAGES) {
        const { html } = await mailOf(MAIL, { ...fields, [name]: EVIL, language });
        assert.doesNotMatch(html, /<script|<img|onerror=alert\(2\)>(?!&)[^&]*<\/style>/i, name);
        assert.equal(html.match(/<style/g)?.length, 1);
        assert.match(html, /&lt;script&gt;/);
      }
    for (const name of ['title.nl', 'body.nl', 'title.en', 'body.en'])
      for (const language of LANGUAGES) {
        const { html } = await mailOf(INCIDENT_MAIL, { ...incident, [name]: EVIL, language });
        assert.doesNotMatch(html, /<script|<img/i, name);
      }
    const wrong = await mailOf(MAIL, { ...fields, componentIds: [EVIL] }, 422);
    assert.doesNotMatch(wrong.html, /<script|<img/i);
    assert.match(wrong.html, /There is no mail yet: /);
  });

  test('is a line while there is none: before anything is typed, and for what cannot be announced', async () => {
    const nothing = await (await server.get(MAIL)).text();
    assert.match(nothing, /Choose a language/);
    assert.match((await mailOf(MAIL, { ...fields, 'text.en': '' })).html, /write what customers/);
    const backwards = { ...fields, to: '2026-11-26T20:00' };
    assert.match((await mailOf(MAIL, backwards, 422)).html, /is not after/);
    assert.match((await mailOf(MAIL, { ...fields, from: 'now' }, 422)).html, /is no moment/);
    assert.match((await mailOf(MAIL, { ...fields, maintenanceId: 'x' }, 422)).html, /there is no/);
    assert.match(
      (await mailOf(`${INCIDENT_MAIL}?incident=x`, incident, 422)).html,
      /There is no mail/,
    );
  });

  test('of a change says that it changed, and of an update what it updates', async () => {
    const { ctx } = server;
    const { maintenance } = await announceMaintenance(ctx, jan, {
      componentIds: ['fysioone'],
      from: ctx.clock.now() + 86_400_000,
      to: ctx.clock.now() + 90_000_000,
      text,
    });
    const moved = { ...fields, maintenanceId: maintenance.id, language: 'en' };
    assert.match((await mailOf(MAIL, moved)).html, /Planned maintenance/);
    const { id } = await openIncident(ctx, jan, {
      componentIds: ['fysioone'],
      title: { nl: 'Storing', en: 'Outage of today' },
      body: text,
    });
    const update = { status: 'identified', 'body.nl': 'Wij weten het.', 'body.en': 'We know.' };
    const { html } = await mailOf(`${INCIDENT_MAIL}?incident=${id}`, { ...update, language: 'en' });
    assert.match(html, /Outage of today/);
    assert.match(html, /We know\./);
  });

  test('is for whoever may announce, and for a form of ours', async () => {
    for (const path of [MAIL, INCIDENT_MAIL]) {
      assert.equal((await server.post(path, fields, 'viewer')).status, 403);
      assert.equal((await server.get(path, 'viewer')).status, 403);
      assert.match(await (await server.post(path, fields, null)).text(), /You are signed out/);
      const foreign = await fetch(server.url + path, {
        method: 'POST',
        headers: { cookie: server.cookie, origin: 'https://evil.example' },
        body: new URLSearchParams({ language: 'nl' }),
      });
      assert.equal(foreign.status, 403);
    }
  });
});
