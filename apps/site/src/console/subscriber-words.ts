import { REMINDERS, type Reminder } from '@upheld/domain/notify/reminders.ts';

export const REMINDER_WORDS: Readonly<Record<Reminder, string>> = {
  '24h': 'a day before',
  '1h': 'an hour before',
  start: 'when it begins',
  end: 'when it is over',
};

export const REMINDER_OPTIONS = REMINDERS.map((value) => ({
  value,
  label: REMINDER_WORDS[value].replace(/^./, (first) => first.toUpperCase()),
}));

/** What was ticked, in the order of the moments; words that are none of them are refused later on. */
export function remindersTicked(texts: readonly string[]): Reminder[] {
  return REMINDERS.filter((reminder) => texts.includes(reminder));
}
