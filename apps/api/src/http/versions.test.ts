import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { harness, problemIn, type Harness } from '../../test/harness.ts';

const text = { nl: 'We kijken.', en: 'We look.' };

eachDatabase('what has a version', (databases) => {
  let h: Harness;
  before(async () => {
    h = await harness(await databases.open());
  });
  const opened = async (): Promise<{ path: string; etag: string }> => {
    const answer = await h.as('POST', '/api/v1/incidents', {
      title: text,
      componentIds: ['fysioone'],
      body: text,
    });
    return {
      path: `/api/v1/incidents/${(answer.json as { id: string }).id}`,
      etag: answer.headers.get('etag') ?? '',
    };
  };
  const say = (path: string, status: string, etag?: string) =>
    h.ask('POST', `${path}/updates`, {
      token: h.token,
      body: { status, body: text },
      headers: etag === undefined ? {} : { 'if-match': etag },
    });

  it('has the same ETag when it is made, changed and read', async () => {
    const { path, etag } = await opened();
    assert.match(etag, /^"1-/);
    assert.equal((await h.ask('GET', path)).headers.get('etag'), etag);
    const changed = (await say(path, 'identified', etag)).headers.get('etag') ?? '';
    assert.match(changed, /^"2-/);
    assert.equal((await h.ask('GET', path)).headers.get('etag'), changed);
    const unchanged = await h.ask('GET', path, { headers: { 'if-none-match': changed } });
    assert.equal(unchanged.status, 304);
  });

  it('is changed by one of two who read the same, and the other one hears of it', async () => {
    const { path, etag } = await opened();
    const answers = await Promise.all(
      ['identified', 'monitoring', 'identified', 'monitoring'].map((as) => say(path, as, etag)),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 412, 412, 412]);
    const { detail, type } = problemIn(answers.find(({ status }) => status === 412)!);
    assert.equal(new URL(type).hash, '#changed-meanwhile');
    assert.match(detail, /you read version 1, it now has 2/);
    const now = await h.ask('GET', path);
    assert.equal((now.json as { updates: unknown[] }).updates.length, 2);
    assert.equal((await say(path, 'resolved', now.headers.get('etag') ?? '')).status, 201);
  });

  it('can be changed without a word of what was read, with * and with a weak tag', async () => {
    const { path, etag } = await opened();
    assert.equal((await say(path, 'identified', `W/${etag}`)).status, 201);
    assert.equal((await say(path, 'identified', '*')).status, 201);
    assert.equal((await say(path, 'identified')).status, 201);
  });

  it('refuses an If-Match that is no ETag of ours', async () => {
    const { path } = await opened();
    for (const odd of ['1', '"abc"', '"1-a", "2-b"', `"${'9'.repeat(20)}-a"`])
      assert.equal((await say(path, 'identified', odd)).status, 422, odd);
  });

  it('is every maintenance too, whose ETag also changes when its hour comes', async () => {
    const from = h.ctx.clock.now() + 3_600_000;
    const iso = (at: number) => new Date(at).toISOString();
    const announced = await h.as('POST', '/api/v1/maintenances', {
      componentIds: ['fysioone'],
      from: iso(from),
      to: iso(from + 3_600_000),
      text,
    });
    const { maintenance } = announced.json as { maintenance: { id: string } };
    const path = `/api/v1/maintenances/${maintenance.id}`;
    const etag = announced.headers.get('etag') ?? '';
    assert.equal((await h.ask('GET', path)).headers.get('etag'), etag);
    await h.ctx.clock.advance(3_600_000);
    const begun = (await h.ask('GET', path)).headers.get('etag') ?? '';
    assert.notEqual(begun, etag);
    // Nobody changed it: what was read before its hour is still what is changed.
    const write = (verb: string, tag: string) =>
      h.ask('POST', `${path}/${verb}`, { token: h.token, headers: { 'if-match': tag } });
    assert.equal((await write('start', etag)).status, 200);
    assert.equal((await write('finish', etag)).status, 412);
  });

  it('is listed a page at a time, where nothing is skipped and nothing comes twice', async () => {
    for (let n = 0; n < 5; n += 1) await opened();
    const seen: string[] = [];
    let next: string | null = null;
    let pages = 0;
    do {
      const cursor: string = next === null ? '' : `&cursor=${next}`;
      const { json } = await h.ask('GET', `/api/v1/incidents?limit=2${cursor}`);
      const page = json as { incidents: { id: string }[]; next: string | null };
      seen.push(...page.incidents.map(({ id }) => id));
      next = page.next;
      pages += 1;
      // What is new does not move what is older.
      if (pages === 1) await h.ctx.clock.advance(1000).then(opened);
    } while (next !== null);
    const all = (await h.ask('GET', '/api/v1/incidents')).json as { incidents: { id: string }[] };
    assert.deepEqual(
      seen,
      all.incidents.slice(1).map(({ id }) => id),
    );
    for (const odd of ['x', 'WzFd', Buffer.from('["a","b"]').toString('base64url')])
      assert.equal((await h.ask('GET', `/api/v1/incidents?cursor=${odd}`)).status, 400);
  });
});
