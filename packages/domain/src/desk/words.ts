import type { PauseReason, TicketKind } from '../sla/facts.ts';
import { TERMS } from '../terms.ts';
import type { Language } from '../text.ts';
import type { TicketState } from './ticket.ts';

/** What the states and kinds of reports are called, on the desk and in the mails about them. */
export interface DeskWords {
  state: Readonly<Record<TicketState, string>>;
  kind: Readonly<Record<TicketKind, string>>;
  waitsFor: Readonly<Record<PauseReason, string>>;
  level: (id: string) => string;
}

const nl: DeskWords = {
  state: {
    open: 'Open',
    waiting: 'Wacht',
    recovered: TERMS.nl.incidentStatus.resolved,
    closed: 'Gesloten',
  },
  kind: { incident: 'Storing', bug: 'Fout', question: 'Vraag of verzoek' },
  waitsFor: {
    'force-majeure': 'Overmacht',
    'announced-maintenance': 'Aangekondigd onderhoud',
    'customer-act': 'Een handeling van de klant',
    'customer-request': 'Op verzoek van de klant',
    'key-user-unreachable': 'Geen key-user is bereikbaar',
    'third-party-software': 'Software van een andere leverancier',
    'new-fix-needed': 'Er is een nieuwe oplossing nodig',
    'no-access': 'Wij hebben geen toegang',
    'customer-software': 'Software van de klant',
    'incomplete-request': 'De melding is niet volledig',
    'waiting-customer': 'Wij wachten op de klant',
    'customer-infrastructure': 'Apparatuur of netwerk van de klant',
    internet: 'Het internet buiten ons netwerk',
  },
  level: (id) => `niveau ${shownLevel(id)}`,
};

const en: DeskWords = {
  state: {
    open: 'Open',
    waiting: 'Waiting',
    recovered: TERMS.en.incidentStatus.resolved,
    closed: 'Closed',
  },
  kind: { incident: 'Incident', bug: 'Bug', question: 'Question or request' },
  waitsFor: {
    'force-majeure': 'Force majeure',
    'announced-maintenance': 'Announced maintenance',
    'customer-act': 'An act of the customer',
    'customer-request': 'At the request of the customer',
    'key-user-unreachable': 'No key user can be reached',
    'third-party-software': 'Software of another supplier',
    'new-fix-needed': 'A new fix is needed',
    'no-access': 'We have no access',
    'customer-software': 'Software of the customer',
    'incomplete-request': 'The request is not complete',
    'waiting-customer': 'We wait for the customer',
    'customer-infrastructure': 'Equipment or network of the customer',
    internet: 'The internet outside our network',
  },
  level: (id) => `level ${shownLevel(id)}`,
};

export const DESK_WORDS: Readonly<Record<Language, DeskWords>> = { nl, en };

/** A level as contracts print it: "A", not the "a" of its id; a word stays one. */
export function shownLevel(id: string): string {
  return id.length <= 2 ? id.toUpperCase() : `${id.charAt(0).toUpperCase()}${id.slice(1)}`;
}
