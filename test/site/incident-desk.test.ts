import { openIncident } from '@upheld/services/incident/open-incident.ts';
import { postUpdate } from '@upheld/services/incident/post-update.ts';
import { previewNotification } from '@upheld/services/outbox/preview.ts';
import { readIncident } from '@upheld/services/read/lists.ts';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { EXCERPT, serveIncidentDesk, type IncidentDesk } from '../support/incident-desk.ts';

/*
 * The desk over HTTP, as a browser without scripts uses it: every form is sent, and what comes back is
 * read. The site must have been built.
 */
const both = (text: string) => ({ nl: text, en: text });
const XSS = '<script>alert(1)</script><img src=x onerror=alert(2)>"\'';

describe('the incident desk without scripts', () => {
  let desk: IncidentDesk;
  before(async () => {
    desk = await serveIncidentDesk();
  });
  after(() => desk.stop());

  const page = async (path: string): Promise<string> => {
    const response = await desk.get(path);
    assert.equal(response.status, 200, path);
    return response.text();
  };
  const at = (id: string): string => `/console/incidents/${id}`;
  const opened = (text = 'Something') =>
    openIncident(
      desk.ctx,
      { name: 'jan' },
      {
        title: both(text),
        body: both(text),
        componentIds: ['flexkids'],
      },
    );

  it('shows what is down, since when, seen by whom, with the evidence as text', async () => {
    const html = await page('/console/incidents');
    assert.match(html, /Nobody has taken it up/);
    for (const seen of [
      'FysioOne: fysioone.example.test',
      'HTTP status 503',
      '10.20.30.40',
      'TLSv1.3',
      'first byte 770 ms',
    ])
      assert.ok(html.includes(seen), seen);
    assert.ok(!html.includes('<script>alert'), 'what a product says is never markup');
    assert.ok(html.includes('&lt;h1&gt;Service unavailable'));
  });

  it('calls things by their names, and says what a level means in its agreement', async () => {
    const means = 'a – Not reachable at all or wholly unusable, and no bypass.';
    const one = await page(at(desk.incidentId));
    assert.match(one, new RegExp(`SpotOnMedics \\(FysioOne, Intelligence, KetenOne\\): ${means}`));
    const words = one.replaceAll(/<[^>]*>/g, ' ');
    for (const raw of ['fysioone-web', 'spotonmedics', desk.incidentId])
      assert.ok(!words.includes(raw), raw);
    const fresh = await page('/console/incidents/new?component=flexkids');
    const headings = [...fresh.matchAll(/<optgroup label="([^"]*)"/g)].map(([, label]) => label);
    assert.deepEqual(headings, [
      'Flexkids: Flexkids',
      'SpotOnMedics (FysioOne, Intelligence, KetenOne): FysioOne',
      'Infravision IV Integratiedienst, cloud: Integration',
    ]);
    assert.ok(fresh.includes(`${means} Counts as down.`));
  });

  it('says how far a recovery is, beside what proved the outage', async () => {
    const { ctx } = desk;
    const set = (row: { pendingState: 'up' | null; pendingCount: number }, status: number) =>
      ctx.db.transact(({ q, t }) =>
        q
          .update(t.monitors)
          .set({ ...row, lastResultAt: ctx.clock.now(), lastEvidence: { status } })
          .returning({ id: t.monitors.id }),
      );
    const [before] = await ctx.db.read.q.select().from(ctx.db.read.t.monitors);
    await set({ pendingState: 'up', pendingCount: 1 }, 200);
    for (const path of ['/console/incidents', at(desk.incidentId)]) {
      const words = (await page(path)).replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
      assert.match(words, /Recovering 1 of 1 good check/, path);
      assert.match(words, /What proved it, [^:]*:\d\d: HTTP status 503/, path);
      assert.match(words, /The newest check, [^:]*:\d\d: HTTP 200/, path);
    }
    await ctx.db.transact(({ q, t }) =>
      q
        .update(t.monitors)
        .set({ ...before, pendingState: null, pendingCount: 0 })
        .returning({ id: t.monitors.id }),
    );
  });

  it('has on top of it what is due next and what somebody is called for', async () => {
    const { ctx } = desk;
    const now = ctx.clock.now();
    await ctx.db.transact(({ q, t }) =>
      q
        .insert(t.alerts)
        .values({
          id: ctx.ids.next(),
          dedupeKey: `incident:${desk.incidentId}`,
          subjectId: desk.incidentId,
          titleNl: 'FysioOne ligt eruit',
          titleEn: 'FysioOne is out',
          raisedAt: now,
          step: 0,
          version: 1,
        })
        .returning(),
    );
    const html = await page('/console/incidents');
    assert.match(html, /FysioOne is out/);
    assert.ok(html.indexOf('Due next') < html.indexOf('Down now'));
  });

  it('keeps the evidence from the public', async () => {
    const open = await desk.get(`/incidents/${desk.incidentId}`, null);
    const api = await desk.get(`/api/v1/incidents/${desk.incidentId}`, null);
    for (const text of [await open.text(), await api.text()])
      for (const inside of [
        EXCERPT.slice(4, 20),
        '10.20.30.40',
        'TLSv1.3',
        'fysioone-web',
        'fysioone.example',
      ])
        assert.ok(!text.includes(inside), inside);
  });

  it('shows what goes out, and to how many, before anything does', async () => {
    const form = {
      do: 'update',
      status: 'identified',
      'body.nl': 'Gevonden.',
      'body.en': 'Found.',
    };
    const response = await desk.post(at(desk.incidentId), { ...form, step: 'preview' });
    const html = await response.text();
    assert.equal(response.status, 200);
    assert.match(html, /goes out to 1 by e-mail and 1 by SMS/);
    assert.match(html, /Gevonden\./);
    const stored = await readIncident(desk.ctx, desk.incidentId);
    assert.equal(stored?.updates.length, 1);
    assert.equal((await desk.ctx.db.read.q.select().from(desk.ctx.db.read.t.outbox)).length, 0);
  });

  it('takes up, updates, regrades and explains, each with a page that says so', async () => {
    const send = async (fields: Record<string, string>, said: string) => {
      const response = await desk.post(at(desk.incidentId), fields);
      assert.equal(response.status, 303, await response.text());
      assert.equal(response.headers.get('location'), `${at(desk.incidentId)}?said=${said}`);
    };
    await send({ do: 'acknowledge' }, 'acknowledged');
    await send(
      { do: 'update', status: 'identified', 'body.nl': 'Gevonden.', 'body.en': 'Found.' },
      'updated',
    );
    await send(
      { do: 'severity', severity: 'spotonmedics::b', nature: 'correction', reason: 'one user' },
      'owed',
    );
    const cause = { do: 'cause', cause: 'force-majeure', reason: 'no power' };
    const refused = await desk.post(at(desk.incidentId), cause);
    assert.equal(refused.status, 422);
    assert.match(await refused.text(), /say what shows it/);
    await send({ ...cause, evidence: 'https://grid.example.test/7' }, 'owed');
    const html = await page(`${at(desk.incidentId)}?said=owed`);
    assert.match(html, /An agreement wants customers told/);
    assert.match(html, /Tell the practice/);
    assert.match(html, /grid\.example\.test/);
    assert.match(html, /Taken up by Jan de Vries/);
  });

  it('tells who changed it meanwhile, and keeps what was typed', async () => {
    const { id, version } = await opened();
    await postUpdate(
      desk.ctx,
      { name: 'Anna' },
      {
        incidentId: id,
        status: 'identified',
        body: both('by Anna'),
      },
    );
    const mine = { do: 'update', status: 'monitoring', 'body.nl': 'van mij', 'body.en': 'of mine' };
    const refused = await desk.post(at(id), { ...mine, version: String(version) });
    const html = await refused.text();
    assert.equal(refused.status, 409);
    assert.match(html, /Anna posted an update/);
    assert.match(html, />of mine<\/textarea>/);
    const fresh = /name="version" value="(\d+)"/.exec(html)?.[1] ?? '';
    const sent = await desk.post(at(id), { ...mine, version: fresh });
    assert.equal(sent.status, 303);
    assert.equal((await readIncident(desk.ctx, id))?.updates.length, 3);
  });

  it('opens one by hand, backdated, and says both moments to everyone', async () => {
    const sent = await desk.post('/console/incidents/new', {
      do: 'open',
      componentIds: ['integration'],
      'title.nl': 'Koppelingen staan stil',
      'title.en': 'Integrations stand still',
      'body.nl': 'We zoeken het uit.',
      'body.en': 'We look into it.',
      severity: 'infravision-cloud::top',
      startedAt: '2026-11-19T13:20:00',
    });
    assert.equal(sent.status, 303, await sent.text());
    const id = /incidents\/([^?]+)/.exec(sent.headers.get('location') ?? '')?.[1] ?? '';
    const html = await page(at(id));
    assert.match(html, /Backdated/);
    assert.match(html, /Do an RCA of our own accord/);
    assert.match(html, /19 Dec, 15:20/);
    assert.match(html, />2(&nbsp;|\u00a0)h</, 'two hours count');
    const open = await (await desk.get(`/incidents/${id}`, null)).text();
    assert.match(open, /Achteraf vastgelegd; beide momenten zijn bewaard/);
    assert.match(open, /13:20/);
    assert.match(open, /15:20/);
  });

  it('merges two incidents, and the first leads to the other', async () => {
    const part = await opened('A part');
    const whole = await opened('The whole');
    const sent = await desk.post(at(part.id), {
      do: 'merge',
      intoId: whole.id,
      reason: 'the same',
    });
    assert.equal(sent.headers.get('location'), `${at(whole.id)}?said=merged`);
    assert.match(await page(at(part.id)), /This turned out to be part of/);
    const open = await (await desk.get(`/incidents/${part.id}`, null)).text();
    assert.match(open, new RegExp(`href="/incidents/${whole.id}"`));
  });

  it('splits a component off', async () => {
    const { id } = await openIncident(
      desk.ctx,
      { name: 'jan' },
      {
        title: both('Two'),
        body: both('Two'),
        componentIds: ['flexkids', 'integration'],
      },
    );
    const sent = await desk.post(at(id), {
      do: 'split',
      componentIds: ['integration'],
      'title.nl': 'Los',
      'title.en': 'Apart',
      'body.nl': 'Los hiervan.',
      'body.en': 'Apart from it.',
      reason: 'another cause',
    });
    assert.equal(sent.status, 303, await sent.text());
    assert.match(await page(sent.headers.get('location') ?? ''), /Split off/);
  });

  it('publishes a postmortem in the language of the visitor, with no HTML of its own', async () => {
    const { id } = await opened();
    await postUpdate(
      desk.ctx,
      { name: 'jan' },
      { incidentId: id, status: 'resolved', body: both('x') },
    );
    const nl = `## Oorzaak\n\n${XSS}\n\n[klik](javascript:alert(3)) [goed](https://example.test/)\n\n![spion](https://spy.test/x.png)`;
    const form = { do: 'postmortem', 'body.nl': nl, 'body.en': '## Cause' };
    const preview = await (await desk.post(at(id), { ...form, step: 'preview' })).text();
    assert.match(preview, /<h3>Oorzaak<\/h3>/);
    const draft = await desk.post(at(id), form);
    assert.equal(draft.headers.get('location'), `${at(id)}?said=drafted`);
    const hidden = await (await desk.get(`/incidents/${id}`, null)).text();
    assert.ok(!hidden.includes('Oorzaak</h3>'));
    await desk.post(at(id), { ...form, published: 'yes' });
    const shown = await (await desk.get(`/incidents/${id}`, null)).text();
    assert.match(shown, /<h3>Oorzaak<\/h3>/);
    assert.match(shown, /href="https:\/\/example\.test\/" rel="noopener noreferrer nofollow"/);
    for (const text of [shown, preview])
      for (const bad of ['<script>alert', '<img src=x', 'href="javascript', 'spy.test/x.png"'])
        assert.ok(!text.includes(bad), bad);
    const english = await fetch(`${desk.url}/incidents/${id}`, {
      headers: { 'accept-language': 'en' },
    });
    assert.match(await english.text(), /<h3>Cause<\/h3>/);
  });

  it('shows whatever is typed as text: on the page, in the console and in mail', async () => {
    const { id } = await opened(XSS);
    const said = { incidentId: id, reason: XSS };
    await desk.post(at(id), {
      do: 'severity',
      severity: 'flexkids::1',
      ...said,
      nature: 'correction',
    });
    await desk.post(at(id), { do: 'cause', cause: 'internet', ...said, evidence: XSS });
    const preview = await desk.post(at(id), {
      do: 'update',
      status: 'identified',
      'body.nl': XSS,
      'body.en': XSS,
      step: 'preview',
    });
    const content = {
      kind: 'incident' as const,
      event: 'opened' as const,
      incidentId: id,
      title: both(XSS),
      status: 'investigating' as const,
      body: both(XSS),
      components: [{ id: 'flexkids', name: both(XSS) }],
      startedAt: desk.clock.now(),
      at: desk.clock.now(),
    };
    const { messages } = await previewNotification(desk.ctx, content, ['flexkids']);
    const texts = [
      messages.nl.mail.html,
      await preview.text(),
      await page(at(id)),
      await page('/console/incidents'),
      await (await desk.get(`/incidents/${id}`, null)).text(),
      await (await desk.get('/', null)).text(),
    ];
    for (const text of texts) {
      assert.ok(
        text.includes('&lt;script&gt;alert(1)') || text.includes('&#60;script'),
        'it is shown',
      );
      assert.ok(!text.includes('<script>alert') && !text.includes('<img src=x'), 'as text');
    }
    const changes = await desk.ctx.db.read.q.select().from(desk.ctx.db.read.t.incidentChanges);
    assert.ok(changes.some((row) => row.incidentId === id && row.evidence === XSS));
  });

  it('lets a viewer look and nothing more', async () => {
    const html = await (await desk.get(at(desk.incidentId), 'viewer')).text();
    assert.ok(!html.includes('name="do"'));
    const sent = await desk.post(at(desk.incidentId), { do: 'acknowledge' }, 'viewer');
    assert.equal(sent.status, 403);
    assert.equal((await desk.get('/console/incidents/new', 'viewer')).status, 403);
    assert.equal((await desk.get(at('nothing'))).status, 404);
  });
});
