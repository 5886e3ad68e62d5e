import { PERMISSIONS } from '@upheld/domain/access/permissions.ts';
import { createToken } from '@upheld/services/token/tokens.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { harness, problemIn, type Harness } from '../../test/harness.ts';

eachDatabase('tokens and the audit log over the API', (databases) => {
  let h: Harness;
  before(async () => {
    h = await harness(await databases.open());
  });
  const make = async (name: string, more: object = {}) =>
    (await h.as('POST', '/api/v1/tokens', { name, ...more })).json as {
      id: string;
      token: string;
      scopes: string[];
      expiresAt: string | null;
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
    // The scopes that a token has without naming any are more than the clerk's, too.
    const plain = await h.ask('POST', '/api/v1/tokens', { token, body: { name: 'plain' } });
    assert.match(problemIn(plain).detail, /read, incidents, maintenance, subscribers/);
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
});
