import type { Amount, CalendarRule, WEEKDAYS } from '@upheld/domain/sla/agreement-values.ts';

/** Values of an agreement in English, as an account manager reads them. */

const DAY_NAMES: Readonly<Record<(typeof WEEKDAYS)[number], string>> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
};

const CLOSED_WORDS = {
  none: 'no holidays',
  atw: 'the generally recognised holidays of Dutch law',
  official: 'the official Dutch holidays',
} as const;

/** "a, b and c". */
export function listed(items: readonly string[], last = 'and'): string {
  if (items.length < 2) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1) ?? ''}`;
}

function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

/** A name of ours such as outside-office, or a key such as perMonth, as words. */
export function spaced(name: string): string {
  return name
    .replaceAll(/([a-z])([A-Z])/g, (_all, a: string, b: string) => `${a} ${b.toLowerCase()}`)
    .replaceAll('-', ' ');
}

/** The calendar in which something is counted: 'in office', 'day and night'. */
function inCalendar(calendar: string | undefined): string {
  if (calendar === undefined) return '';
  return calendar === 'always' ? ', day and night' : ` of ${spaced(calendar)}`;
}

/** "48 hours", "5 working days of office", "3 weeks". */
export function amountWords(amount: Amount): string {
  if ('hours' in amount) return counted(amount.hours, 'hour') + inCalendar(amount.calendar);
  if ('workingDays' in amount)
    return counted(amount.workingDays, 'working day') + inCalendar(amount.calendar);
  if ('localDays' in amount) return counted(amount.localDays, 'day');
  return 'localWeeks' in amount
    ? counted(amount.localWeeks, 'week')
    : counted(amount.localMonths, 'month');
}

/** "Monday to Friday 08:00–12:00 and 14:00–17:30, closed on the official Dutch holidays". */
export function calendarWords(rule: CalendarRule): string {
  if ('outside' in rule) return `all time outside ${spaced(rule.outside)}`;
  if ('anyOf' in rule) return listed(rule.anyOf.map(spaced), 'or');
  if ('allOf' in rule) return `the time that ${listed(rule.allOf.map(spaced))} have in common`;
  const days = Object.entries(rule.hours).map(
    ([name, spans]) => `${daysWords(name)} ${listed(spans.map((span) => span.replace('-', '–')))}`,
  );
  const lists = Object.keys(rule.closedLists ?? {});
  const published = lists.length === 0 ? '' : `, of ${listed(lists)} the published list`;
  const closed =
    rule.closed === 'none' && lists.length === 0
      ? 'holidays or not'
      : `closed on ${CLOSED_WORDS[rule.closed]}${published}`;
  const zone = rule.zone === undefined ? '' : ` (${rule.zone})`;
  return `${days.join('; ')}, ${closed}${zone}`;
}

function daysWords(name: string): string {
  return name
    .split('-')
    .map((day) => DAY_NAMES[day as keyof typeof DAY_NAMES])
    .join(' to ');
}

/** A calendar where only its name is known: "office", or "all time". */
export function withinWords(calendar: string | undefined): string {
  return calendar === undefined || calendar === 'always' ? 'all time' : spaced(calendar);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const AMOUNT_KEYS = ['hours', 'workingDays', 'localDays', 'localWeeks', 'localMonths'];

function isAmount(value: Record<string, unknown>): boolean {
  const [first] = Object.keys(value).filter((key) => key !== 'calendar');
  const count = first === undefined ? undefined : value[first];
  return (
    Object.keys(value).every((key) => [...AMOUNT_KEYS, 'calendar'].includes(key)) &&
    typeof count === 'number'
  );
}

/** What is told as one value: everything but keys with values of their own. */
export function isWhole(value: unknown): boolean {
  if (!isRecord(value)) return !Array.isArray(value) || !value.some(isRecord);
  return isAmount(value) || ('en' in value && 'nl' in value);
}

/** Any value of an agreement in words; null where there is none. */
export function valueWords(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value))
    return value.length === 0 ? 'none' : listed(value.map((one) => valueWords(one) ?? ''));
  if (isRecord(value)) {
    if (isAmount(value)) return amountWords(value as unknown as Amount);
    if (typeof value['en'] === 'string') return value['en'];
    return Object.entries(value)
      .map(([key, one]) => `${spaced(key)}: ${valueWords(one) ?? ''}`)
      .join('; ');
  }
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
