import { PERMISSIONS } from '@upheld/domain/access/permissions.ts';
import { createToken } from '@upheld/services/token/tokens.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { harness, type Harness } from '../../test/harness.ts';

const DAY = 86_400_000;

eachDatabase('tokens and the audit log over the API', (databases) => {
  let h: Harness;
  before(async () => {
    h = await harness(await databases.open());
  });
  const make = async (name: string, more: object = {}) =>
    (await h.as('POST', '/api/v1/tokens', { name, scopes: ['read'], ...more })).json as {
      id: string;
      token: string;
      scopes: string[];
      expiresAt: string | null;
      warning: string | null;
    };

  it('a token is made with scopes and an end, works at once, and is never shown again', async () => {
    const expiresAt = new Date(h.ctx.clock.now() + 60_000).toISOString();
    const made = await make('robot', { scopes: ['audit'], expiresAt });
    assert.deepEqual([made.scopes, made.expiresAt], [['audit'], expiresAt]);
    const audit = () => h.ask('GET', '/api/v1/audit', { token: made.token });
    assert.equal((await audit()).status, 200);
    assert.ok(!(await h.as('GET', '/api/v1/tokens')).text.includes(made.token.slice(7)));
    await h.ctx.clock.advance(60_000);
    assert.equal((await audit()).status, 401);
  });

  it('lasts ninety days unless its maker says otherwise, at most a year, and never ends with a warning', async () => {
    const { ctx } = h;
    const now = Math.floor(ctx.clock.now() / 1000) * 1000;
    const usual = await make('usual');
    assert.deepEqual(
      [usual.expiresAt, usual.warning],
      [new Date(now + 90 * DAY).toISOString(), null],
    );
    const endless = await make('endless', { expiresAt: null });
    assert.equal(endless.expiresAt, null);
    assert.match(endless.warning ?? '', /no end/);
    const wish = (days: number) => ({
      ...{ name: 'other', scopes: ['read'] },
      expiresAt: new Date(now + days * DAY).toISOString(),
    });
    for (const days of [367, 4000, -1])
      assert.equal((await h.as('POST', '/api/v1/tokens', wish(days))).status, 422, `${days}`);
    assert.equal((await h.as('POST', '/api/v1/tokens', wish(366))).status, 201);
  });

  it('is ended by its id, once', async () => {
    const { id, token } = await make('short-lived', { scopes: ['audit'] });
    const ended = await h.as('DELETE', `/api/v1/tokens/${id}`);
    assert.notEqual((ended.json as { revokedAt: string | null }).revokedAt, null);
    assert.equal((await h.ask('GET', '/api/v1/audit', { token })).status, 401);
    assert.equal((await h.as('DELETE', `/api/v1/tokens/${id}`)).status, 404);
  });

  it('nobody gives a token more than they have', async () => {
    const cli = { name: 'cli' };
    const { token } = await createToken(h.ctx, cli, { name: 'clerk', scopes: ['accounts'] });
    for (const scope of PERMISSIONS) {
      const body = { name: `for ${scope}`, scopes: [scope] };
      const answer = await h.ask('POST', '/api/v1/tokens', { token, body });
      assert.equal(answer.status, scope === 'accounts' ? 201 : 403, scope);
    }
    // There is no scope that one gets without naming it.
    const plain = await h.ask('POST', '/api/v1/tokens', { token, body: { name: 'plain' } });
    assert.equal(plain.status, 422);
  });

  it('both are listed a page at a time, with what was done by whom and from where', async () => {
    for (let n = 0; n < 4; n += 1) await make(`robot ${n}`);
    const lists = [
      ['/api/v1/tokens', 'tokens', 'id'],
      ['/api/v1/audit', 'entries', 'seq'],
    ] as const;
    for (const [path, name, id] of lists) {
      const all: unknown[] = [];
      let next: string | null = '';
      while (next !== null) {
        const cursor: string = next === '' ? '' : `&cursor=${next}`;
        const { json } = await h.as('GET', `${path}?limit=3${cursor}`);
        const page = json as { next: string | null; [list: string]: unknown };
        all.push(...(page[name] as Record<string, unknown>[]).map((one) => one[id]));
        next = page.next;
      }
      const whole = (await h.as('GET', `${path}?limit=200`)).json as Record<string, object[]>;
      assert.deepEqual(
        all,
        whole[name]?.map((one) => (one as Record<string, unknown>)[id]),
      );
      assert.ok(all.length > 3);
    }
    const { id } = await make('the last');
    const { json } = await h.as('GET', `/api/v1/audit?subject=${id}`);
    const [entry] = (json as { entries: Record<string, unknown>[] }).entries;
    assert.deepEqual(
      [entry?.['actor'], entry?.['via'], entry?.['address'], entry?.['action']],
      ['tests', 'api', '192.0.2.1', 'token.create'],
    );
  });

  it('the log is filtered, taken along as a table, and verified up to a head', async () => {
    const { id } = await make('filtered', { scopes: ['audit'] });
    const query = 'action=token.create&actor=tests&from=2020-01-01T00:00:00Z';
    const list = await h.as('GET', `/api/v1/audit?${query}&subject=${id}`);
    assert.deepEqual(
      (list.json as { entries: { action: string; subject: string }[] }).entries.map((one) => [
        one.action,
        one.subject,
      ]),
      [['token.create', id]],
    );
    const none = await h.as('GET', `/api/v1/audit?${query}&to=2020-01-02T00:00:00Z`);
    assert.deepEqual((none.json as { entries: object[] }).entries, []);
    assert.equal((await h.as('GET', '/api/v1/audit?action=%25')).status, 400);
    const csv = await h.as('GET', `/api/v1/audit.csv?subject=${id}`);
    assert.match(csv.text, /^number,at,actor[^]*token\.create/);
    const verified = (await h.as('GET', '/api/v1/audit/verification')).json as {
      ok: boolean;
      rows: number;
      head: string;
    };
    assert.equal(verified.ok, true);
    assert.match(verified.head, new RegExp(`^${verified.rows}:[0-9a-f]{64}$`));
    const other = `${verified.rows}:${'b'.repeat(64)}`;
    const betrayed = await h.as('GET', `/api/v1/audit/verification?head=${other}`);
    assert.match((betrayed.json as { fault: string }).fault, /all of it was written anew/);
  });
});
