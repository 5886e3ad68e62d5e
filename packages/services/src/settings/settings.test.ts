import { changesOf } from '@upheld/config/settings.ts';
import { eq } from '@upheld/db/query.ts';
import type { DomainError } from '@upheld/domain/errors.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { testSettings, type TestSettings } from '@upheld/testkit/settings.ts';
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { verifyAudit } from '../audit/verify.ts';
import type { Actor } from '../context.ts';
import { claimDue } from '../outbox/claim.ts';
import { prepareDelivery } from '../outbox/prepare.ts';
import { settleDelivery } from '../outbox/settle.ts';
import { checkSettings } from './check-settings.ts';
import { readSettings } from './read-settings.ts';
import { reloadSettings } from './reload-settings.ts';
import { MOST_TESTS_A_DAY, MOST_TESTS_AN_HOUR, sendTestMessage } from './send-test.ts';

const OLGA: Actor = { name: 'Olga van Dam', id: 'olga', via: 'console', address: '192.0.2.7' };
const HOUR = 3_600_000;

eachDatabase('the settings of the owner', (databases) => {
  let ctx: TestContext;
  let file: TestSettings;
  beforeEach(async () => {
    ctx = testContext(await databases.open());
    file = testSettings(ctx);
  });
  const audit = async () => {
    const { q, t } = ctx.db.read;
    return q.select().from(t.auditLog).orderBy(t.auditLog.seq);
  };

  describe('read again', () => {
    it('are told with what changed and what that leads to, and recorded once', async () => {
      const changes = [
        { path: 'console.idle', before: '30m', after: '10m' },
        { path: 'groups.products.components.shop', before: null, after: 'added' },
      ];
      const warnings = [{ message: 'shop.example does not exist', remedy: 'correct the host' }];
      const answer = { ok: true as const, changes, warnings };
      file.answers = [
        { role: 'web', answer },
        { role: 'worker', answer },
      ];
      const outcome = await reloadSettings(ctx, file, OLGA);
      assert.deepEqual(outcome, {
        applied: true,
        processes: [
          { role: 'web', applied: true, message: null },
          { role: 'worker', applied: true, message: null },
        ],
        faults: [],
        changes,
        warnings,
      });
      const [row, ...more] = await audit();
      assert.equal(more.length, 0);
      assert.deepEqual(
        [row?.action, row?.actor, row?.via, row?.address, row?.before],
        [
          'settings.reload',
          'Olga van Dam',
          'console',
          '192.0.2.7',
          { 'console.idle': '30m', 'groups.products.components.shop': null },
        ],
      );
      assert.deepEqual(row?.after, {
        'console.idle': '10m',
        'groups.products.components.shop': 'added',
        applied: true,
        processes: ['web', 'worker'],
      });
      assert.ok((await verifyAudit(ctx)).ok);
    });

    it('are refused with every fault once, and that is recorded too', async () => {
      const refusal = {
        ok: false as const,
        message: 'the configuration has a fault; the old one stays in force',
        faults: ['upheld.yaml:3: console.idle is not usable'],
      };
      file.answers = [
        { role: 'web', answer: refusal },
        { role: 'worker', answer: refusal },
      ];
      const outcome = await reloadSettings(ctx, file, OLGA);
      assert.deepEqual([outcome.applied, outcome.faults], [false, refusal.faults]);
      const [row] = await audit();
      assert.deepEqual(row?.after, { applied: false, processes: ['web', 'worker'], faults: 1 });
    });

    it('are not applied where no process answered', async () => {
      file.answers = [];
      assert.equal((await reloadSettings(ctx, file, OLGA)).applied, false);
    });
  });

  it('are shown with no secret, with where the data is, and with how each channel does', async () => {
    const view = await readSettings(ctx, file);
    const shown = JSON.stringify(view);
    assert.ok(!shown.includes('test-token'));
    assert.ok(view.settings.some(({ path }) => path === 'channels.sms.authToken'));
    assert.ok(
      view.monitorDefaults.some(({ path, value }) => path === 'interval' && value === '1m'),
    );
    assert.deepEqual(
      view.channels.map(({ channel, configured, lastSentAt, waiting }) => [
        channel,
        configured,
        lastSentAt,
        waiting,
      ]),
      [
        ['email', true, null, 0],
        ['sms', true, null, 0],
        ['webhook', false, null, 0],
      ],
    );
  });

  it('a draft is judged and kept nowhere; that it was is recorded without a word of it', async () => {
    const text = 'organisation: { nam: Geheim BV }\npages: []\ngroups: []\n';
    const checked = await checkSettings(ctx, file, OLGA, { text });
    assert.ok(
      checked.faults.some(({ line, message }) => line === 1 && /mean "name"/.test(message)),
    );
    const rows = await audit();
    assert.deepEqual(rows[0]?.action, 'settings.check');
    assert.ok(!JSON.stringify(rows).includes('Geheim'));
    await assert.rejects(checkSettings(ctx, file, OLGA, { text: '' }), /paste the whole file/);
    const long = 'x'.repeat(300_000);
    await assert.rejects(checkSettings(ctx, file, OLGA, { text: long }), /is too long/);
  });

  describe('a test message', () => {
    const send = (address = 'jan@example.com', channel: 'email' | 'sms' = 'email') =>
      sendTestMessage(ctx, OLGA, { channel, address, language: 'en' });
    /** As the worker does it, with a channel that answers so. */
    const deliver = async (
      result: Parameters<typeof settleDelivery>[2],
    ): Promise<string | undefined> => {
      const [row] = await claimDue(ctx, 'w', 1);
      assert.ok(row);
      const prepared = await prepareDelivery(ctx, row, { canAsk: false });
      assert.ok(prepared.act === 'send');
      await settleDelivery(ctx, prepared.row, result, { canAsk: false, random: 0.5 });
      const { outgoing } = prepared;
      return 'text' in outgoing ? outgoing.text : outgoing.body;
    };

    it('goes through the outbox, says that it is a test, and shows what became of it', async () => {
      const sent = await send();
      assert.deepEqual(
        [sent.kind, sent.state, sent.address],
        ['test', 'pending', 'jan@example.com'],
      );
      const said = await deliver({ ok: true, receipt: '250 OK' });
      assert.match(said ?? '', /Test: nothing is wrong[^]*There is nothing to do/);
      assert.doesNotMatch(said ?? '', /Olga/);
      const { tests, channels } = await readSettings(ctx, file);
      assert.equal(tests[0]?.state, 'sent');
      assert.equal(channels[0]?.lastSentAt, ctx.clock.now());
      await send('+31 6 12345678', 'sms');
      const text = await deliver({
        ok: false,
        retry: 'never',
        reason: 'not-authorised',
        detail: 'Authenticate',
      });
      assert.match(text ?? '', /^TEST from .*: nothing is wrong/);
      const after = await readSettings(ctx, file);
      assert.deepEqual(
        [after.tests[0]?.state, after.tests[0]?.reason],
        ['dead', 'not-authorised: Authenticate'],
      );
      const sms = after.channels.find(({ channel }) => channel === 'sms');
      assert.deepEqual(
        [sms?.lastFailedAt, sms?.lastFailure],
        [ctx.clock.now(), 'not-authorised: Authenticate'],
      );
    });

    it('is recorded without the whole address', async () => {
      await send();
      const [row] = await audit();
      assert.deepEqual(
        [row?.action, row?.after],
        ['settings.test-message', { channel: 'email', address: 'j…@example.com' }],
      );
    });

    it('is no spam cannon: five an hour and twenty a day, whoever asks and by whatever way', async () => {
      for (let n = 0; n < MOST_TESTS_AN_HOUR; n += 1) await send(`a${n}@example.com`);
      const refused = (error: DomainError): boolean => error.code === 'too-many-requests';
      await assert.rejects(send(), refused);
      await assert.rejects(send('+31612345678', 'sms'), refused);
      await assert.rejects(
        sendTestMessage(ctx, { name: 'cli', via: 'cli' }, { channel: 'email', address: 'b@c.nl' }),
        refused,
      );
      let total = MOST_TESTS_AN_HOUR;
      while (total < MOST_TESTS_A_DAY) {
        await ctx.clock.advance(HOUR);
        for (let n = 0; n < MOST_TESTS_AN_HOUR; n += 1) await send();
        total += MOST_TESTS_AN_HOUR;
      }
      await ctx.clock.advance(HOUR);
      await assert.rejects(send(), (error: DomainError) => /20 a day/.test(error.message));
      await ctx.clock.advance(24 * HOUR);
      await send();
    });

    it('is counted right when many are asked for at once', async () => {
      const asked = await Promise.allSettled(
        Array.from({ length: 12 }, (_, n) => send(`a${n}@example.com`)),
      );
      const taken = asked.filter(({ status }) => status === 'fulfilled').length;
      assert.equal(taken, MOST_TESTS_AN_HOUR);
      const { q, t } = ctx.db.read;
      const rows = await q.select().from(t.outbox).where(eq(t.outbox.channel, 'email'));
      assert.equal(rows.length, MOST_TESTS_AN_HOUR);
    });

    it('goes to one address that the channel serves, and to none where it is not configured', async () => {
      for (const [channel, address, said] of [
        ['email', 'jan', /is no address/],
        ['email', 'a@b.nl, c@d.nl', /is no address/],
        ['email', 'a@b.nl\nBcc: c@d.nl', /is no address|invisible/],
        ['sms', '+31201234567', /is no mobile number/],
        ['sms', '+8801812345678', /is of a country/],
        ['email', '', /is empty/],
      ] as const)
        await assert.rejects(send(address, channel), said, address);
      ctx.configure({ ...testConfig(), channels: {} });
      await assert.rejects(send(), /this channel is not configured/);
      const { q, t } = ctx.db.read;
      assert.equal((await q.select().from(t.outbox)).length, 0);
    });
  });

  it('compares two configurations without a database', () => {
    const before = { config: testConfig(), given: {} };
    const after = { config: testConfig({ timezone: 'Europe/Brussels' }), given: {} };
    assert.deepEqual(changesOf(before, after), [
      { path: 'timezone', before: 'Europe/Amsterdam', after: 'Europe/Brussels' },
    ]);
  });
});
