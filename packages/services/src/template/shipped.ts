import type { IncidentStatus } from '@upheld/domain/incident/incident.ts';
import { TERMS } from '@upheld/domain/terms.ts';
import type { Localised } from '@upheld/domain/text.ts';

/** What a text is for. */
export const TEMPLATE_KINDS = ['incident', 'maintenance'] as const;
export type TemplateKind = (typeof TEMPLATE_KINDS)[number];

export interface ShippedTemplate {
  id: string;
  kind: TemplateKind;
  name: string;
  title: Localised;
  body: Localised;
  status: IncidentStatus | null;
}

/** Texts to start from, until somebody changes or removes them. */
export const SHIPPED: readonly ShippedTemplate[] = [
  {
    id: 'shipped-maintenance-upgrade',
    kind: 'maintenance',
    name: 'New version',
    title: { nl: 'Nieuwe versie van {component}', en: 'New version of {component}' },
    body: {
      nl: 'Van {from} tot {to} zetten we een nieuwe versie van {component} klaar. In die tijd kunt u er niet in werken. Sla uw werk vooraf op; daarna kunt u gewoon weer inloggen.',
      en: 'From {from} to {to} we install a new version of {component}. You cannot work in it during that time. Please save your work beforehand; afterwards you can sign in as usual.',
    },
    status: null,
  },
  {
    id: 'shipped-maintenance-infrastructure',
    kind: 'maintenance',
    name: 'Work on servers or network',
    title: { nl: 'Onderhoud aan {component}', en: 'Maintenance of {component}' },
    body: {
      nl: 'Van {from} tot {to} werken we aan de servers van {component}. U kunt korte onderbrekingen merken. Uw gegevens blijven bewaard.',
      en: 'From {from} to {to} we work on the servers of {component}. You may notice short interruptions. Your data stays as it is.',
    },
    status: null,
  },
  {
    id: 'shipped-maintenance-emergency',
    kind: 'maintenance',
    name: 'Urgent repair',
    title: { nl: 'Spoedonderhoud aan {component}', en: 'Emergency maintenance of {component}' },
    body: {
      nl: 'We moeten {component} nu herstellen om erger te voorkomen. Dat duurt naar verwachting tot {to}. Onze excuses voor het ongemak.',
      en: 'We have to repair {component} now to prevent worse. We expect that to take until {to}. We apologise for the inconvenience.',
    },
    status: null,
  },
  incident('investigating', {
    nl: '{component} werkt niet zoals het hoort. We zoeken uit waardoor het komt en melden ons hier zodra we meer weten.',
    en: '{component} does not work as it should. We are finding out why, and tell you here as soon as we know more.',
  }),
  incident('identified', {
    nl: 'We weten waardoor {component} niet werkt en zijn bezig met herstel.',
    en: 'We know why {component} does not work and are repairing it.',
  }),
  incident('monitoring', {
    nl: '{component} werkt weer. We houden het nog in de gaten.',
    en: '{component} works again. We keep an eye on it.',
  }),
  incident('resolved', {
    nl: 'De storing van {component} is voorbij. Onze excuses voor het ongemak.',
    en: 'The outage of {component} is over. We apologise for the inconvenience.',
  }),
];

function incident(status: IncidentStatus, body: Localised): ShippedTemplate {
  return {
    id: `shipped-incident-${status}`,
    kind: 'incident',
    name: TERMS.en.incidentStatus[status],
    title: { nl: 'Storing van {component}', en: 'Outage of {component}' },
    body,
    status,
  };
}
