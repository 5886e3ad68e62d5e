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
    cancelled: 'Gaat niet door',
    about: 'Het gaat om',
    window: 'Wanneer',
    incident: 'Storing',
    maintenance: 'Onderhoud',
  },
  en: {
    calendar: (name) => `Maintenance: ${name}`,
    feed: (name) => `Outages and maintenance: ${name}`,
    cancelled: 'Cancelled',
    about: 'It is about',
    window: 'When',
    incident: 'Outage',
    maintenance: 'Maintenance',
  },
};
