import type { Cause, IncidentStatus } from './incident/incident.ts';
import type { MaintenanceKind, MaintenanceStatus } from './maintenance/maintenance.ts';
import type { Language } from './text.ts';

/**
 * What the states and kinds of things are called, one word for each in a language: whoever reads of an
 * incident in a mail and then looks at the page, the feed or the console must not wonder whether two words
 * mean two things. A text around them is of the place where it stands.
 */
export interface Terms {
  incidentStatus: Readonly<Record<IncidentStatus, string>>;
  maintenanceStatus: Readonly<Record<MaintenanceStatus, string>>;
  maintenanceKind: Readonly<Record<MaintenanceKind, string>>;
  /** As they stand within a sentence. */
  cause: Readonly<Record<Cause, string>>;
}

const nl: Terms = {
  incidentStatus: {
    investigating: 'In onderzoek',
    identified: 'Oorzaak gevonden',
    monitoring: 'Verholpen, wordt gevolgd',
    resolved: 'Opgelost',
  },
  maintenanceStatus: {
    scheduled: 'Aangekondigd',
    in_progress: 'Bezig',
    verifying: 'Klaar, we controleren het resultaat',
    completed: 'Afgerond',
    cancelled: 'Gaat niet door',
  },
  maintenanceKind: {
    planned: 'Gepland onderhoud',
    emergency: 'Spoedonderhoud',
    'customer-requested': 'Onderhoud op verzoek',
  },
  cause: {
    internal: 'bij onszelf',
    'force-majeure': 'overmacht',
    internet: 'het internet buiten ons netwerk',
    datacentre: 'het datacentrum',
    'third-party-software': 'software van een andere leverancier',
    'customer-request': 'op verzoek van de klant',
    'customer-act': 'een handeling van de klant',
    'customer-software': 'software van de klant',
    'customer-infrastructure': 'apparatuur of netwerk van de klant',
    suspension: 'opschorting van de dienst',
  },
};

const en: Terms = {
  incidentStatus: {
    investigating: 'Investigating',
    identified: 'Cause found',
    monitoring: 'Repaired, being watched',
    resolved: 'Resolved',
  },
  maintenanceStatus: {
    scheduled: 'Announced',
    in_progress: 'Under way',
    verifying: 'Done, we are checking the result',
    completed: 'Completed',
    cancelled: 'Called off',
  },
  maintenanceKind: {
    planned: 'Planned maintenance',
    emergency: 'Emergency maintenance',
    'customer-requested': 'Maintenance on request',
  },
  cause: {
    internal: 'on our side',
    'force-majeure': 'force majeure',
    internet: 'the internet outside our network',
    datacentre: 'the data centre',
    'third-party-software': 'software of another supplier',
    'customer-request': 'at the request of the customer',
    'customer-act': 'an act of the customer',
    'customer-software': 'software of the customer',
    'customer-infrastructure': 'equipment or network of the customer',
    suspension: 'suspension of the service',
  },
};

export const TERMS: Readonly<Record<Language, Terms>> = { nl, en };

/** The values of a closed set with what they are called, for those who read the names in the API. */
export function glossary(words: Readonly<Record<string, string>>): string {
  return Object.entries(words)
    .map(([value, word]) => `${value}: ${word}`)
    .join('; ');
}
