import { testConfig } from '@upheld/testkit/config.ts';
import { testContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { commandLine } from '../../test/command-line.ts';

const TEXTS = ['--text-nl', 'Vanaf {from}.', '--text-en', 'From {from}.'];
const LATE = ['--component', 'fysioone', '--from', '2026-11-23T09:00', '--to', '2026-11-23T10:00'];

eachDatabase(
  'upheld maintenance and template, planning ahead',
  (databases) => {
    const open = async () =>
      commandLine(testContext(await databases.open(), { config: testConfig() }));
    const idIn = (json: string): string => {
      const read = JSON.parse(json) as { id?: string; maintenance?: { id: string } };
      return read.maintenance?.id ?? read.id ?? '';
    };

    it('says what a window costs and which one suits all', async () => {
      const upheld = await open();
      const { out, status } = await upheld('maintenance', 'plan', ...LATE);
      assert.equal(status, 0);
      assert.match(out, /announced too late \(late-notice\)/);
      assert.match(out, /counts: +1 h 0 min; /);
      assert.match(out, /The next window that suits all: 2026-11-23 /);
      const { status: wrong, err } = await upheld('maintenance', 'plan', ...LATE.slice(2));
      assert.equal(wrong, 2);
      assert.match(err, /--component/);
    });

    it('declares an emergency with a reason', async () => {
      const upheld = await open();
      const id = idIn((await upheld('maintenance', 'announce', ...LATE, ...TEXTS, '--json')).out);
      const args = ['emergency', id, '--to', '2026-11-21T15:00', ...TEXTS];
      const { out } = await upheld('maintenance', ...args, '--reason', 'A disk is failing.');
      assert.match(out, /Emergency maintenance \(.*\) is declared/);
      assert.match((await upheld('maintenance', 'show', id)).out, /status: +cancelled/);
    });

    it('plans what comes back and ends it', async () => {
      const upheld = await open();
      const rule = ['--rule', 'FREQ=WEEKLY;BYDAY=SU', '--start', '2026-11-29T02:00'];
      const rest = ['--minutes', '60', '--notice-hours', '120', ...TEXTS, '--json'];
      const series = (...args: string[]) => upheld('maintenance', 'series', ...args);
      const id = idIn((await series('create', '--component', 'fysioone', ...rule, ...rest)).out);
      assert.match((await series('list')).out, /FREQ=WEEKLY;BYDAY=SU +2026-11-29 02:00/);
      const skip = ['--at', '2026-12-06 02:00', '--reason', 'Everyone is away.'];
      assert.match(
        (await series('skip', id, ...skip)).out,
        /2026-12-06 02:00.*skipped by cli: Everyone is away\./,
      );
      assert.match((await series('skip', id, ...skip)).err, /it was skipped before/);
      assert.match((await series('end', id)).out, /ended: /);
      assert.equal((await series('end', id)).status, 1);
    });

    it('makes, changes and removes a template', async () => {
      const upheld = await open();
      const fields = ['--kind', 'maintenance', '--title-nl', 'S', '--title-en', 'D'];
      const body = ['--body-nl', 'b', '--body-en', 'b', '--json'];
      const made = await upheld('template', 'create', '--name', 'Disk', ...fields, ...body);
      const id = idIn(made.out);
      await upheld('template', 'change', id, '--name', 'Disks', ...fields, ...body);
      assert.match((await upheld('template', 'list')).out, /Disks/);
      assert.match((await upheld('template', 'remove', id)).out, /Disks \(.*\) is removed/);
      assert.equal((await upheld('template', 'show', id)).status, 1);
    });
  },
  'sqlite',
);
