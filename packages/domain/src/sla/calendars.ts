import {
  allOf,
  always,
  anyOf,
  closedIn,
  outside,
  weekly,
  type Calendar,
  type ClosedDays,
} from '../time/calendar.ts';
import type { Wall } from '../time/zoned.ts';
import type { Terms } from './agreement-schema.ts';
import type { CalendarRule } from './agreement-values.ts';
import { weekHours } from './hours.ts';

/** The calendars of sound rules by name, each made when it is first asked for; `always` is among them. */
export function calendarsOf({ calendars, zone }: Terms): (name: string) => Calendar {
  const made = new Map<string, Calendar>();
  const calendar = (name: string): Calendar => {
    let found = made.get(name);
    if (!found) {
      found = makeCalendar(calendars[name], zone, calendar);
      made.set(name, found);
    }
    return found;
  };
  return calendar;
}

/** A calendar from its rule; without one it is the calendar that is always open. */
function makeCalendar(
  rule: CalendarRule | undefined,
  zone: string,
  calendar: (name: string) => Calendar,
): Calendar {
  if (!rule) return always(zone);
  if ('outside' in rule) return outside(calendar(rule.outside));
  if ('anyOf' in rule) return anyOf(zone, rule.anyOf.map(calendar));
  if ('allOf' in rule) return allOf(zone, rule.allOf.map(calendar));
  return weekly(rule.zone ?? zone, weekHours(rule.hours), closedOf(rule));
}

type WeeklyRule = Extract<CalendarRule, { closed: unknown }>;

function closedOf({ closed: set, closedLists: lists }: WeeklyRule): ClosedDays {
  return lists ? { set, lists } : { set };
}

/** The days of a local year on which some weekly calendar of the rules is closed, as wall clock midnights. */
export function closedDaysOf({ calendars }: Terms, year: number): ReadonlySet<Wall> {
  return new Set(
    Object.values(calendars).flatMap((rule) =>
      'hours' in rule ? closedIn(closedOf(rule), year) : [],
    ),
  );
}
