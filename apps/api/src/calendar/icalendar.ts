import type { Language } from '@upheld/domain/text.ts';
import type { MaintenanceView } from '@upheld/services/read/page-view.ts';
import ical, {
  ICalEventBusyStatus,
  ICalEventStatus,
  ICalEventTransparency,
  type ICalEventData,
} from 'ical-generator';
import { plainLine, plainText } from './plain-text.ts';
import type { Scope } from './scope.ts';
import { CALENDAR_WORDS } from './words.ts';

export interface CalendarInput {
  scope: Scope;
  maintenances: readonly MaintenanceView[];
  language: Language;
  /** Of the site, without a slash at its end. */
  url: string;
}

/** How often a program that subscribed is to look again: notice is given days ahead, a move sometimes hours. */
const LOOK_AGAIN_SECONDS = 3600;

/**
 * Maintenance as a calendar (RFC 5545, with the refresh interval of RFC 7986). All times are UTC, so that
 * no program needs to know the zone. An event is known by its UID whatever calendar it is in; each
 * announcement raises its SEQUENCE, and one that is cancelled stays, as cancelled.
 */
export function icalendarOf({ scope, maintenances, language, url }: CalendarInput): string {
  const words = CALENDAR_WORDS[language];
  const calendar = ical({
    prodId: { company: 'Upheld', product: 'Status page', language: language.toUpperCase() },
    // The library writes these as they are.
    name: escaped(words.calendar(plainLine(scope.name[language]))),
    url: `${url}${scope.path}`,
    ttl: LOOK_AGAIN_SECONDS,
    events: maintenances.map((one) => eventOf(one, { scope, language, url })),
  });
  return `${calendar.toString()}\r\n`;
}

function eventOf(
  maintenance: MaintenanceView,
  { scope, language, url }: Omit<CalendarInput, 'maintenances'>,
): ICalEventData {
  const words = CALENDAR_WORDS[language];
  const cancelled = maintenance.cancelledAt !== null;
  const title = plainLine(maintenance.title[language]);
  const revised = new Date(maintenance.updatedAt);
  const names = affected(maintenance, scope, language);
  return {
    id: maintenance.id,
    sequence: Math.max(0, maintenance.announcements.length - 1),
    // Without a METHOD the stamp is that of the last revision (RFC 5545 3.8.7.2).
    stamp: revised,
    lastModified: revised,
    created: new Date(maintenance.createdAt),
    start: new Date(maintenance.from),
    end: new Date(maintenance.to),
    summary: cancelled ? `${words.cancelled}: ${title}` : title,
    description: descriptionOf(maintenance, { names, language, url }),
    categories: names.map((name) => ({ name })),
    url: pageOf(maintenance, url),
    status: cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    // It takes nobody's own time.
    transparency: ICalEventTransparency.TRANSPARENT,
    busystatus: ICalEventBusyStatus.FREE,
  };
}

function descriptionOf(
  maintenance: MaintenanceView,
  { names, language, url }: { names: readonly string[]; language: Language; url: string },
): string {
  const body = plainText(maintenance.announcements[0]?.body[language] ?? '').trim();
  const about = names.length > 0 ? `${CALENDAR_WORDS[language].about}: ${names.join(', ')}` : '';
  return [body, about, pageOf(maintenance, url)].filter((part) => part !== '').join('\n\n');
}

/** Where people read of it. */
export function pageOf(entry: { type: string; id: string }, url: string): string {
  return `${url}/${entry.type === 'maintenance' ? 'maintenances' : 'incidents'}/${encodeURIComponent(entry.id)}`;
}

/** The names of the components that it touches, as far as the scope may name them. */
export function affected(
  { componentIds }: { componentIds: readonly string[] },
  { names }: Scope,
  language: Language,
): string[] {
  return componentIds.flatMap((id) => {
    const name = plainLine(names.get(id)?.[language] ?? '');
    return name === '' ? [] : [name];
  });
}

/** A TEXT value (RFC 5545 3.3.11). */
function escaped(line: string): string {
  return line.replace(/[\\;,]/g, (character) => `\\${character}`);
}
