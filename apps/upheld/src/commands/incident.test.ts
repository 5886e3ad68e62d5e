import type { NotificationPreview } from '@upheld/services/outbox/preview.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, it } from 'node:test';
import { commandLine, type Run } from '../../test/command-line.ts';

const TEXTS = ['--text-nl', 'We zoeken het uit.', '--text-en', 'We look into it.'];
const TITLES = ['--title-nl', 'Inloggen lukt niet', '--title-en', 'Signing in fails'];

interface Incident {
  id: string;
  status: string;
  cause: string | null;
  startedAt: string;
  impact: string;
}

eachDatabase(
  'upheld incident',
  (databases) => {
    let ctx: TestContext;
    let upheld: (...args: string[]) => Promise<Run>;
    beforeEach(async () => {
      ctx = testContext(await databases.open());
      upheld = commandLine(ctx);
    });
    const openOne = async (...more: string[]): Promise<Incident> => {
      const run = await upheld(
        'incident',
        'open',
        '--component',
        'fysioone',
        ...TITLES,
        ...TEXTS,
        ...more,
        '--json',
      );
      assert.equal(run.status, 0, run.err);
      return JSON.parse(run.out) as Incident;
    };

    it('open says what is going on, from the time at which it began', async () => {
      const incident = await openOne('--started-at', '2026-11-21T09:40', '--severity', 'a');
      assert.equal(incident.startedAt, '2026-11-21T08:40:00.000Z');
      assert.equal(incident.impact, 'critical');
      const list = (await upheld('incident', 'list', '--unresolved')).out;
      assert.match(list, /^ID +STATUS +IMPACT +STARTED +COMPONENTS +TITLE\n/);
      assert.match(
        list,
        /investigating +critical +2026-11-21 09:40 \+01:00 +fysioone +Signing in fails/,
      );
    });

    it('shows what would be sent before it is said, and says nothing', async () => {
      const { id } = await openOne();
      const open = ['incident', 'open', '--component', 'fysioone', ...TITLES, ...TEXTS];
      const opening = await upheld(...open, '--preview');
      assert.match(opening.out, /^This would go to 0 by mail and 0 by text message\./);
      assert.match(opening.out, /Signing in fails/);
      const update = ['incident', 'update', id, '--status', 'resolved', ...TEXTS, '--preview'];
      const run = await upheld(...update, '--json');
      assert.equal(run.status, 0, run.err);
      const { messages } = JSON.parse(run.out) as NotificationPreview;
      assert.match(messages.nl.mail.text, /We zoeken het uit\./);
      const list = JSON.parse((await upheld('incident', 'list', '--json')).out) as {
        incidents: Incident[];
      };
      assert.deepEqual(
        list.incidents.map((one) => [one.id, one.status]),
        [[id, 'investigating']],
      );
    });

    it('update goes on with it until it is resolved', async () => {
      const { id } = await openOne();
      const run = await upheld('incident', 'update', id, '--status', 'resolved', ...TEXTS);
      assert.equal(run.out, `Signing in fails (${id}) is now resolved.\n`);
      assert.match((await upheld('incident', 'list', '--unresolved')).out, /no such incident/);
      const shown = (await upheld('incident', 'show', id)).out;
      assert.match(shown, /resolved: +2026-11-21 10:00 \+01:00/);
      assert.match(shown, /nl: We zoeken het uit\./);
    });

    it('severity and cause are said with a reason, in the name of the command', async () => {
      const { id } = await openOne('--severity', 'a');
      const severity = await upheld('incident', 'severity', id, 'b', '--reason', 'A workaround.');
      assert.match(severity.out, /has severity b/);
      const cause = await upheld(
        'incident',
        'cause',
        id,
        'force-majeure',
        '--reason',
        'Power cut.',
        '--evidence',
        'The news.',
        '--json',
      );
      assert.equal((JSON.parse(cause.out) as Incident).cause, 'force-majeure');
      const changes = await ctx.db.read.q.select().from(ctx.db.read.t.incidentChanges);
      assert.ok(changes.length >= 3);
      assert.ok(changes.every(({ recordedBy }) => recordedBy === 'cli'));
      const mute = await upheld('incident', 'cause', id, 'internal');
      assert.deepEqual([mute.status, /--reason/.test(mute.err)], [2, true]);
    });

    it('says what an agreement asks because of a severity that was put right', async () => {
      const { id } = await openOne('--severity', 'a');
      const args = ['severity', id, 'b', '--reason', 'Only one user.', '--correction'];
      const { out } = await upheld('incident', ...args);
      assert.match(out, /\(5\.1\) asks: Tell the practice – the practice\./);
    });

    it('acknowledges, splits, merges and closes with a postmortem', async () => {
      const agreements = [{ agreement: 'flexkids' }];
      const [group] = testConfig().groups;
      const known = group?.components.map(({ id, name }) => ({ id, name: name.en })) ?? [];
      const components = [...known, { id: 'flexkids', name: 'F', agreements }];
      ctx.configure(testConfig({ groups: [{ id: 'all', name: 'All', components }] }));
      const both = ['--component', 'flexkids'];
      const { id } = await openOne(...both);
      assert.match((await upheld('incident', 'ack', id)).out, /is taken up/);
      const titles = ['--title-nl', 'Iets anders', '--title-en', 'Something else'];
      const split = ['split', id, ...both, ...titles, ...TEXTS, '--reason', 'x', '--json'];
      const other = JSON.parse((await upheld('incident', ...split)).out) as Incident;
      const merged = await upheld('incident', 'merge', other.id, id, '--reason', 'after all');
      assert.equal(merged.out, `${other.id} is part of Signing in fails (${id}).\n`);
      await upheld('incident', 'update', id, '--status', 'resolved', ...TEXTS);
      const folder = await mkdtemp(join(tmpdir(), 'upheld-'));
      const file = join(folder, 'nl.md');
      await writeFile(file, '# Oorzaak\n');
      const files = ['--file-nl', file, '--file-en', file];
      const draft = await upheld('incident', 'postmortem', id, ...files);
      assert.match(draft.out, /customers do not see it/);
      const published = await upheld('incident', 'postmortem', id, ...files, '--publish');
      assert.match(published.out, /is published/);
      const record = (await upheld('incident', 'record', id)).out;
      assert.match(record, /taken up by: cli/);
      assert.match(record, /postmortem .*cli/);
      await rm(folder, { recursive: true });
    });

    it('refuses words that are not known, and names those that are', async () => {
      const { id } = await openOne();
      const status = await upheld('incident', 'update', id, '--status', 'fixed', ...TEXTS);
      assert.deepEqual([status.status, /identified, monitoring/.test(status.err)], [2, true]);
      const cause = await upheld('incident', 'cause', id, 'bad-luck', '--reason', 'x');
      assert.deepEqual([cause.status, /force-majeure/.test(cause.err)], [2, true]);
      const level = await upheld('incident', 'severity', id, 'huge', '--reason', 'x');
      assert.equal(level.status, 2, level.err);
      const rows = await upheld('incident', 'list', '--limit', '0');
      assert.deepEqual([rows.status, /from 1 to 500/.test(rows.err)], [2, true]);
    });

    it('says with status 1 that there is no such incident', async () => {
      const shown = await upheld('incident', 'show', 'x');
      assert.deepEqual([shown.status, shown.err], [1, 'upheld: there is no incident "x"\n']);
    });

    it('shows examples in the help of every command', async () => {
      const verbs = ['open', 'update', 'severity', 'cause', 'list', 'show'];
      for (const verb of [...verbs, 'acknowledge', 'merge', 'split', 'postmortem', 'record'])
        assert.match(
          (await upheld('incident', verb, '--help')).out,
          new RegExp(`Examples:\\n +\\$ upheld incident ${verb}`),
        );
    });
  },
  'sqlite',
);
