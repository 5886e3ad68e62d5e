import type { MaintenanceTimes } from '../maintenance/status.ts';
import type { Instant } from '../ports.ts';
import type { Channel } from './delivery.ts';

/** When a subscriber can be reminded of a maintenance, in the order of the moments. */
export const REMINDERS = ['24h', '1h', 'start', 'end'] as const;
export type Reminder = (typeof REMINDERS)[number];

/**
 * What somebody gets who chose nothing: a mail is read in the course of a day, a text message at once.
 */
export const DEFAULT_REMINDERS: Readonly<Record<Channel, readonly Reminder[]>> = {
  email: ['24h'],
  sms: ['1h'],
};

const HOUR = 3_600_000;
/** How long the news that work began, or is over, is worth a message. */
const STARTED_IS_NEWS_MS = HOUR;
const ENDED_IS_NEWS_MS = 6 * HOUR;

/** One reminder of one window, and when it is to be sent. */
export interface DueReminder {
  reminder: Reminder;
  /** The moment itself. */
  at: Instant;
  /** From here on it is not sent any more: it would be wrong, or the next one says it better. */
  until: Instant;
  /** The edge of the window that it is about: another window, another reminder. */
  edge: Instant;
}

/** A maintenance as far as its reminders go. */
export interface RemindedMaintenance extends MaintenanceTimes {
  /** In order of announcement; of a cancelled maintenance nothing is asked. */
  announcements: readonly { at: Instant; from: Instant; to: Instant }[];
}

/** The reminders that a subscriber wants. */
export function remindersWanted(subscriber: {
  channel: Channel;
  reminders: readonly string[] | null;
}): readonly Reminder[] {
  const { channel, reminders } = subscriber;
  return reminders === null
    ? DEFAULT_REMINDERS[channel]
    : REMINDERS.filter((reminder) => reminders.includes(reminder));
}

/**
 * The reminders of the window that is in force, in the order of their moments; none of a maintenance that
 * is cancelled. What was announced after the moment of a reminder said itself what that would say. `end`
 * is left out while work goes on that nobody has called finished: when it will end is not known.
 */
export function remindersOf(maintenance: RemindedMaintenance): DueReminder[] {
  if (maintenance.cancelledAt !== null) return [];
  const { windowFrom, windowTo, workStartedAt, workEndedAt } = maintenance;
  const begins = Math.min(workStartedAt ?? windowFrom, windowFrom);
  const ends = workEndedAt ?? (workStartedAt === null ? windowTo : null);
  const ahead = (reminder: Reminder, hours: number, until: Instant): DueReminder => ({
    reminder,
    at: windowFrom - hours * HOUR,
    until: Math.min(until, begins),
    edge: windowFrom,
  });
  const all = [
    ahead('24h', 24, windowFrom - HOUR),
    ahead('1h', 1, windowFrom),
    {
      reminder: 'start' as const,
      at: begins,
      until: Math.min(begins + STARTED_IS_NEWS_MS, ends ?? Infinity),
      edge: windowFrom,
    },
    ...(ends === null
      ? []
      : [{ reminder: 'end' as const, at: ends, until: ends + ENDED_IS_NEWS_MS, edge: windowTo }]),
  ];
  return all.filter(
    ({ reminder, at, until }) => until > at && knownSince(maintenance, reminder) < at,
  );
}

/** Those of them whose moment has come and that are still worth a message. */
export function remindersDue(maintenance: RemindedMaintenance, now: Instant): DueReminder[] {
  return remindersOf(maintenance).filter(({ at, until }) => at <= now && now < until);
}

/** When the next moment of them is; null when none is to come. */
export function nextReminderAt(maintenance: RemindedMaintenance, now: Instant): Instant | null {
  const ahead = remindersOf(maintenance).filter(({ at }) => at > now);
  return ahead.reduce<Instant | null>((next, { at }) => Math.min(next ?? at, at), null);
}

/**
 * Since when it is announced that it begins when it does, or ends when it does: what was moved and then
 * extended was known by its beginning since it was moved.
 */
function knownSince({ announcements }: RemindedMaintenance, reminder: Reminder): Instant {
  const last = announcements.at(-1);
  if (!last) return Infinity;
  if (reminder === 'end') return announcements[0]?.at ?? last.at;
  const other = announcements.findLastIndex(({ from }) => from !== last.from);
  return announcements[other + 1]?.at ?? last.at;
}
