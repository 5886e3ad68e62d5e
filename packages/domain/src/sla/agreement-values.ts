import { z } from 'zod';
import { LANGUAGES } from '../text.ts';
import { CLOSED_DAY_SETS } from '../time/holidays.ts';
import { isZone, wallOfDate } from '../time/zoned.ts';

/* The words that agreement files are written in: what the schema of a whole file is made of. */

export const word = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'write lower-case letters, digits and single hyphens');
export const zone = z
  .string()
  .refine(
    isZone,
    'write an IANA zone such as Europe/Amsterdam, UTC, or an offset such as "+01:00"',
  );
export const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'write a date as 2026-05-01', abort: true })
  .refine((text) => wallOfDate(text) !== null, 'there is no such day in the calendar');
export const percentage = z
  .string()
  .regex(
    /^(100(\.0{1,9})?|\d{1,2}(\.\d{1,9})?)$/,
    'write a percentage as a text, such as "99.5", with at most nine decimals',
  );
export const calendarName = word.describe('A calendar of this agreement, or always.');
export const localised = z.strictObject({ [LANGUAGES[0]]: z.string(), [LANGUAGES[1]]: z.string() });

/** What every rule carries: where it stands in the contract and how hard it is. */
export const ruled = {
  clause: z.string().min(1).describe('Where the contract says it.'),
  strength: z
    .enum(['effort', 'right'])
    .optional()
    .describe('effort: what the supplier aims at; right: what the customer can claim.'),
  note: z.string().optional().describe('What a reader of the clause should know.'),
};

/** By which something is made known. */
export const channel = z.enum([
  'status-page',
  'email',
  'sms',
  'login-screen',
  'ticket',
  'phone',
  'newsletter',
  'letter',
  'dashboard',
]);
/** Where the figures are published that lead, other than ours. */
export const leadingAddress = z
  .string()
  .regex(
    /^https?:\/\/[^\s/]+\S*$/,
    'write own-probes, or an address such as https://status.example.com',
  )
  .describe('Where the figures are published that lead.');

const timeOfDay = z
  .string()
  .regex(
    /^(([01]\d|2[0-3]):[0-5]\d|24:00)-(([01]\d|2[0-3]):[0-5]\d|24:00)$/,
    'write hours as "08:00-17:30"',
  );
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const hours = z
  .record(
    z.string().regex(/^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?$/, {
      error: 'write a weekday or a range of them, such as mon or mon-fri',
    }),
    z.array(timeOfDay).min(1),
  )
  .describe('Opening hours for each weekday; leave a break out by writing two spans.');

const weeklyCalendar = z.strictObject({
  zone: zone.optional(),
  hours,
  closed: z.enum(CLOSED_DAY_SETS).default('none').describe('Days on which it does not open.'),
  closedLists: z
    .record(z.string().regex(/^\d{4}$/, 'write a year'), z.array(date))
    .optional()
    .describe('The closed days of a year, where they were published: they replace the set.'),
  ...ruled,
});
export const calendar = z.union([
  weeklyCalendar,
  z.strictObject({ outside: calendarName, ...ruled }),
  z.strictObject({ anyOf: z.array(calendarName).min(1), ...ruled }),
  z.strictObject({ allOf: z.array(calendarName).min(1), ...ruled }),
]);

export const whole = z.int().min(1);
/** Terms are counted day by day: nobody agrees to more than a century of them. */
const days = whole.max(36_525);
/** An amount of time: elapsed hours or hours in a calendar, working days, local days, weeks or months. */
export const amount = z.union([
  z.strictObject({ hours: z.number().positive().max(876_600), calendar: calendarName.optional() }),
  z.strictObject({ workingDays: days, calendar: calendarName.optional() }),
  z.strictObject({ localDays: days }),
  z.strictObject({ localWeeks: whole.max(5218) }),
  z.strictObject({ localMonths: whole.max(1200) }),
]);

export type Amount = z.output<typeof amount>;
export type CalendarRule = z.output<typeof calendar>;
