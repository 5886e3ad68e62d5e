import { TERMS } from '@upheld/domain/terms.ts';
import type { Language } from '@upheld/domain/text.ts';

/** What calendars and feeds say around the words of an engineer. */
interface Words {
  calendar: (name: string) => string;
  feed: (name: string) => string;
  /** Before the title: not every program shows the status of an event. */
  cancelled: string;
  about: string;
  window: string;
  incident: string;
  maintenance: string;
}

export const CALENDAR_WORDS: Readonly<Record<Language, Words>> = {
  nl: {
    calendar: (name) => `Onderhoud: ${name}`,
    feed: (name) => `Storingen en onderhoud: ${name}`,
    cancelled: TERMS.nl.maintenanceStatus.cancelled,
    about: 'Het gaat om',
    window: 'Wanneer',
    incident: 'Storing',
    maintenance: 'Onderhoud',
  },
  en: {
    calendar: (name) => `Maintenance: ${name}`,
    feed: (name) => `Outages and maintenance: ${name}`,
    cancelled: TERMS.en.maintenanceStatus.cancelled,
    about: 'It is about',
    window: 'When',
    incident: 'Outage',
    maintenance: 'Maintenance',
  },
};
