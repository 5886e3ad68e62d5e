import { hashOf, verifyDocument } from '@upheld/services/period/document.ts';
import { bumpRevision } from '@upheld/services/revision.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { recorder, type Recorder } from '@upheld/testkit/recorded.ts';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CONSOLE_NOW, serveConsole, type ConsoleServer } from '../support/console-server.ts';

const HOUR = 3_600_000;
const SCRIPT = `"><script>alert(1)</script>'&`;
const config = testConfig({
  groups: [
    {
      id: 'products',
      name: 'Products',
      components: [
        {
          id: 'fysioone',
          name: { nl: 'FysioOne', en: 'FysioOne' },
          agreements: [{ agreement: 'spotonmedics', component: 'fysioone' }],
          monitors: [{ id: 'fysioone-web', kind: 'http', url: 'http://one.example.test/' }],
        },
      ],
    },
  ],
});
const LIST = '/console/periods';
const PERIOD = `${LIST}/period?component=fysioone&agreement=spotonmedics&period=2026-10`;

/** Every page over HTTP, as a browser without scripts has it. */
describe('a manager who closes a period without scripts', () => {
  let server: ConsoleServer;
  let record: Recorder;
  const outage = async (from: string): Promise<void> => {
    await record.outage({
      ...{ component: 'fysioone', severity: { spotonmedics: 'a' } },
      ...{ from: Date.parse(from), to: Date.parse(from) + HOUR },
    });
    await server.ctx.db.transact(bumpRevision);
  };
  before(async () => {
    server = await serveConsole({ role: 'manager', config });
    record = recorder(server.ctx.db);
    await record.measured('fysioone', CONSOLE_NOW - 100 * 24 * HOUR);
    await record.beat(CONSOLE_NOW);
    await outage('2026-10-09T10:00:00Z');
  });
  after(() => server.stop());
  const read = async (path: string, status = 200): Promise<string> => {
    const response = await server.get(path);
    assert.equal(response.status, status, path);
    return response.text();
  };
  const posted = async (fields: Record<string, string>, status: number) => {
    const response = await server.post(PERIOD, fields);
    const text = await response.text();
    assert.equal(response.status, status, text);
    return { text, to: response.headers.get('location') ?? '' };
  };
  const hidden = (text: string, name: string): string =>
    new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? '';

  test('sees what is over, what it says, and closes exactly that', async () => {
    const list = await read(LIST);
    assert.match(list, /October 2026/);
    assert.match(list, /Nobody has closed a period yet/);
    const page = await read(PERIOD);
    assert.match(page, /What you sign/);
    assert.match(page, /99\.86\d+/);
    const fingerprint = hidden(page, 'fingerprint');
    await outage('2026-10-10T10:00:00Z');
    const stale = await posted({ do: 'close', fingerprint }, 409);
    assert.match(stale.text, /recorded of the period changed since you looked/);
    assert.match(stale.text, /<title>Error: /);
    const { to } = await posted(
      { do: 'close', fingerprint: hidden(stale.text, 'fingerprint') },
      303,
    );
    const closed = await read(to);
    assert.match(closed, /The period is closed/);
    assert.match(closed, /Mirjam Bakker/);
    assert.doesNotMatch(closed, /Close the period…/);
    assert.match((await posted({ do: 'close', fingerprint: '' }, 422)).text, /Fingerprint/);
    assert.match((await posted({ do: 'close', fingerprint }, 409)).text, /is closed already/);
  });

  test('keeps the figure when something is recorded later, and revises it with a reason', async () => {
    const worksheet = '/components/fysioone/availability?lang=en&period=2026-10';
    assert.match(await read(worksheet), /This period was closed on .*: this figure is final/);
    assert.match(await read(worksheet.replace('=en', '=nl')), /Deze periode is afgesloten op/);
    await outage('2026-10-20T10:00:00Z');
    assert.match(await read(worksheet), /Since then something was recorded/);
    assert.match(await read(LIST), /Changed since closing/);
    const page = await read(PERIOD);
    assert.match(page, /It differs from revision 1/);
    const shown = { fingerprint: hidden(page, 'fingerprint'), revision: hidden(page, 'revision') };
    const mute = await posted({ do: 'revise', ...shown, reason: ' ' }, 422);
    assert.match(mute.text, /Reason: is empty/);
    const reason = `A customer told us. ${SCRIPT}`;
    const { to } = await posted({ do: 'revise', ...shown, reason }, 303);
    const revised = await read(to);
    assert.match(revised, /The period has a new revision/);
    assert.match(revised, /It is what revision 2 says/);
    const shownThere = await read(worksheet);
    assert.match(shownThere, /this is revision 2, of/);
    for (const text of [revised, shownThere]) {
      assert.match(text, /A customer told us\./);
      assert.ok(!text.includes('<script>alert(1)'));
    }
    assert.ok(!shownThere.includes('Mirjam'));
  });

  test('gives both documents away, to managers and to everyone', async () => {
    const own = await read(`${PERIOD}&document=1`);
    const open = await read('/api/v1/components/fysioone/periods/spotonmedics/2026-10/revisions/1');
    assert.equal(own, open);
    assert.equal(verifyDocument(own).ok, true);
    assert.ok((await read(PERIOD)).includes(hashOf(own)));
    await read(`${PERIOD}&document=7`, 404);
  });

  test('is told why a period cannot be closed', async () => {
    const look = (period: string) =>
      read(`${LIST}/period?cover=fysioone+spotonmedics&period=${period}`, 422);
    assert.match(await look('2026-11'), /This period is not over/);
    assert.match(await look('2020-01'), /nothing was measured in it/);
    assert.match(await look(encodeURIComponent(SCRIPT)), /is none that can be closed/);
    await read(`${LIST}/period`, 422);
  });

  test('is a manager: an engineer may not', async () => {
    for (const path of [LIST, PERIOD, `${PERIOD}&document=1`])
      assert.equal((await server.get(path, 'engineer')).status, 403);
    assert.equal((await server.post(PERIOD, { do: 'close' }, 'engineer')).status, 403);
  });
});
