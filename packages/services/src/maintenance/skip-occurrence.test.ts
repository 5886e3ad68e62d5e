import { DomainError } from '@upheld/domain/errors.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { announceOccurrences } from './announce-occurrences.ts';
import { createSeries, endSeries } from './series.ts';
import { readSeries } from './series-view.ts';
import { skipOccurrence } from './skip-occurrence.ts';

const at = (text: string): number => Date.parse(text);
const jan = { name: 'jan' };
const mia = { name: 'mia' };
const DAY = 86_400;
const text = { nl: 'Onderhoud.', en: 'Work.' };
const sundays = {
  componentIds: ['fysioone'],
  text,
  rrule: 'FREQ=WEEKLY;BYDAY=SU',
  localStart: '2026-03-22T02:00',
  durationSeconds: 7200,
  announceSeconds: 5 * DAY,
};
const first = at('2026-03-22T01:00:00Z');
const second = at('2026-03-29T01:00:00Z');
const reason = 'Everyone is away.';
const refusal = (code: string, words: RegExp) => (error: unknown) =>
  error instanceof DomainError && error.code === code && words.test(error.message);

eachDatabase('an occurrence that is skipped', (databases) => {
  const open = async (): Promise<TestContext> =>
    testContext(await databases.open(), { clock: controlledClock(at('2026-03-10T12:00:00Z')) });

  it('is never announced, while those around it are, and is shown with who skipped it and why', async () => {
    const ctx = await open();
    const { id: seriesId, version } = await createSeries(ctx, jan, sundays);
    const view = await skipOccurrence(ctx, mia, { seriesId, occurrenceAt: first, reason });
    assert.deepEqual(
      view.next.slice(0, 2).map(({ from, skipped }) => [from, skipped]),
      [
        [first, { reason, at: ctx.clock.now(), by: 'mia' }],
        [second, null],
      ],
    );
    assert.equal(view.version, version + 1);
    ctx.clock.set(at('2026-03-20T12:00:00Z'));
    assert.deepEqual(await announceOccurrences(ctx), []);
    ctx.clock.set(at('2026-03-25T12:00:00Z'));
    assert.equal((await announceOccurrences(ctx)).length, 1);
    const { q, t } = ctx.db.read;
    const announced = await q.select().from(t.maintenances);
    assert.deepEqual(
      announced.map(({ occurrenceAt }) => occurrenceAt),
      [second],
    );
    const [said] = (await q.select().from(t.auditLog)).filter((a) => a.action === 'series.skip');
    assert.deepEqual(
      [said?.actor, said?.subject, said?.after],
      ['mia', seriesId, { occurrenceAt: '2026-03-22T01:00:00.000Z', reason }],
    );
  });

  it('may be the one in the night in which the clocks change', async () => {
    const ctx = await open();
    const { id: seriesId } = await createSeries(ctx, jan, sundays);
    const view = await skipOccurrence(ctx, jan, { seriesId, occurrenceAt: second, reason });
    assert.equal(view.next[1]?.skipped?.reason, reason);
  });

  it('cannot be one that was announced: that maintenance is cancelled, which the answer says', async () => {
    const ctx = await open();
    const { id: seriesId } = await createSeries(ctx, jan, sundays);
    ctx.clock.set(at('2026-03-18T12:00:00Z'));
    const [id = ''] = await announceOccurrences(ctx);
    await assert.rejects(
      skipOccurrence(ctx, jan, { seriesId, occurrenceAt: first, reason }),
      refusal('conflict', new RegExp(`announced already; cancel that maintenance \\(${id}\\)`)),
    );
    assert.equal((await readSeries(ctx, seriesId)).next[0]?.skipped, null);
  });

  it('is one that the rule gives, that is to come, once, of a series that goes on, with a reason', async () => {
    const ctx = await open();
    const { id: seriesId, version } = await createSeries(ctx, jan, sundays);
    const skip = (part: object): Promise<unknown> =>
      skipOccurrence(ctx, jan, { seriesId, occurrenceAt: first, reason, ...part });
    const invalid = (words: RegExp) => refusal('invalid-input', words);
    await assert.rejects(skip({ occurrenceAt: first + 60_000 }), invalid(/no occurrence of this/));
    await assert.rejects(skip({ occurrenceAt: NaN }), invalid(/occurrenceAt is no instant/));
    await assert.rejects(skip({ reason: '  ' }), invalid(/reason is empty/));
    await assert.rejects(skip({ seriesId: 'none' }), refusal('not-found', /no series "none"/));
    await assert.rejects(skip({ expectedVersion: version + 5 }), refusal('conflict', /you read/));
    await skip({});
    await assert.rejects(skip({}), refusal('conflict', /skipped before/));
    ctx.clock.set(second);
    await assert.rejects(skip({ occurrenceAt: second }), invalid(/has begun/));
    await endSeries(ctx, jan, { seriesId });
    const third = at('2026-04-05T00:00:00Z');
    await assert.rejects(skip({ occurrenceAt: third }), refusal('conflict', /ended before/));
  });

  it('is either announced or skipped, however many say both at once', async () => {
    const ctx = await open();
    const other = testContext(await databases.again(), { clock: ctx.clock, idPrefix: 'other' });
    for (let round = 0; round < 5; round += 1) {
      const { id: seriesId } = await createSeries(ctx, jan, sundays);
      ctx.clock.set(at('2026-03-18T12:00:00Z'));
      const skipped = Promise.allSettled(
        [ctx, other, ctx, other].map((one) =>
          skipOccurrence(one, jan, { seriesId, occurrenceAt: first, reason }),
        ),
      );
      await Promise.all([announceOccurrences(other), announceOccurrences(ctx)]);
      const won = (await skipped).filter(({ status }) => status === 'fulfilled').length;
      const [one] = (await readSeries(ctx, seriesId)).next;
      assert.deepEqual(
        [one?.maintenance === null, one?.skipped === null],
        won === 1 ? [true, false] : [false, true],
      );
      assert.ok(won <= 1);
      await endSeries(ctx, jan, { seriesId });
      ctx.clock.set(at('2026-03-10T12:00:00Z'));
    }
  });

  it('can be taken back or changed by nobody', async () => {
    const ctx = await open();
    const { id: seriesId } = await createSeries(ctx, jan, sundays);
    await skipOccurrence(ctx, jan, { seriesId, occurrenceAt: first, reason });
    await assert.rejects(
      ctx.db.transact((h) => h.q.update(h.t.seriesSkips).set({ reason: 'other' }).returning()),
    );
    await assert.rejects(ctx.db.transact((h) => h.q.delete(h.t.seriesSkips).returning()));
  });
});
