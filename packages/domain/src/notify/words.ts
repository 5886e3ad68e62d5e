import type { IncidentStatus } from '../incident/incident.ts';
import type { Language } from '../text.ts';

/** What messages say around the words of an engineer. */
export interface Words {
  status: Record<IncidentStatus, string>;
  incident: Record<'opened' | 'updated' | 'resolved', string>;
  maintenance: Record<'announced' | 'changed' | 'cancelled', string>;
  about: string;
  since: string;
  window: string;
  more: string;
  why: (page: string) => string;
  manage: string;
  unsubscribe: string;
  /** Before the link that ends text messages. */
  stop: string;
  confirmSubject: string;
  confirmText: (page: string) => string;
  confirm: string;
  confirmIgnore: string;
  /** Septets are dear here: without the page it is about 60 of them. */
  code: (page: string, code: string) => string;
}

const nl: Words = {
  status: {
    investigating: 'Wordt onderzocht',
    identified: 'Oorzaak gevonden',
    monitoring: 'Wordt gevolgd',
    resolved: 'Opgelost',
  },
  incident: {
    opened: 'Storing',
    updated: 'Nieuws over de storing',
    resolved: 'De storing is voorbij',
  },
  maintenance: {
    announced: 'Onderhoud aangekondigd',
    changed: 'Onderhoud gewijzigd',
    cancelled: 'Onderhoud gaat niet door',
  },
  about: 'Het gaat om',
  since: 'Sinds',
  window: 'Wanneer',
  more: 'Lees verder op de statuspagina',
  why: (page) => `U krijgt dit bericht omdat u zich heeft aangemeld voor berichten van ${page}.`,
  manage: 'Voorkeuren wijzigen',
  unsubscribe: 'Afmelden',
  stop: 'Afmelden',
  confirmSubject: 'Bevestig uw aanmelding',
  confirmText: (page) =>
    `Iemand, waarschijnlijk u, heeft dit adres aangemeld voor berichten van ${page} over storingen en onderhoud. Bevestig dat met deze knop; tot dan sturen we niets.`,
  confirm: 'Aanmelding bevestigen',
  confirmIgnore: 'Was u het niet? Dan hoeft u niets te doen; deze aanmelding vervalt vanzelf.',
  code: (page, code) =>
    `${code} is uw code voor berichten van ${page}. Hij is een kwartier geldig.`,
};

const en: Words = {
  status: {
    investigating: 'Investigating',
    identified: 'Identified',
    monitoring: 'Monitoring',
    resolved: 'Resolved',
  },
  incident: { opened: 'Outage', updated: 'News of the outage', resolved: 'The outage is over' },
  maintenance: {
    announced: 'Maintenance announced',
    changed: 'Maintenance changed',
    cancelled: 'Maintenance cancelled',
  },
  about: 'It is about',
  since: 'Since',
  window: 'When',
  more: 'Read on at the status page',
  why: (page) => `You get this message because you subscribed to messages of ${page}.`,
  manage: 'Change preferences',
  unsubscribe: 'Unsubscribe',
  stop: 'Stop',
  confirmSubject: 'Confirm your subscription',
  confirmText: (page) =>
    `Somebody, probably you, subscribed this address to messages of ${page} about outages and maintenance. Confirm that with this button; until then we send nothing.`,
  confirm: 'Confirm subscription',
  confirmIgnore: 'It was not you? Then there is nothing to do; this subscription lapses by itself.',
  code: (page, code) =>
    `${code} is your code for messages of ${page}. It is valid for a quarter of an hour.`,
};

export const WORDS: Readonly<Record<Language, Words>> = { nl, en };
