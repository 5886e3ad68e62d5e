import type { MaintenanceNotification } from '@upheld/domain/notify/message.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { announceMaintenance } from '../maintenance/announce-maintenance.ts';
import { claimDue } from '../outbox/claim.ts';
import { prepareDelivery } from '../outbox/prepare.ts';
import { previewNotification } from '../outbox/preview.ts';

const product = (id: string) => ({ id, name: `Product ${id}`, agreements: [], monitors: [] });
const config = testConfig({
  pages: [{ id: 'main', title: 'Main', groups: ['open'] }],
  groups: [
    { id: 'open', name: 'Open', components: [product('shop')] },
    { id: 'inner', name: 'Inner', components: [product('payroll')] },
  ],
});
const both = (text: string) => ({ nl: text, en: text });

eachDatabase('what no page shows', (databases) => {
  it('is told to nobody who chose everything, and not named to them', async () => {
    const ctx = testContext(await databases.open(), { config });
    await ctx.db.transact(async ({ q, t }) => {
      for (const [id, componentIds] of [
        ['everything', null],
        ['colleague', ['payroll']],
      ] as const)
        await q.insert(t.subscribers).values({
          id,
          channel: 'email',
          address: `${id}@example.test`,
          addressKey: id,
          language: 'nl',
          state: 'confirmed',
          componentIds: componentIds && [...componentIds],
          challengeTries: 0,
          createdAt: 1,
          confirmedAt: 1,
          version: 1,
        });
    });
    const told = async (componentIds: string[]): Promise<Record<string, string>> => {
      const from = ctx.clock.now() + 100 * 3_600_000;
      const window = { from, to: from + 3_600_000 };
      await announceMaintenance(ctx, { name: 'jan' }, { componentIds, ...window, text: both('x') });
      const about: Record<string, string> = {};
      for (const row of await claimDue(ctx, 'w', 10)) {
        const prepared = await prepareDelivery(ctx, row, { canAsk: false });
        assert.ok(prepared.act === 'send' && prepared.outgoing.channel === 'email');
        const { to, text } = prepared.outgoing;
        about[to.split('@')[0] ?? ''] = /Het gaat om: (.*)/.exec(text)?.[1] ?? '';
      }
      return about;
    };
    assert.deepEqual(await told(['payroll']), { colleague: 'Product payroll' });
    assert.deepEqual(await told(['payroll', 'shop']), {
      everything: 'Product shop',
      colleague: 'Product payroll, Product shop',
    });
    const content: MaintenanceNotification = {
      kind: 'maintenance',
      event: 'announced',
      maintenanceId: 'm',
      title: both('x'),
      body: both('x'),
      components: [],
      from: 1,
      to: 2,
      at: 0,
    };
    const { recipients } = await previewNotification(ctx, content, ['payroll']);
    assert.deepEqual(recipients, { email: 1, sms: 0 }, 'the preview counts the same people');
  });
});
