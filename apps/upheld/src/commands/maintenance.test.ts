import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { commandLine, type Run } from '../../test/command-line.ts';

const product = (id: string, agreement: string, component: string) => ({
  id,
  name: id,
  agreements: [{ agreement, component }],
  monitors: [{ id: `${id}-web`, kind: 'http' as const, url: `http://${id}.example.test/` }],
});

/** The three rules of notice: 48 hours in service hours, five local days, twelve hours. */
const config = testConfig({
  groups: [
    {
      id: 'products',
      name: 'Products',
      components: [
        product('fysioone', 'spotonmedics', 'fysioone'),
        product('kinderopvang', 'flexkids', 'online'),
        product('saas', 'fundament-it', 'saas'),
      ],
    },
  ],
});

const TEXTS = ['--text-nl', 'We werken de database bij.', '--text-en', 'We upgrade the database.'];
const WINDOW = ['--from', '2026-11-24T10:00', '--to', '2026-11-24T11:00'];
const at = (text: string): number => Date.parse(text);

eachDatabase(
  'upheld maintenance',
  (databases) => {
    let ctx: TestContext;
    let upheld: (...args: string[]) => Promise<Run>;
    beforeEach(async () => {
      ctx = testContext(await databases.open(), { config });
      upheld = commandLine(ctx);
    });
    const announce = (component: string, ...more: string[]) =>
      upheld('maintenance', 'announce', '--component', component, ...TEXTS, ...more);
    const announcedId = async (...more: string[]): Promise<string> => {
      const { out } = await announce('fysioone', ...WINDOW, ...more, '--json');
      return (JSON.parse(out) as { maintenance: { id: string } }).maintenance.id;
    };

    describe('announce', () => {
      const limits = [
        ['fysioone', '48 hours before service hours', '2026-11-22T10:00:00+01:00'],
        ['kinderopvang', 'five local days', '2026-11-19T10:00:00+01:00'],
        ['saas', 'twelve hours', '2026-11-23T22:00:00+01:00'],
      ] as const;
      for (const [component, rule, limit] of limits)
        it(`says of ${component} that ${rule} is in time, and a second less is not`, async () => {
          ctx.clock.set(at(limit));
          const inTime = await announce(component, ...WINDOW);
          assert.equal(inTime.status, 0, inTime.err);
          assert.match(inTime.out, /announced in time \(qualifies\)/);
          assert.match(
            inTime.out,
            new RegExp(`last moment: +${limit.slice(0, 10)} ${limit.slice(11, 16)} \\+01:00`),
          );
          ctx.clock.set(at(limit) + 1000);
          const late = await announce(component, ...WINDOW);
          assert.equal(late.status, 0, late.err);
          assert.match(late.out, /announced too late \(late-notice\)/);
          assert.match(late.out, /next window: +2026-1/);
        });

      it('prints all that an engineer has to know', async () => {
        ctx.clock.set(at('2026-11-24T09:00:00+01:00'));
        const { out } = await announce('fysioone', ...WINDOW);
        assert.match(
          out,
          /^Planned maintenance \(id-\d+\) is announced at 2026-11-24 09:00 \+01:00 \(Europe\/Amsterdam\)\.\n/,
        );
        assert.match(out, / {2}2026-11-24 10:00 \+01:00 to 2026-11-24 11:00 \+01:00\n/);
        assert.match(out, /fysioone, spotonmedics, clause \S+: announced too late/);
        assert.match(out, /rule: +48 hours/);
        assert.match(out, /preference: +1 h 0 min outside the preferred hours/);
      });

      it('judges each agreement of each component', async () => {
        const { out } = await announce('fysioone', '--component', 'saas', ...WINDOW);
        assert.match(out, /fysioone, spotonmedics/);
        assert.match(out, /saas, fundament-it/);
      });

      it('gives with --json what the API gives', async () => {
        const { out } = await announce('saas', ...WINDOW, '--json');
        const { maintenance, verdicts } = JSON.parse(out) as {
          maintenance: { from: string; announcements: { at: string }[] };
          verdicts: { verdict: string; lastValidAnnouncement: string }[];
        };
        assert.equal(maintenance.from, '2026-11-24T09:00:00.000Z');
        assert.equal(maintenance.announcements[0]?.at, '2026-11-21T09:00:00.000Z');
        assert.equal(verdicts[0]?.lastValidAnnouncement, '2026-11-23T21:00:00.000Z');
      });

      it('refuses with status 2 a time that occurs twice, and stores nothing', async () => {
        const run = await announce(
          'saas',
          '--from',
          '2027-10-31T02:30',
          '--to',
          '2027-10-31T06:00',
        );
        assert.equal(run.status, 2);
        assert.match(
          run.err,
          /^upheld: --from: 2027-10-31T02:30 occurs twice .* write 2027-10-31T02:30:00\+02:00 or 2027-10-31T02:30:00\+01:00\n$/,
        );
        assert.match((await upheld('maintenance', 'list')).out, /There is no such maintenance/);
      });

      it('refuses an unknown component, half a title and a missing text, each with what would be right', async () => {
        const unknown = await announce('fysoone', ...WINDOW);
        assert.deepEqual([unknown.status, /did you mean "fysioone"/.test(unknown.err)], [2, true]);
        const half = await announce('fysioone', ...WINDOW, '--title-nl', 'Titel');
        assert.deepEqual([half.status, /--title-en is missing/.test(half.err)], [2, true]);
        const mute = await upheld('maintenance', 'announce', '--component', 'fysioone', ...WINDOW);
        assert.deepEqual([mute.status, /--text-nl/.test(mute.err)], [2, true]);
        const kind = await announce('fysioone', ...WINDOW, '--kind', 'urgent');
        assert.deepEqual([kind.status, /planned, emergency/.test(kind.err)], [2, true]);
      });

      it('has no option for the moment of the announcement', async () => {
        const run = await announce('fysioone', ...WINDOW, '--at', '2026-01-01');
        assert.equal(run.status, 2);
        assert.match(run.err, /unknown option '--at'/);
      });
    });

    it('preview says what announcing would get, and stores nothing', async () => {
      const run = await upheld('maintenance', 'preview', '--component', 'saas', ...WINDOW);
      assert.equal(run.status, 0, run.err);
      assert.match(run.out, /^saas, fundament-it.*announced in time/);
      assert.match((await upheld('maintenance', 'list')).out, /There is no such maintenance/);
      const neither = await upheld('maintenance', 'preview', ...WINDOW);
      assert.equal(neither.status, 2);
    });

    it('announce and move show what they would send, and send nothing', async () => {
      const look = await announce('saas', ...WINDOW, '--preview');
      assert.equal(look.status, 0, look.err);
      assert.match(look.out, /^This would go to 0 by mail and 0 by text message\./);
      assert.match((await upheld('maintenance', 'list')).out, /There is no such maintenance/);
      const id = await announcedId();
      const window = ['--from', '2026-11-28 10:00', '--to', '2026-11-28 11:00'];
      const moved = await upheld('maintenance', 'move', id, ...window, ...TEXTS, '--preview');
      assert.match(moved.out, /text message, \d segments?, GSM-7:/);
      assert.doesNotMatch((await upheld('maintenance', 'show', id)).out, /2026-11-28/);
    });

    it('move keeps the announcements before it', async () => {
      const id = await announcedId();
      await ctx.clock.advance(1000);
      const window = ['--from', '2026-11-28 10:00', '--to', '2026-11-28 11:00'];
      const preview = await upheld('maintenance', 'preview', id, ...window);
      assert.equal(preview.status, 0, preview.err);
      const moved = await upheld('maintenance', 'move', id, ...window, ...TEXTS);
      assert.match(moved.out, /is announced anew at 2026-11-21 10:00:01 \+01:00/);
      const shown = (await upheld('maintenance', 'show', id)).out;
      assert.match(shown, /window: +2026-11-28 10:00/);
      assert.match(shown, /2026-11-24 10:00 \+01:00 to 2026-11-24 11:00/);
    });

    it('cancel, start and finish do what they say, once', async () => {
      const [cancelled, worked] = [await announcedId(), await announcedId()];
      await ctx.clock.advance(1000);
      assert.match(
        (await upheld('maintenance', 'cancel', cancelled, ...TEXTS)).out,
        /is cancelled at/,
      );
      const again = await upheld('maintenance', 'cancel', cancelled, ...TEXTS);
      assert.deepEqual([again.status, /cancelled/.test(again.err)], [1, true]);
      assert.match((await upheld('maintenance', 'start', worked)).out, /the work is begun/);
      await ctx.clock.advance(1000);
      const finished = await upheld('maintenance', 'finish', worked, '--json');
      assert.equal((JSON.parse(finished.out) as { status: string }).status, 'completed');
      const list = (await upheld('maintenance', 'list', '--state', 'cancelled')).out;
      assert.ok(list.includes(cancelled) && !list.includes(worked));
    });

    it('says with status 1 that there is no such maintenance', async () => {
      for (const args of [
        ['show', 'x'],
        ['start', 'x'],
        ['finish', 'x'],
        ['cancel', 'x', ...TEXTS],
      ]) {
        const run = await upheld('maintenance', ...args);
        assert.equal(run.status, 1, args.join(' '));
        assert.match(run.err, /^upheld: there is no maintenance "x"/);
      }
    });

    it('shows examples in the help of every command', async () => {
      for (const verb of [
        'announce',
        'preview',
        'move',
        'cancel',
        'start',
        'finish',
        'list',
        'show',
      ]) {
        const run = await upheld('maintenance', verb, '--help');
        assert.equal(run.status, 0);
        assert.match(run.out, new RegExp(`Examples:\\n +\\$ upheld maintenance ${verb}`), verb);
      }
    });
  },
  'sqlite',
);
