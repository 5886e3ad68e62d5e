import { sql } from '@upheld/db/query.ts';
import { recordAudit } from '@upheld/services/audit/record.ts';
import { createToken, revokeToken } from '@upheld/services/token/tokens.ts';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { THINGS } from '../../apps/site/src/view/console/audit.ts';
import { CONSOLE_NOW, serveConsole, type ConsoleServer } from '../support/console-server.ts';

const OLGA = {
  name: 'Olga van Dam',
  id: 'person-owner',
  via: 'console',
  address: '203.0.113.7',
  provenAt: CONSOLE_NOW,
} as const;
const DAY = 86_400_000;

describe('the audit log of the console', () => {
  let server: ConsoleServer;
  let tokenId = '';
  before(async () => {
    server = await serveConsole({ role: 'manager' });
    const { ctx } = server;
    ({ id: tokenId } = await createToken(ctx, OLGA, { name: 'build server', scopes: ['read'] }));
    await ctx.clock.advance(DAY);
    await revokeToken(ctx, { ...OLGA, address: '198.51.100.9' }, { id: tokenId });
    await ctx.db.transact((h) =>
      recordAudit(h, ctx, { ...OLGA, name: '=1+1' }, { action: 'ticket.close', subject: 't-1' }),
    );
  });
  after(() => server.stop());

  const rowsOf = async (query: string): Promise<string[]> => {
    const html = await (await server.get(`/console/audit?${query}`)).text();
    return [...html.matchAll(/data-label="No\.">\s*(\d+)/g)].map(([, seq = '']) => seq);
  };

  test('says who changed one thing, from where and when, a filter at a time or all at once', async () => {
    assert.deepEqual(await rowsOf(''), ['3', '2', '1']);
    assert.deepEqual(await rowsOf(`subject=${tokenId}`), ['2', '1']);
    assert.deepEqual(await rowsOf('action=token.revoke'), ['2']);
    assert.deepEqual(await rowsOf('action=ticket'), ['3']);
    assert.deepEqual(await rowsOf('address=198.51.100.9'), ['2']);
    assert.deepEqual(await rowsOf('to=2026-11-19'), ['1']);
    assert.deepEqual(await rowsOf('from=2026-11-20&action=token'), ['2']);
    assert.deepEqual(await rowsOf('from=2026-11-20&action=token&address=203.0.113.7'), []);
    // What is no date or action asks for nothing.
    assert.deepEqual(await rowsOf('from=soon&to=2026-02-31&action=%25'), ['3', '2', '1']);
    const html = await (await server.get(`/console/audit?subject=${tokenId}`)).text();
    assert.match(html, /build server/);
  });

  test('can be asked for every kind of thing that is recorded', () => {
    const root = join(import.meta.dirname, '../../packages/services/src');
    const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.ts') && !/\.(test|case)\.ts$/.test(name),
    );
    const recorded = sources.flatMap((name) =>
      [
        ...readFileSync(join(root, name), 'utf8').matchAll(/\baction: .*?['`]([a-z]+)\.[a-z$]/g),
      ].map(([, thing]) => thing),
    );
    assert.deepEqual([...new Set(recorded)].sort(), [...THINGS]);
  });

  test('is taken along as a table with the same filter, in which nothing is a formula', async () => {
    const csv = await server.get('/console/audit.csv?from=2026-11-20');
    assert.equal(csv.headers.get('content-type'), 'text/csv; charset=utf-8; header=present');
    assert.match(csv.headers.get('content-disposition') ?? '', /attachment/);
    assert.equal(csv.headers.get('cache-control'), 'no-store');
    const lines = (await csv.text()).trimEnd().split('\r\n');
    assert.equal(lines.length, 3);
    assert.match(lines[1] ?? '', /^3,[^,]+,'=1\+1,console,203\.0\.113\.7,ticket\.close,t-1,/);
  });

  test('opens to nobody without that right, as a page or a table', async () => {
    for (const path of ['/console/audit', '/console/audit.csv']) {
      assert.equal((await server.get(path, 'engineer')).status, 403, path);
      assert.equal((await server.get(path, null)).status, 303, path);
    }
    assert.equal((await server.post('/console/audit', { do: 'verify' }, 'viewer')).status, 403);
  });

  test('is verified at the press of a button, which shows the head to note', async () => {
    const html = await (await server.post('/console/audit', { do: 'verify' })).text();
    assert.match(html, /The log is as it was written/);
    const head = /id="audit-head"[^>]*>\s*(3:[0-9a-f]{64})/.exec(html)?.[1];
    assert.ok(head);
    const again = await server.post('/console/audit', { do: 'verify', head });
    assert.match(await again.text(), /3 entries follow/);
    const other = await server.post('/console/audit', {
      do: 'verify',
      head: `3:${'b'.repeat(64)}`,
    });
    assert.match(await other.text(), /Somebody changed the log[^]*all of it was written anew/);
    assert.equal((await server.post('/console/audit', { do: 'verify', head: 'soon' })).status, 422);
    await server.ctx.db.transact(({ q }) => {
      const raw = q as unknown as { run(statement: unknown): unknown };
      raw.run(sql.raw('drop trigger audit_log_no_update'));
      raw.run(sql.raw("update audit_log set actor = 'Bob' where seq = 2"));
      return Promise.resolve();
    });
    const changed = await server.post('/console/audit', { do: 'verify' });
    assert.match(await changed.text(), /entry 2 is not what was written/);
  });
});
