import { PERMISSIONS } from '@upheld/domain/access/permissions.ts';
import { verifyAudit } from '@upheld/services/audit/verify.ts';
import { listTickets } from '@upheld/services/ticket/ticket-view.ts';
import { reportTicket } from '@upheld/services/ticket/report-ticket.ts';
import { announceMaintenance } from '@upheld/services/maintenance/announce-maintenance.ts';
import { createToken } from '@upheld/services/token/tokens.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { startBrowser } from '../support/browser.ts';
import { serveIncidentDesk, type IncidentDesk } from '../support/incident-desk.ts';

const BAD: Readonly<Record<string, string>> = {
  'a NUL': 'a\0b',
  'an escape': 'a\u001b[2Jb',
  'the line end of ISO 8859': 'a\u0085b',
  'half a character': 'a\ud800b',
  'a noncharacter': 'a\uffffb',
  '100 kB': 'x'.repeat(100_000),
  markup: '"><script>alert(1)</script><img src=x onerror=alert(2)>',
  'a header': 'a\r\nSet-Cookie: evil=1\r\n\r\n<html>',
  'the name of a prototype': '__proto__',
  'a path': '../../../../etc/passwd\0.yaml',
  SQL: "' or 1=1; drop table incidents; --",
  'another site': '//evil.example/\\evil.example',
  'nothing that is a moment': '+275760-09-13T00:00:00.001Z',
  'a number without end': '1e999',
};
const MARKUP = /<script>alert|<img src=x/;
const HOUR = 3_600_000;

interface FormSeen {
  action: string;
  /** Names with the value that the form has as it stands. */
  fields: { name: string; value: string; free: boolean }[];
}

interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  items?: Schema;
}
interface Operation {
  operationId: string;
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

eachDatabase('every field', (databases) => {
  let desk: IncidentDesk;
  let browser: Browser;
  const pages = [
    ...['', '/incidents', '/incidents/new', '/maintenance', '/maintenance/new', '/people'],
    ...['/maintenance/series', '/templates', '/templates/new', '/tickets', '/tickets/new'],
    ...['/duties', '/alerts', '/corrections', '/outbox', '/tokens', '/audit', '/security'],
    ...[
      '/maintenance/calendar',
      '/periods',
      '/agreements',
      '/agreements/spotonmedics',
      '/settings',
    ],
    '/periods/period?component=fysioone&agreement=spotonmedics&period=2026-10',
  ].map((path) => `/console${path}`);
  const ids: string[] = [];
  let token = '';

  before(async () => {
    [desk, browser] = await Promise.all([
      serveIncidentDesk(await databases.open()),
      startBrowser(),
    ]);
    const { ctx } = desk;
    const jan = { name: 'jan' };
    const text = { nl: 'x', en: 'x' };
    const from = ctx.clock.now() + 200 * HOUR;
    const { maintenance } = await announceMaintenance(ctx, jan, {
      componentIds: ['flexkids'],
      from,
      to: from + HOUR,
      title: text,
      text,
      kind: 'planned',
    });
    await reportTicket(ctx, jan, {
      componentId: 'fysioone',
      type: 'incident',
      severity: 'b',
      title: 'x',
      text: 'x',
      reporter: 'x',
    });
    const [ticket] = await listTickets(ctx);
    ids.push(desk.incidentId, maintenance.id, ticket?.id ?? '');
    pages.push(
      `/console/incidents/${desk.incidentId}`,
      `/console/maintenance/${maintenance.id}`,
      `/console/tickets/${ticket?.id ?? ''}`,
    );
    ({ token } = await createToken(ctx, { name: 'cli' }, { name: 'all', scopes: PERMISSIONS }));
  });
  after(async () => {
    await browser.close();
    await desk.stop();
  });

  const nothingBroke = (what: string): void => {
    const errors = desk.ctx.log.lines.splice(0).filter(({ level }) => level === 'error');
    assert.deepEqual(errors, [], what);
  };

  /** Every form of every page, as a browser sees them. */
  const formsSeen = async (): Promise<FormSeen[]> => {
    const context = await browser.newContext({ javaScriptEnabled: true });
    await desk.signIn(context, 'owner');
    const page = await context.newPage();
    const seen: FormSeen[] = [];
    for (const path of [...pages, '/subscribe', '/']) {
      await page.goto(desk.url + path);
      seen.push(
        ...(await page.evaluate(() =>
          [...document.querySelectorAll('form')]
            .filter((form) => form.method === 'post' && !/sign-out/.test(form.action))
            .flatMap((form) => {
              const buttons = [...form.querySelectorAll<HTMLButtonElement>('button[name]')];
              return [null, ...buttons].map((button) => ({
                action: new URL(form.action).pathname + new URL(form.action).search,
                fields: [...new FormData(form, button)].map(([name, value]) => {
                  const field = form.querySelector(`[name="${CSS.escape(name)}"]`);
                  const free = field?.matches('textarea, input:not([type=checkbox], [type=radio])');
                  const kept = name === 'do' || name === 'step';
                  return {
                    name,
                    value: typeof value === 'string' ? value : '',
                    free: (free === true || name === 'templateId') && !kept,
                  };
                }),
              }));
            }),
        )),
      );
    }
    await context.close();
    return [...new Map(seen.map((form) => [JSON.stringify(form), form])).values()];
  };

  test('of every form may hold anything', { timeout: 240_000 }, async () => {
    const forms = await formsSeen();
    assert.ok(forms.length > 25, String(forms.length));
    for (const form of forms)
      for (const [what, bad] of Object.entries(BAD)) {
        const whole = form.fields.map(({ name, value, free }): [string, string] => [
          name,
          free ? bad : value,
        ]);
        const answer = await desk.post(form.action, Object.fromEntries(whole), 'owner');
        const about = `${what} in ${form.action} ${JSON.stringify(form.fields.slice(0, 3))}`;
        const html = await answer.text();
        if (answer.status >= 500) nothingBroke(about);
        assert.ok(answer.status < 500, `${about}: ${answer.status}`);
        assert.doesNotMatch(html.replace(/="[^"]*"/g, ''), MARKUP, about);
        assert.ok(!answer.headers.getSetCookie().some((one) => one.startsWith('evil')), about);
        const to = new URL(answer.headers.get('location') ?? '/', desk.url);
        assert.equal(to.origin, desk.url, about);
        nothingBroke(about);
      }
    assert.equal((await verifyAudit(desk.ctx)).ok, true);
  });

  test('of the forms before signing in may hold anything', async () => {
    const fields = ['email', 'password', 'code', 'token', 'name', 'next', 'response', 'subject'];
    const verbs: [path: string, verbs: string[]][] = [
      ['sign-in', ['sign-in', 'passkey', 'use-passkey']],
      ['second-factor', ['code', 'recovery', 'passkey', 'use-passkey']],
      ['setup', ['account']],
      ['invitation', ['account']],
      ['enrol', ['app', 'passkey', 'make-passkey']],
    ];
    for (const [path, names] of verbs)
      for (const verb of names)
        for (const [what, bad] of Object.entries(BAD)) {
          const form = Object.fromEntries(fields.map((name) => [name, bad]));
          const answer = await desk.post(`/console/${path}`, { do: verb, ...form }, null);
          const about = `${what} in ${verb} of ${path}`;
          assert.ok(answer.status < 500, `${about}: ${answer.status}`);
          const to = new URL(answer.headers.get('location') ?? '/', desk.url);
          assert.equal(to.origin, desk.url, about);
          assert.doesNotMatch((await answer.text()).replace(/="[^"]*"/g, ''), MARKUP, about);
          nothingBroke(about);
        }
    for (const path of [
      '/alert',
      '/unsubscribe',
      '/subscription',
      '/subscribe',
      '/subscribe/code',
      '/subscribe/confirm',
    ])
      for (const [what, bad] of Object.entries(BAD)) {
        const form = { token: bad, email: bad, phone: bad, code: bad, page: bad, components: bad };
        const answer = await desk.post(path, { channel: 'email', scope: 'some', ...form }, null);
        assert.ok(answer.status < 500, `${what} in ${path}: ${answer.status}`);
        assert.doesNotMatch((await answer.text()).replace(/="[^"]*"/g, ''), MARKUP, path);
        nothingBroke(`${what} in ${path}`);
      }
  });

  test('of every address of the site may hold anything', async () => {
    const places = [
      '/incidents/*',
      '/maintenances/*',
      '/history/*',
      '/pages/*',
      '/console/incidents/*',
    ];
    const more = [
      '/components/*/availability',
      '/console/templates/*',
      '/console/tickets/*',
      '/alert?token=*',
      ...['month=*', 'component=*'].map((one) => `/console/maintenance/calendar?${one}`),
      '/console/maintenance/calendar?month=9999-12',
      ...['/console/agreements/*', '/console/agreements/spotonmedics?on=*'],
      ...['component=*', 'component=fysioone&agreement=*', 'component=fysioone&period=*'].map(
        (one) => `/console/periods/period?${one}`,
      ),
      ...['actor=*', 'action=*', 'from=*', 'subject=*'].map((one) => `/console/audit?${one}`),
      '/console/confirm?next=*',
    ];
    for (const path of [...places, ...more])
      for (const [what, bad] of Object.entries(BAD)) {
        if (bad.length > 1000) continue;
        const target = path.replace('*', encodeURIComponent(bad.toWellFormed()));
        const answer = await desk.get(target, 'owner');
        assert.ok(answer.status < 500, `${what} at ${target}: ${answer.status}`);
        assert.doesNotMatch((await answer.text()).replace(/="[^"]*"/g, ''), MARKUP, target);
        nothingBroke(`${what} at ${target}`);
      }
  });

  test('of every address of the console may hold anything', async () => {
    const names = ['said', 'next', 'component', 'period', 'type', 'severity', 'outage', 'actor'];
    const more = ['month', 'from', 'to', 'incident', 'id', 'cursor', 'page', 'lang', 'token'];
    for (const path of [...pages, '/console/sign-in', '/console/setup', '/console/invitation'])
      for (const [what, bad] of Object.entries(BAD)) {
        if (bad.length > 1000) continue;
        const query = new URLSearchParams([...names, ...more].map((name) => [name, bad]));
        const answer = await desk.get(`${path}?${query.toString()}`, 'owner');
        assert.ok(answer.status < 500, `${what} at ${path}: ${answer.status}`);
        assert.doesNotMatch((await answer.text()).replace(/="[^"]*"/g, ''), MARKUP, path);
        nothingBroke(`${what} at ${path}`);
      }
  });

  test('of every body of the API may hold anything', { timeout: 240_000 }, async () => {
    const document = (await (await fetch(`${desk.url}/api/openapi.json`)).json()) as Document;
    const bodyOf = (schema: Schema, bad: string, depth = 0): unknown => {
      const one = schema.$ref
        ? document.components.schemas[schema.$ref.split('/').at(-1) ?? '']
        : schema;
      if (!one || depth > 6) return bad;
      const [some] = one.anyOf ?? one.oneOf ?? one.allOf ?? [];
      if (some) return bodyOf(some, bad, depth + 1);
      if (one.const !== undefined || one.enum) return one.const ?? one.enum?.[0];
      const type = [one.type].flat()[0];
      if (type === 'array') return [bodyOf(one.items ?? {}, bad, depth + 1)];
      if (type === 'integer' || type === 'number') return 1;
      if (type === 'boolean') return true;
      if (type !== 'object') return bad;
      const entries = Object.entries(one.properties ?? {});
      return Object.fromEntries(
        entries.map(([key, value]) => [key, bodyOf(value, bad, depth + 1)]),
      );
    };
    let asked = 0;
    for (const [path, operations] of Object.entries(document.paths))
      for (const [method, { requestBody, parameters = [] }] of Object.entries(operations)) {
        if (method === 'delete' || path.startsWith('/api/incoming')) continue;
        const schema = requestBody?.content['application/json']?.schema;
        for (const [what, bad] of Object.entries(BAD)) {
          const queries = parameters.filter((one) => one.in === 'query').map(({ name }) => name);
          const query = new URLSearchParams(queries.map((name) => [name, bad.slice(0, 1000)]));
          const id = encodeURIComponent(bad.slice(0, 300).toWellFormed());
          const places = path.includes('{') ? [ids[asked % ids.length] ?? '', id] : [''];
          for (const place of places) {
            const target = `${path.replace(/\{\w+\}/, place)}?${schema ? '' : query.toString()}`;
            const answer = await fetch(desk.url + target, {
              method: method.toUpperCase(),
              headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
              ...(schema ? { body: JSON.stringify(bodyOf(schema, bad.slice(0, 5000))) } : {}),
            });
            const text = await answer.text();
            const about = `${what} in ${method} ${target.slice(0, 200)}`;
            assert.ok(answer.status < 500, `${about}: ${answer.status} ${text.slice(0, 300)}`);
            assert.doesNotMatch(text, /node_modules|SQLITE|Failed query|root:x/, about);
            nothingBroke(about);
            asked += 1;
          }
        }
      }
    assert.ok(asked > 500, String(asked));
    assert.equal((await verifyAudit(desk.ctx)).ok, true);
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  });
});
