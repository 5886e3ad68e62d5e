import type { IncidentStatus } from '../incident/incident.ts';
import { TERMS } from '../terms.ts';
import type { Language } from '../text.ts';
import type { Reminder } from './reminders.ts';

/** What messages say around the words of an engineer. */
export interface Words {
  status: Readonly<Record<IncidentStatus, string>>;
  incident: Record<'opened' | 'updated' | 'resolved', string>;
  maintenance: Record<'announced' | 'changed' | 'cancelled', string>;
  reminder: Record<Reminder, string>;
  /** What a mail says once it is over, instead of what was announced. */
  reminderOver: string;
  about: string;
  since: string;
  window: string;
  more: string;
  why: (page: string) => string;
  /** Of a mail about maintenance. */
  calendar: string;
  manage: string;
  unsubscribe: string;
  /** Before the link that ends text messages. */
  stop: string;
  confirmSubject: string;
  confirmText: (page: string) => string;
  confirm: string;
  confirmIgnore: string;
  alert: Record<
    'incident' | 'duty' | 'several' | 'raised' | 'acknowledge' | 'isLast' | 'why',
    string
  > & {
    count: (count: number) => string;
    more: (count: number) => string;
  };
  invitation: Record<'heading' | 'until' | 'make' | 'ignore', string> & {
    text: (invitedBy: string) => string;
  };
  /** Septets are dear here: without the page it is about 60 of them. */
  code: (page: string, code: string) => string;
}

const nl: Words = {
  status: TERMS.nl.incidentStatus,
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
  reminder: {
    '24h': 'Herinnering aan onderhoud',
    '1h': 'Onderhoud begint zo',
    start: 'Onderhoud is begonnen',
    end: 'Onderhoud is voorbij',
  },
  reminderOver: 'Het onderhoud is voorbij. Merkt u er nog iets van, laat het ons dan weten.',
  about: 'Het gaat om',
  since: 'Sinds',
  window: 'Wanneer',
  more: 'Lees verder op de statuspagina',
  why: (page) => `U krijgt dit bericht omdat u zich heeft aangemeld voor berichten van ${page}.`,
  calendar: 'Al het onderhoud in uw agenda',
  manage: 'Voorkeuren wijzigen',
  unsubscribe: 'Afmelden',
  stop: 'Afmelden',
  confirmSubject: 'Bevestig uw aanmelding',
  confirmText: (page) =>
    `Iemand, waarschijnlijk u, heeft dit adres aangemeld voor berichten van ${page} over storingen en onderhoud. Bevestig dat met deze knop; tot dan sturen we niets.`,
  confirm: 'Aanmelding bevestigen',
  confirmIgnore: 'Was u het niet? Dan hoeft u niets te doen; deze aanmelding vervalt vanzelf.',
  alert: {
    incident: 'Storing: er is nog niemand mee bezig',
    duty: 'Een verplichting komt eraan',
    several: 'Hier is nog niemand mee bezig',
    count: (count) => `${count} dingen vragen u`,
    more: (count) => `en nog ${count}`,
    raised: 'Gemeld',
    acknowledge: 'Ik pak het op',
    isLast: 'Dit uur volgen geen sms-berichten meer; wat nog komt, staat op de console.',
    why: 'U krijgt dit bericht omdat u dienst heeft. Pakt niemand het op, dan is de volgende aan de beurt.',
  },
  invitation: {
    heading: 'Uitnodiging voor een account',
    text: (invitedBy) =>
      `${invitedBy} nodigt u uit om een account te maken. De link werkt één keer, en alleen voor u: stuur hem niet door. U kiest een wachtwoord en daarna een tweede factor.`,
    until: 'Te gebruiken tot',
    make: 'Account maken',
    ignore: 'Verwachtte u dit niet? Doe dan niets.',
  },
  code: (page, code) =>
    `${code} is uw code voor berichten van ${page}. Hij is een kwartier geldig.`,
};

const en: Words = {
  status: TERMS.en.incidentStatus,
  incident: { opened: 'Outage', updated: 'News of the outage', resolved: 'The outage is over' },
  maintenance: {
    announced: 'Maintenance announced',
    changed: 'Maintenance changed',
    cancelled: 'Maintenance called off',
  },
  reminder: {
    '24h': 'Reminder of maintenance',
    '1h': 'Maintenance begins soon',
    start: 'Maintenance has begun',
    end: 'Maintenance is over',
  },
  reminderOver: 'The maintenance is over. Please tell us if you still notice something of it.',
  about: 'It is about',
  since: 'Since',
  window: 'When',
  more: 'Read on at the status page',
  why: (page) => `You get this message because you subscribed to messages of ${page}.`,
  calendar: 'All maintenance in your calendar',
  manage: 'Change preferences',
  unsubscribe: 'Unsubscribe',
  stop: 'Stop',
  confirmSubject: 'Confirm your subscription',
  confirmText: (page) =>
    `Somebody, probably you, subscribed this address to messages of ${page} about outages and maintenance. Confirm that with this button; until then we send nothing.`,
  confirm: 'Confirm subscription',
  confirmIgnore: 'It was not you? Then there is nothing to do; this subscription lapses by itself.',
  alert: {
    incident: 'Outage: nobody looks at it yet',
    duty: 'Something is due soon',
    several: 'Nobody looks at these yet',
    count: (count) => `${count} things need you`,
    more: (count) => `and ${count} more`,
    raised: 'Raised',
    acknowledge: 'I am on it',
    isLast: 'No more text messages follow this hour; what else comes is on the desk.',
    why: 'You get this message because you are on call. If nobody takes it, it is the turn of the next.',
  },
  invitation: {
    heading: 'Invitation to make an account',
    text: (invitedBy) =>
      `${invitedBy} invites you to make an account. The link works once, and for you alone: do not send it on. You choose a password, and then a second factor.`,
    until: 'To be used until',
    make: 'Make the account',
    ignore: 'Did you not expect this? Then do nothing.',
  },
  code: (page, code) =>
    `${code} is your code for messages of ${page}. It is valid for a quarter of an hour.`,
};

export const WORDS: Readonly<Record<Language, Words>> = { nl, en };
