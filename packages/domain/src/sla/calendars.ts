import { allOf, always, anyOf, outside, weekly, type Calendar } from '../time/calendar.ts';
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
  const { closedLists } = rule;
  const closed = closedLists ? { set: rule.closed, lists: closedLists } : { set: rule.closed };
  return weekly(rule.zone ?? zone, weekHours(rule.hours), closed);
}
