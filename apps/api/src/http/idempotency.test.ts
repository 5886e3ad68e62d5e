import { count } from '@upheld/db/query.ts';
import { createToken } from '@upheld/services/token/tokens.ts';
import { forgetAnswers, KEPT_MS } from '@upheld/services/idempotency/answers.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { before, beforeEach, it } from 'node:test';
import { harness, problemIn, type Answer, type Harness } from '../../test/harness.ts';

const incident = (en: string) => ({
  title: { nl: en, en },
  componentIds: ['fysioone'],
  body: { nl: 'We kijken.', en: 'We look.' },
});

eachDatabase('a POST with an Idempotency-Key', (databases) => {
  let h: Harness;
  let key: string;
  let tests = 0;
  before(async () => {
    h = await harness(await databases.open());
  });
  beforeEach(() => {
    tests += 1;
    key = `key-${tests}`;
  });
  const post = (path: string, body: unknown, asking: { token?: string; key?: string } = {}) =>
    h.ask('POST', path, {
      body,
      token: asking.token ?? h.token,
      headers: { 'idempotency-key': asking.key ?? key },
    });
  const open = (en: string, asking?: { token?: string; key?: string }) =>
    post('/api/v1/incidents', incident(en), asking);
  const incidents = async () => {
    const { q, t } = h.ctx.db.read;
    return (await q.select({ n: count() }).from(t.incidents))[0]?.n;
  };
  const replayed = (answer: Answer) => answer.headers.get('idempotency-replayed');

  it('is done once, and answered alike: status, body, Location and ETag', async () => {
    const known = (await incidents()) ?? 0;
    const first = await open('Slow');
    const second = await open('Slow');
    assert.equal(first.status, 201);
    assert.equal(replayed(first), null);
    assert.equal(replayed(second), 'true');
    assert.deepEqual([second.status, second.text], [first.status, first.text]);
    for (const name of ['location', 'etag', 'content-type', 'cache-control'])
      assert.equal(second.headers.get(name), first.headers.get(name), name);
    assert.equal(await incidents(), known + 1);
  });

  it('is done once also when thirty arrive at the same time', async () => {
    const known = (await incidents()) ?? 0;
    const answers = await Promise.all(Array.from({ length: 30 }, () => open('Storm')));
    const statuses = new Set(answers.map(({ status }) => status));
    assert.ok([...statuses].every((status) => [201, 409].includes(status)));
    assert.equal(answers.filter((one) => one.status === 201 && !replayed(one)).length, 1);
    assert.equal(await incidents(), known + 1);
  });

  it('refuses the key for anything else: another body, path or If-Match', async () => {
    const { id } = (await open('Slow')).json as { id: string };
    const update = { status: 'monitoring', body: incident('').body };
    const others = [
      await open('Another'),
      await post(`/api/v1/incidents/${id}/updates`, update),
      await h.ask('POST', '/api/v1/incidents', {
        body: incident('Slow'),
        token: h.token,
        headers: { 'idempotency-key': key, 'if-match': '*' },
      }),
    ];
    for (const other of others) {
      const { status, type } = problemIn(other);
      assert.deepEqual([status, new URL(type).hash], [422, '#key-reused']);
    }
  });

  it('has keys of its own for each token', async () => {
    const { token } = await createToken(
      h.ctx,
      { name: 'cli' },
      { name: `other ${tests}`, scopes: ['incidents'] },
    );
    const mine = await open('Slow');
    const theirs = await open('Fast', { token });
    assert.equal(theirs.status, 201);
    assert.notEqual(theirs.text, mine.text);
  });

  it('keeps what is wrong with an input, but not a refusal of the moment', async () => {
    const wrong = await open('');
    assert.equal(wrong.status, 422);
    assert.equal(replayed(await open('')), 'true');
    const { id } = (await open('Slow', { key: `${key}-open` })).json as { id: string };
    const update = { status: 'monitoring', body: incident('').body };
    const say = (tag: string) =>
      h.ask('POST', `/api/v1/incidents/${id}/updates`, {
        body: update,
        token: h.token,
        headers: { 'idempotency-key': `${key}-say`, 'if-match': tag },
      });
    assert.equal((await say('"9-a"')).status, 412);
    assert.equal((await say('"1-a"')).status, 201);
  });

  it('is answered anew after a day', async () => {
    const first = await open('Slow');
    await h.ctx.clock.advance(KEPT_MS);
    assert.equal((await open('Slow')).text, first.text);
    await h.ctx.clock.advance(1);
    assert.notEqual((await open('Slow')).text, first.text);
    await h.ctx.clock.advance(KEPT_MS + 1);
    assert.ok((await forgetAnswers(h.ctx)) > 0);
    assert.equal(await forgetAnswers(h.ctx), 0);
  });

  it('says so when nobody knows what came of the first', async () => {
    const first = await open('Slow');
    await h.ctx.db.transact(({ q, t }) =>
      q.update(t.idempotency).set({ status: null, body: null }).returning(),
    );
    const soon = problemIn(await open('Slow'));
    assert.deepEqual([soon.status, /still being answered/.test(soon.detail)], [409, true]);
    await h.ctx.clock.advance(60_001);
    assert.match(problemIn(await open('Slow')).detail, /not known; look before/);
    assert.equal(first.status, 201);
  });

  it('gives no secret twice, and keeps none', async () => {
    const made = await post('/api/v1/tokens', { name: `robot ${tests}`, scopes: ['read'] });
    const { token } = made.json as { token: string };
    assert.equal(made.status, 201);
    const again = problemIn(
      await post('/api/v1/tokens', { name: `robot ${tests}`, scopes: ['read'] }),
    );
    assert.deepEqual([again.status, /shown only once/.test(again.detail)], [409, true]);
    const rows = await h.ctx.db.read.q.select().from(h.ctx.db.read.t.idempotency);
    assert.ok(!JSON.stringify(rows).includes(token.slice(7)));
  });

  it('with a key that is none is refused', async () => {
    for (const odd of ['x'.repeat(256), 'with space', 'é'])
      assert.equal((await open('Slow', { key: odd })).status, 400, odd);
  });
});
