import { PERMISSIONS_OF_ROUTES } from '@upheld/api/http/permissions.ts';
import { eq } from '@upheld/db/query.ts';
import { correctOutage } from '@upheld/services/correction/correct-outage.ts';
import { openIncident } from '@upheld/services/incident/open-incident.ts';
import { postUpdate } from '@upheld/services/incident/post-update.ts';
import { announceMaintenance } from '@upheld/services/maintenance/announce-maintenance.ts';
import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { NOW, serveFigures, type FiguresServer } from '../support/figures-server.ts';

/** Only in what belongs to a component that no page shows. */
const SECRET = /payroll|verborgen/i;
const HOUR = 3_600_000;
const jan = { name: 'jan' };
const both = (text: string) => ({ nl: text, en: text });
const HIDDEN = both('Verborgen');

/** Pages of the site that anyone may open, as Astro names their files. */
const SITE = globSync('**/*.astro', {
  cwd: new URL('../../apps/site/src/pages/', import.meta.url),
})
  .filter((file) => !file.startsWith('console'))
  .map((file) => `/${file.replace(/(\/?index)?\.astro$/, '')}`)
  .filter((path) => !/^\/(404|500|\[\.\.\.path\])$/.test(path));

/** Every address that is read without a token, with `*` where it names one thing. */
const PUBLIC = [
  ...Object.entries(PERMISSIONS_OF_ROUTES).flatMap(([route, rule]) =>
    rule === 'public' && route.startsWith('GET ') ? [route.slice('GET '.length)] : [],
  ),
  ...SITE,
].map((path) => path.replace(/\{\w+\}|\[\w+\]/, '*'));

describe('what belongs to a component that no page shows', () => {
  let server: FiguresServer;
  const hidden: string[] = ['payroll', 'inner', 'payroll-web'];
  let shared = '';

  before(async () => {
    server = await serveFigures();
    const { ctx } = server;
    const opened = { title: HIDDEN, body: HIDDEN };
    const incident = await openIncident(ctx, jan, { ...opened, componentIds: ['payroll'] });
    const work = { kind: 'planned', title: HIDDEN, text: HIDDEN } as const;
    const window = { from: NOW + 100 * HOUR, to: NOW + 101 * HOUR };
    const maintenance = await announceMaintenance(ctx, jan, {
      ...work,
      ...window,
      componentIds: ['payroll'],
    });
    hidden.push(incident.id, maintenance.maintenance.id);
    const mixed = await openIncident(ctx, jan, {
      title: both('Storm'),
      body: both('Storm'),
      componentIds: ['payroll'],
      severity: 'outage',
      startedAt: NOW - HOUR,
    });
    shared = mixed.id;
    const over = { incidentId: shared, status: 'resolved', body: both('Over') } as const;
    await postUpdate(ctx, jan, over);
    await ctx.db.transact(({ q, t }) =>
      q.insert(t.incidentComponents).values({ incidentId: shared, componentId: 'ketenone' }),
    );
    const { q, t } = ctx.db.read;
    const [outage] = await q.select().from(t.outages).where(eq(t.outages.incidentId, shared));
    assert.ok(outage);
    await correctOutage(ctx, jan, {
      outageId: outage.id,
      kind: 'false-alarm',
      reason: 'Verborgen reden',
      evidence: 'Verborgen bewijs',
    });
  });
  after(() => server.stop());

  const read = async (path: string) => {
    const response = await fetch(server.url + path, { redirect: 'manual' });
    const headers = [...response.headers].filter(
      ([name]) => !/^(date|etag|content-length)$/.test(name),
    );
    return { status: response.status, headers, text: await response.text() };
  };

  test('is asked for at every public address', () => {
    assert.ok(PUBLIC.length > 50 && PUBLIC.includes('/history/*'), String(PUBLIC.length));
  });

  for (const path of PUBLIC.filter((one) => !one.includes('*')))
    test(`is not in ${path}`, async () => {
      for (const query of ['', '?page=inner', '?limit=200', '?component=payroll'])
        assert.doesNotMatch(
          (await read(path + query)).text.replaceAll('component=payroll', ''),
          SECRET,
        );
    });

  for (const path of PUBLIC.filter((one) => one.includes('*')))
    test(`is not told from what was never there by ${path}`, async () => {
      for (const id of hidden) {
        const absent = id.replaceAll(/[a-z]/g, 'q');
        const [asked, unknown] = [
          await read(path.replace('*', id)),
          await read(path.replace('*', absent)),
        ];
        const same = (text: string): string =>
          [id, absent]
            .reduce((rest, one) => rest.replaceAll(one, '?'), text)
            .replace(/"requestId":"[^"]*"/, '');
        assert.equal(asked.status, unknown.status, id);
        assert.notEqual(asked.status, 200, id);
        assert.equal(same(asked.text), same(unknown.text), id);
        assert.deepEqual(
          asked.headers.map(([name]) => name),
          unknown.headers.map(([name]) => name),
        );
      }
    });

  test('is not in what is public of something that it is a part of', async () => {
    for (const path of PUBLIC.filter((one) => one.includes('*')))
      for (const id of [
        shared,
        'ketenone',
        'main',
        'partners',
        '2026-11',
        '2026-12',
        'standard.yaml',
      ])
        assert.doesNotMatch((await read(path.replace('*', id))).text, SECRET, `${path} ${id}`);
    assert.equal((await read(`/incidents/${shared}`)).status, 200);
  });

  test('is not told by the places where a list goes on', async () => {
    let next: string | null = '';
    const starts: number[] = [];
    while (next !== null) {
      const { text } = await read(`/api/v1/incidents?limit=1${next && `&cursor=${next}`}`);
      const page = JSON.parse(text) as { incidents: unknown[]; next: string | null };
      assert.equal(page.incidents.length, 1);
      next = page.next;
      if (next) {
        const place = Buffer.from(next, 'base64url').toString();
        for (const id of hidden) assert.ok(!place.includes(id), place);
        starts.push(place.length);
      }
    }
    assert.ok(starts.length > 0);
  });

  test('can be subscribed to by nobody', async () => {
    const answer = async (component: string) => {
      const response = await fetch(`${server.url}/api/v1/subscriptions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          channel: 'email',
          address: 'els@example.test',
          language: 'nl',
          componentIds: [component],
        }),
      });
      const text = await response.text();
      return `${response.status} ${text.replaceAll(component, '?')}`.replace(
        /"requestId":"[^"]*"/,
        '',
      );
    };
    assert.equal(await answer('payroll'), await answer('nobodys'));
  });
});
