import { receiveMail } from '@upheld/services/ticket/receive-mail.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { beforeEach, it } from 'node:test';
import { commandLine, type Run } from '../../test/command-line.ts';

eachDatabase(
  'upheld ticket, duty and alert',
  (databases) => {
    let ctx: TestContext;
    let upheld: (...args: string[]) => Promise<Run>;
    beforeEach(async () => {
      ctx = testContext(await databases.open());
      // A Monday morning in service hours.
      ctx.clock.set(Date.parse('2026-11-23T08:00:00Z'));
      upheld = commandLine(ctx);
    });
    const report = (...more: string[]): Promise<Run> =>
      upheld(
        'ticket',
        'report',
        ...['--component', 'fysioone', '--title', 'Agenda laadt niet', '--text', 'Leeg.'],
        ...['--reporter', 'Praktijk De Brug', ...more],
      );
    const done = async (...args: string[]): Promise<string> => {
      const run = await upheld(...args);
      assert.equal(run.status, 0, run.err);
      return run.out;
    };

    it('keeps a report with its clocks, from its number to its closing', async () => {
      const made = await report('--severity', 'b');
      assert.equal(made.status, 0, made.err);
      assert.match(
        made.out,
        /spotonmedics response \(2\.6, 5\.2\): running, due 2026-11-23 15:00 \+01:00, 6 h 0 min left \(4 h 0 min of service\)/,
      );
      const would = ['recategorise', '1', 'incident', '--severity', 'a', '--text', 'Erger.'];
      assert.match(await done('ticket', ...would, '--dry-run'), /Then:\n.*due 2026-11-23 10:00/);
      assert.match(await done('ticket', ...would), /type: +incident, a/);
      await done('ticket', 'respond', '1', '--text', 'Gezien.', '--work-started');
      const waits = await done(
        'ticket',
        'pause',
        '1',
        'customer-request',
        '--text',
        'Na de lunch.',
      );
      assert.match(waits, /waiting \(customer-request\)[\s\S]*stands still/);
      await done('ticket', 'resume', '1', '--text', 'Verder.');
      await done('ticket', 'progress', '1', 'work-started', '--text', 'Bezig.');
      await done('ticket', 'update', '1', '--text', 'Bijna.');
      await done('ticket', 'recover', '1', '--text', 'Herstart.');
      await done('ticket', 'reopen', '1', '--text', 'Toch niet.');
      assert.match(await done('ticket', 'list', '--open'), /1 +open +incident +a +fysioone/);
      await done('ticket', 'close', '1', '--text', 'Klaar.');
      assert.match(await done('ticket', 'list', '--open'), /no such ticket/);
      assert.equal(
        (JSON.parse(await done('ticket', 'show', '1', '--json')) as { state: string }).state,
        'closed',
      );
    });

    it('names what is owed, and keeps what was done', async () => {
      await report('--severity', 'b');
      await done('ticket', 'happened', '1', 'restore-approved', '--text', 'Kosten akkoord.');
      const listed = await done('duty', 'list', '--open');
      assert.match(listed, /Restore the backup \(spotonmedics 11\.3\): open, due 2026-11-25 09:00/);
      const key = /key (\S+)/.exec(listed)?.[1] ?? '';
      assert.match(
        await done('duty', 'done', key, '--evidence', 'Teruggezet.'),
        /done: Teruggezet/,
      );
      assert.match(await done('duty', 'list', '--open'), /Nothing is asked for/);
      assert.match(await done('alert', 'list'), /no such alert/);
    });

    it('says what goes out before it does, what levels mean, and who wrote', async () => {
      await report('--severity', 'b', '--reporter-address', 'jan@debrug.example');
      const said = [
        '1',
        'recategorised',
        '--type',
        'incident',
        '--severity',
        'a',
        '--text',
        'Erger.',
      ];
      const preview = await done('ticket', 'preview', ...said);
      assert.match(
        preview,
        /This would go to jan@debrug\.example\. Nothing is sent\.\n.* 5\.1 asks/,
      );
      assert.match(preview, /Ingedeeld als: Storing, niveau A/);
      const wait = ['1', 'paused', '--reason', 'no-access', '--text', 'x'];
      assert.match(
        await done('ticket', 'preview', ...wait),
        /^Nothing would be mailed\.\n.* 6\.5 asks that they are told: phone, ticket/,
      );
      assert.match(
        await done('ticket', 'places', 'fysioone'),
        /Incident, level B \(incident b\)\n.*response 4 hours of service, recovery 48 hours/,
      );
      assert.equal((await upheld('ticket', 'places', 'nothing')).status, 1);
      await receiveMail(ctx, {
        from: 'eve@debrug.example',
        name: '',
        subject: 'x',
        text: 'x',
        messageId: '<m@x.example>',
        automatic: null,
        wantsNoAnswer: false,
        senderProof: 'refuted',
      });
      assert.match(await done('ticket', 'show', '2'), /sender: +not from whom it says/);
    });

    it('says what would be right', async () => {
      const wrong = await report('--severity', 'top');
      assert.equal(wrong.status, 2);
      assert.match(wrong.err, /no level for fysioone; write one of a, b, c/);
      assert.equal((await upheld('ticket', 'show', '7')).status, 1);
      assert.equal((await upheld('alert', 'acknowledge', 'x')).status, 1);
    });
  },
  'sqlite',
);
