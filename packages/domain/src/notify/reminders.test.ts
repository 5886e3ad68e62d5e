import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  nextReminderAt,
  REMINDERS,
  remindersDue,
  remindersOf,
  remindersWanted,
  type RemindedMaintenance,
} from './reminders.ts';

const HOUR = 3_600_000;
const from = 100 * HOUR;
const to = 104 * HOUR;

const planned = (over: Partial<RemindedMaintenance> = {}): RemindedMaintenance => ({
  windowFrom: from,
  windowTo: to,
  cancelledAt: null,
  workStartedAt: null,
  workEndedAt: null,
  announcements: [{ at: 0, from, to }],
  ...over,
});
const kinds = (maintenance: RemindedMaintenance): string[] =>
  remindersOf(maintenance).map(({ reminder }) => reminder);
const due = (maintenance: RemindedMaintenance, hours: number): string[] =>
  remindersDue(maintenance, hours * HOUR).map(({ reminder }) => reminder);

describe('a reminder of maintenance', () => {
  it('has its moment a day before, an hour before, at the start and at the end', () => {
    assert.deepEqual(
      remindersOf(planned()).map(({ reminder, at }) => [reminder, at / HOUR]),
      [
        ['24h', 76],
        ['1h', 99],
        ['start', 100],
        ['end', 104],
      ],
    );
  });

  it('is not sent for what was announced after its moment', () => {
    const since = (hours: number) =>
      kinds(planned({ announcements: [{ at: hours * HOUR, from, to }] }));
    assert.deepEqual(since(75), ['24h', '1h', 'start', 'end']);
    assert.deepEqual(since(76), ['1h', 'start', 'end']);
    assert.deepEqual(since(99.5), ['start', 'end']);
    assert.deepEqual(since(101), ['end']);
    assert.deepEqual(since(105), []);
  });

  it('is sent late as long as it helps, and no longer', () => {
    const at = (hours: number) => due(planned(), hours);
    assert.deepEqual(at(75.9), []);
    assert.deepEqual(at(76), ['24h']);
    assert.deepEqual(at(98.9), ['24h'], 'still ahead of the next one');
    assert.deepEqual(at(99), ['1h'], 'the next one says it better');
    assert.deepEqual(at(100), ['start']);
    assert.deepEqual(at(101), [], 'that it began an hour ago is no news');
    assert.deepEqual(at(104), ['end']);
    assert.deepEqual(at(109.9), ['end']);
    assert.deepEqual(at(110), []);
  });

  it('is none of a maintenance that is cancelled', () => {
    assert.deepEqual(kinds(planned({ cancelledAt: 50 * HOUR })), []);
  });

  it('comes anew for a window that was moved, and not for one that was only extended', () => {
    const moved = planned({
      windowFrom: from + 48 * HOUR,
      windowTo: to + 48 * HOUR,
      announcements: [
        { at: 0, from, to },
        { at: 90 * HOUR, from: from + 48 * HOUR, to: to + 48 * HOUR },
      ],
    });
    assert.deepEqual(kinds(moved), ['24h', '1h', 'start', 'end']);
    assert.equal(remindersOf(moved)[0]?.edge, from + 48 * HOUR);
    const extended = planned({
      windowTo: to + HOUR,
      announcements: [
        { at: 0, from, to },
        { at: 99.9 * HOUR, from, to: to + HOUR },
      ],
    });
    assert.deepEqual(kinds(extended), ['24h', '1h', 'start', 'end']);
    assert.equal(remindersOf(extended)[0]?.edge, from);
  });

  it('tells of the work where people speak of it', () => {
    const early = planned({ workStartedAt: 97 * HOUR });
    assert.deepEqual(due(early, 97), ['start'], 'it says that it began, not that it will');
    assert.deepEqual(due(early, 99), []);
    assert.deepEqual(due(early, 105), [], 'work that overruns is not over');
    const finished = planned({ workStartedAt: from, workEndedAt: 102 * HOUR });
    assert.deepEqual(due(finished, 102), ['end']);
    assert.deepEqual(due(planned({ workStartedAt: from, workEndedAt: 107 * HOUR }), 107), ['end']);
  });

  it('is chosen, or that of the channel', () => {
    const wanted = (channel: 'email' | 'sms', reminders: string[] | null) =>
      remindersWanted({ channel, reminders });
    assert.deepEqual(wanted('email', null), ['24h']);
    assert.deepEqual(wanted('sms', null), ['1h']);
    assert.deepEqual(wanted('email', []), []);
    assert.deepEqual(wanted('email', ['end', '24h', 'of-a-later-version']), ['24h', 'end']);
  });

  it('holds for every maintenance: each at most once, none before its moment, at most one of a kind', () => {
    const hours = fc.integer({ min: 0, max: 300 });
    const some = fc.record({
      start: hours,
      length: fc.integer({ min: 1, max: 48 }),
      said: fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 3 }),
      begun: fc.option(hours, { nil: null }),
      worked: fc.option(fc.integer({ min: 0, max: 48 }), { nil: null }),
      now: fc.integer({ min: 0, max: 400 }),
    });
    fc.assert(
      fc.property(some, ({ start, length, said, begun, worked, now }) => {
        const windowFrom = start * HOUR;
        const windowTo = windowFrom + length * HOUR;
        const workStartedAt = begun === null ? null : begun * HOUR;
        const one = planned({
          windowFrom,
          windowTo,
          workStartedAt,
          workEndedAt:
            workStartedAt === null || worked === null ? null : workStartedAt + worked * HOUR,
          announcements: said
            .toSorted((a, b) => a - b)
            .map((at) => ({ at: at * HOUR, from: windowFrom, to: windowTo })),
        });
        const all = remindersOf(one);
        assert.equal(new Set(all.map(({ reminder }) => reminder)).size, all.length);
        for (const { reminder, at, until } of all) {
          assert.ok(REMINDERS.includes(reminder) && at < until);
          assert.ok((one.announcements[0]?.at ?? 0) < at, 'the announcement came first');
        }
        for (const { at, until } of remindersDue(one, now * HOUR))
          assert.ok(at <= now * HOUR && now * HOUR < until);
        const next = nextReminderAt(one, now * HOUR);
        assert.ok(next === null || next > now * HOUR);
      }),
    );
  });
});
