import { isNotNull } from '@upheld/db/query.ts';
import { TOLD_EVENTS } from '@upheld/domain/desk/report-events.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { recorder } from '@upheld/testkit/recorded.ts';
import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { readRevision } from '@upheld/services/revision.ts';
import { harness, problemIn, type Harness } from '../../test/harness.ts';

/*
 * Every route that writes, taken from the document: it either honours If-Match or refuses it. A new route
 * that declares the header fails here until it is shown to honour it.
 */

const both = (text: string) => ({ nl: text, en: text });
const HOUR = 3_600_000;
const WRITES = new Set(['post', 'put', 'patch', 'delete']);
/** Well formed, and of a version that nothing has. */
const STALE = '"999-stale"';

const agreements = [{ agreement: 'spotonmedics', component: 'fysioone' }];
const config = testConfig({
  groups: [
    {
      id: 'products',
      name: 'Products',
      components: [
        {
          id: 'fysioone',
          name: 'FysioOne',
          agreements,
          monitors: [{ id: 'fysioone-web', kind: 'http', url: 'http://fysioone.example.test/' }],
        },
        { id: 'portal', name: 'Portal', agreements: [{ agreement: 'standard' }] },
      ],
    },
  ],
});

/** In v1/agreements.test.ts: what they need stands there. */
const SHOWN_ELSEWHERE = [
  'POST /api/v1/agreements/{id}/versions',
  'POST /api/v1/agreements/{id}/versions/{versionId}/withdraw',
];

/** For each route that takes the header, what a good request to it is but for that header. */
type Requests = Record<string, { path: string; body?: unknown }>;

eachDatabase('If-Match', (databases) => {
  let h: Harness;
  let writes: { route: string; declared: boolean }[];
  before(async () => {
    h = await harness(await databases.open(), { config });
    writes = Object.entries(h.document.paths).flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, operation]) => {
        if (!WRITES.has(method) || !path.startsWith('/api/v1/')) return [];
        const parameters = (operation as { parameters?: { name?: string }[] }).parameters ?? [];
        const declared = parameters.some(({ name }) => name === 'if-match');
        return [{ route: `${method.toUpperCase()} ${path}`, declared }];
      }),
    );
    assert.ok(writes.length > 40);
  });

  const send = (method: string, path: string, body: unknown, tag: string) =>
    h.ask(method, path, {
      token: h.token,
      ...(body === undefined ? {} : { body }),
      headers: { 'if-match': tag },
    });

  it('is refused where nothing has a version, before anything is done', async () => {
    const revision = await readRevision(h.ctx.db.read);
    for (const { route } of writes.filter(({ declared }) => !declared)) {
      const [method = '', path = ''] = route.split(' ');
      const answer = await send(method, path.replaceAll(/\{\w+\}/g, 'x'), undefined, STALE);
      const { status, detail } = problemIn(answer);
      assert.equal(status, 400, route);
      assert.ok(detail.startsWith(`If-Match cannot be honoured here: ${route}`), detail);
      assert.match(detail, /leave it out$/);
    }
    assert.equal(await readRevision(h.ctx.db.read), revision);
  });

  it('may be * everywhere, which asks for no version', async () => {
    const answer = await send('POST', '/api/v1/incidents', { ...opening }, '*');
    assert.equal(answer.status, 201);
  });

  it('keeps what somebody else changed, on every route that takes it', async () => {
    const requests = await goodRequests();
    const declared = writes.flatMap((one) => (one.declared ? [one.route] : []));
    assert.deepEqual(declared.sort(), [...Object.keys(requests), ...SHOWN_ELSEWHERE].sort());
    const revision = await readRevision(h.ctx.db.read);
    for (const [route, { path, body }] of Object.entries(requests)) {
      const [method = ''] = route.split(' ');
      const { status, detail } = problemIn(await send(method, path, body, STALE));
      assert.equal(status, 412, `${route}: ${detail}`);
    }
    assert.equal(await readRevision(h.ctx.db.read), revision, 'nothing was done');
  });

  const opening = { title: both('Slow'), body: both('We look.'), componentIds: ['fysioone'] };
  const make = async (path: string, body: unknown): Promise<Record<string, unknown>> => {
    const answer = await h.as('POST', `/api/v1/${path}`, body);
    assert.ok(answer.status < 300, `${path}: ${answer.text}`);
    return answer.json as Record<string, unknown>;
  };
  const idOf = async (path: string, body: unknown): Promise<string> =>
    (await make(path, body))['id'] as string;

  async function goodRequests(): Promise<Requests> {
    const now = h.ctx.clock.now();
    const iso = (at: number): string => new Date(at).toISOString();
    const window = { from: iso(now + HOUR), to: iso(now + 2 * HOUR) };
    const incident = await idOf('incidents', opening);
    const other = await idOf('incidents', { ...opening, componentIds: ['portal'] });
    const wide = await idOf('incidents', { ...opening, componentIds: ['fysioone', 'portal'] });
    const work = { componentIds: ['fysioone'], ...window, text: both('We work.') };
    const { maintenance } = (await make('maintenances', work)) as { maintenance: { id: string } };
    const requests: Requests = {};
    const on = (kind: string, id: string, verbs: Record<string, unknown>): void => {
      for (const [verb, body] of Object.entries(verbs))
        requests[`POST /api/v1/${kind}/{id}/${verb}`] = {
          path: `/api/v1/${kind}/${id}/${verb}`,
          ...(body === null ? {} : { body }),
        };
    };
    const reason = 'Because.';
    on('incidents', incident, {
      acknowledge: null,
      updates: { status: 'identified', body: both('Found.') },
      severity: { severity: 'b', reason },
      cause: { cause: 'internet', reason, evidence: 'a report' },
      merge: { intoId: other, reason },
      postmortem: { body: both('All of it.') },
    });
    on('incidents', wide, {
      split: { componentIds: ['portal'], title: both('Apart'), body: both('Apart.'), reason },
    });
    on('maintenances', maintenance.id, {
      announcements: { ...window, text: both('Later.') },
      cancel: { text: both('Not now.') },
      start: null,
      finish: null,
      emergency: { to: window.to, reason, text: both('Now.') },
    });
    const template = { kind: 'incident', name: 'A', title: both('A'), body: both('B') };
    const templateId = await idOf('templates', template);
    requests['PUT /api/v1/templates/{id}'] = {
      path: `/api/v1/templates/${templateId}`,
      body: template,
    };
    requests['DELETE /api/v1/templates/{id}'] = { path: `/api/v1/templates/${templateId}` };
    const series = (await make('maintenance-series', {
      componentIds: ['fysioone'],
      text: both('We work.'),
      rrule: 'FREQ=MONTHLY;BYDAY=1SU',
      localStart: '2027-06-06T02:00',
      durationSeconds: 3600,
      announceSeconds: 432_000,
    })) as { id: string; next: { from: string }[] };
    on('maintenance-series', series.id, {
      end: null,
      skip: { occurrenceAt: series.next[1]?.from, reason },
    });
    const report = {
      componentId: 'fysioone',
      type: 'incident',
      severity: 'a',
      title: 'Slow',
      text: 'It is slow.',
      reporter: 'Ann',
    };
    const text = 'So it is.';
    on('tickets', await idOf('tickets', report), {
      respond: { text },
      updates: { text },
      pause: { text, reason: 'force-majeure' },
      resume: { text },
      recategorise: { text, type: 'incident', severity: 'b' },
      progress: { text, step: 'root-cause-found' },
      happened: { text, event: TOLD_EVENTS[0] },
      link: { incidentId: incident },
      recover: { text },
      reopen: { text },
      close: { text },
    });
    on('alerts', await raiseAlert(), { acknowledge: null });
    const record = recorder(h.ctx.db);
    await record.measured('portal', now - 100 * HOUR);
    await record.outage({ component: 'portal', from: now - 9 * HOUR, to: now - 8 * HOUR });
    const { q, t } = h.ctx.db.read;
    const [outage] = await q.select().from(t.outages).where(isNotNull(t.outages.endedAt));
    const said = { kind: 'false-alarm', reason, evidence: 'a log' };
    const correction = await idOf('corrections', { outageId: outage?.id, ...said });
    requests['POST /api/v1/corrections'] = {
      path: '/api/v1/corrections',
      body: { outageId: outage?.id, ...said },
    };
    on('corrections', correction, { withdraw: { reason, evidence: 'a log' } });
    return requests;
  }

  async function raiseAlert(): Promise<string> {
    const id = h.ctx.ids.next();
    await h.ctx.db.transact(({ q, t }) =>
      q
        .insert(t.alerts)
        .values({
          id,
          dedupeKey: 'duty:x',
          subjectId: 'x',
          titleNl: 'x',
          titleEn: 'x',
          raisedAt: h.ctx.clock.now(),
          step: 0,
          version: 1,
        })
        .returning(),
    );
    return id;
  }
});
