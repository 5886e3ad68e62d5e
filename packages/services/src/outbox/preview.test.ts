import type { MaintenanceNotification } from '@upheld/domain/notify/message.ts';
import type { Language } from '@upheld/domain/text.ts';
import { testContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { enqueueNotification } from './enqueue.ts';
import { previewNotification } from './preview.ts';

const both = (text: string) => ({ nl: text, en: text });
const content: MaintenanceNotification = {
  kind: 'maintenance',
  event: 'announced',
  maintenanceId: 'm1',
  title: { nl: 'Nieuwe versie', en: 'New version' },
  body: { nl: 'Wij <werken>.', en: 'We <work>.' },
  components: [{ id: 'fysioone', name: both('FysioOne') }],
  from: Date.parse('2026-12-01T21:00:00Z'),
  to: Date.parse('2026-12-01T23:00:00Z'),
  at: Date.parse('2026-11-21T09:00:00Z'),
};

eachDatabase('the preview of a notification', (databases) => {
  it('shows what goes out in each language and counts exactly those who will be told', async () => {
    const ctx = testContext(await databases.open());
    const subscribe = (
      id: string,
      over: { channel?: 'sms'; language?: Language; componentIds?: string[]; state?: 'pending' },
    ) =>
      ctx.db.transact(({ q, t }) =>
        q.insert(t.subscribers).values({
          id,
          channel: 'email',
          address: id,
          addressKey: id,
          language: 'nl',
          state: 'confirmed',
          challengeTries: 0,
          createdAt: ctx.clock.now(),
          version: 1,
          ...over,
        }),
      );
    await subscribe('a', {});
    await subscribe('b', { language: 'en', componentIds: ['fysioone', 'other'] });
    await subscribe('c', { channel: 'sms' });
    await subscribe('d', { componentIds: ['other'] });
    await subscribe('e', { state: 'pending' });

    const preview = await previewNotification(ctx, content, ['fysioone']);
    assert.deepEqual(preview.recipients, { email: 2, sms: 1 });
    assert.deepEqual(preview.messages.nl.recipients, { email: 1, sms: 1 });
    assert.deepEqual(preview.messages.en.recipients, { email: 1, sms: 0 });
    assert.equal(preview.messages.nl.mail.subject, '[Zorgsoftware] Nieuwe versie');
    assert.match(preview.messages.en.mail.text, /We <work>\./);
    assert.match(preview.messages.en.mail.html, /We &lt;work&gt;\./);
    assert.match(
      preview.messages.nl.sms.text,
      /^Onderhoud aangekondigd, di 1 dec, 22:00 - wo 2 dec, 00:00: Nieuwe versie\./,
    );
    assert.deepEqual(
      [preview.messages.nl.sms.encoding, preview.messages.nl.sms.segments],
      ['GSM-7', 2],
    );

    const { q, t } = ctx.db.read;
    assert.deepEqual(await q.select().from(t.outbox), []);
    const written = await ctx.db.transact((h) =>
      enqueueNotification(
        h,
        { ids: ctx.ids, now: ctx.clock.now(), config: ctx.config() },
        { subjectId: 'm1', content, componentIds: ['fysioone'], dedupe: 'x' },
      ),
    );
    assert.equal(written, preview.recipients.email + preview.recipients.sms);
  });
});
