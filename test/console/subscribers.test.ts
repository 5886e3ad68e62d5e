import { addSubscriber, listSubscribers } from '@upheld/services/subscriber/subscribers.ts';
import { listAudit } from '@upheld/services/audit/list.ts';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { serveConsole, type ConsoleServer } from '../support/console-server.ts';

const PATH = '/console/subscribers';
const MAIL = { channel: 'email', language: 'en' } as const;

describe('the subscribers in the console', () => {
  let served: ConsoleServer;
  before(async () => {
    served = await serveConsole({ role: 'manager' });
  });
  after(() => served.stop());

  const post = (fields: Readonly<Record<string, string | readonly string[]>>): Promise<Response> =>
    served.post(PATH, fields);
  const said = (answer: Response): string =>
    `${answer.status} ${answer.headers.get('location') ?? ''}`;
  const theFirst = async (): Promise<Awaited<ReturnType<typeof listSubscribers>>[number]> => {
    const [one] = await listSubscribers(served.ctx);
    assert.ok(one);
    return one;
  };

  test('are added, reminded otherwise and removed as the API and the command do it', async () => {
    assert.match(await (await served.get(PATH)).text(), /Nobody has subscribed/);
    const added = await post({
      do: 'add',
      ...MAIL,
      address: 'jan@example.com',
      componentIds: ['fysioone'],
      reminders: ['start', '24h'],
    });
    assert.equal(said(added), `303 ${PATH}?said=added`);
    const jan = await theFirst();
    assert.deepEqual(
      [jan.address, jan.language, jan.componentIds, jan.reminders, jan.confirmedAt],
      ['jan@example.com', 'en', ['fysioone'], ['24h', 'start'], null],
    );
    const html = await (await served.get(`${PATH}?said=added`)).text();
    for (const word of ['jan@example.com', 'a day before, when it begins', 'Not confirmed'])
      assert.ok(html.includes(word), word);

    for (const [fields, reminders] of [
      [{ reminders: ['end'] }, ['end']],
      [{}, []],
      [{ usual: 'yes' }, ['24h']],
    ] as const) {
      assert.equal(
        said(await post({ do: 'reminders', id: jan.id, ...fields })),
        `303 ${PATH}?said=reminders`,
      );
      assert.deepEqual((await theFirst()).reminders, reminders);
    }

    assert.equal(said(await post({ do: 'remove', id: jan.id })), `303 ${PATH}?said=removed`);
    assert.deepEqual(await listSubscribers(served.ctx), []);
    const rows = await listAudit(served.ctx, { limit: 10 });
    assert.deepEqual(
      rows.map(({ action, actor }) => [action, actor]),
      ['remove', 'reminders', 'reminders', 'reminders', 'add'].map((verb) => [
        `subscriber.${verb}`,
        served.person.name,
      ]),
    );
  });

  test('keep what was typed where an address is none, and say so in one line', async () => {
    const refused = await post({
      do: 'add',
      ...MAIL,
      address: '"><img src=x>',
      reminders: ['end'],
    });
    const html = await refused.text();
    assert.equal(refused.status, 422);
    assert.match(html, /is no address; write one such as jan@example\.com or \+31612345678/);
    assert.ok(html.includes('&lt;img src=x') && !html.includes('"><img src=x'));
    assert.match(html, /value="end" checked/);
    const gone = await post({ do: 'remove', id: 'nobody' });
    assert.equal(gone.status, 404);
    assert.match(await gone.text(), /Nobody subscribed as &quot;nobody&quot;/);
  });

  test('are shown fifty at a time', async () => {
    for (let i = 1; i <= 51; i++)
      await addSubscriber(served.ctx, { name: 'jan' }, { ...MAIL, address: `p${i}@example.com` });
    const first = await (await served.get(PATH)).text();
    const older = /href="(\?after=[^"]+)"/.exec(first)?.[1] ?? '';
    assert.ok(first.includes('p51@') && !first.includes('p1@'));
    assert.ok((await (await served.get(PATH + older)).text()).includes('p1@'));
    for (const made of ['x', '1_', '99999999999999999_x', "1_'%00"])
      assert.ok([200, 400].includes((await served.get(`${PATH}?after=${made}`)).status), made);
  });

  test('are for who may see them', async () => {
    for (const role of ['viewer', 'engineer'] as const) {
      assert.equal((await served.get(PATH, role)).status, 403);
      assert.equal((await served.post(PATH, { do: 'remove', id: 'x' }, role)).status, 403);
    }
    assert.equal((await served.get(PATH, null)).status, 303);
  });
});
