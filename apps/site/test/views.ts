import type {
  AvailabilityView,
  ComponentView,
  DayView,
  GroupView,
  IncidentView,
  MaintenanceView,
  PageView,
} from '@upheld/services/read/page-view.ts';
import type { Localised } from '@upheld/domain/text.ts';

/** Saturday 21 November 2026, 10:32 in Amsterdam. */
export const NOW = Date.UTC(2026, 10, 21, 9, 32);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const both = (nl: string, en: string): Localised => ({ nl, en });
const same = (text: string): Localised => ({ nl: text, en: text });

function dateOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

const NOTHING = { downSeconds: 0, degradedSeconds: 0, maintenanceSeconds: 0, unmeasuredSeconds: 0 };

/** Ninety days up to today; `special` says by how many days ago what a day was. */
export function ninetyDays(special: Readonly<Record<number, Partial<DayView>>> = {}): DayView[] {
  return Array.from({ length: 90 }, (_, index) => {
    const ago = 89 - index;
    const date = dateOf(NOW - ago * DAY);
    return { date, state: 'up', ...NOTHING, incidents: [], ...special[ago] };
  });
}

const UNMEASURED: Partial<DayView> = { state: 'unmeasured', unmeasuredSeconds: 86_400 };

/** Days `from` to `to` ago, both included, as nobody measured them. */
export function unmeasured(from: number, to: number): Record<number, Partial<DayView>> {
  return Object.fromEntries(Array.from({ length: from - to + 1 }, (_, n) => [to + n, UNMEASURED]));
}

export function availability(parts: Partial<AvailabilityView> = {}): AvailabilityView {
  return {
    agreement: 'spotonmedics',
    part: 'all',
    from: NOW - 365 * DAY,
    to: NOW,
    measuredSince: null,
    percent: '99.982345',
    coveragePercent: '99.871204',
    lowestPercent: '99.853767',
    highestPercent: '99.982367',
    norm: '99',
    verdict: 'met',
    downSeconds: 5562,
    budgetSeconds: 309_798,
    recorded: null,
    ...parts,
  };
}

export function component(id: string, parts: Partial<ComponentView> = {}): ComponentView {
  return {
    id,
    name: same(id),
    description: null,
    state: 'operational',
    createdAt: NOW - 400 * DAY,
    updatedAt: NOW,
    days: ninetyDays(),
    availability: [availability()],
    ...parts,
  };
}

export const openIncident: IncidentView = {
  type: 'incident',
  id: '0199a000-0000-7000-8000-000000000001',
  title: both('FysioOne is niet bereikbaar', 'FysioOne cannot be reached'),
  status: 'identified',
  impact: 'critical',
  startedAt: NOW - 47 * MINUTE,
  noticedAt: NOW - 46 * MINUTE,
  resolvedAt: null,
  updatedAt: NOW - 12 * MINUTE,
  version: 1,
  componentIds: ['fysioone'],
  cause: null,
  acknowledgedAt: null,
  mergedIntoId: null,
  splitFromId: null,
  postmortem: null,
  corrections: [],
  updates: [
    {
      id: 'u2',
      status: 'identified',
      body: both(
        'Een van onze databases weigert nieuwe verbindingen. We zetten de reserve in; dat duurt naar verwachting een kwartier.\nGegevens zijn niet verloren gegaan.',
        'One of our databases refuses new connections. We are switching to its stand-by, which should take a quarter of an hour.\nNo data was lost.',
      ),
      at: NOW - 12 * MINUTE,
    },
    {
      id: 'u1',
      status: 'investigating',
      body: both(
        'FysioOne geeft sinds 09:45 geen antwoord. We zoeken uit waardoor dat komt.',
        'FysioOne has not answered since 09:45. We are finding out why.',
      ),
      at: NOW - 41 * MINUTE,
    },
  ],
};

export const resolvedIncident: IncidentView = {
  type: 'incident',
  id: '0199a000-0000-7000-8000-000000000002',
  title: both('Inloggen duurde lang', 'Signing in was slow'),
  status: 'resolved',
  impact: 'minor',
  startedAt: NOW - 5 * DAY,
  noticedAt: NOW - 5 * DAY + 2 * MINUTE,
  resolvedAt: NOW - 5 * DAY + 38 * MINUTE,
  updatedAt: NOW - 5 * DAY + 38 * MINUTE,
  version: 1,
  componentIds: ['intelligence', 'ketenone'],
  cause: 'third-party-software',
  acknowledgedAt: null,
  mergedIntoId: null,
  splitFromId: null,
  postmortem: null,
  corrections: [],
  updates: [
    {
      id: 'u3',
      status: 'resolved',
      body: both(
        'Inloggen gaat weer vlot. De oorzaak lag bij de leverancier van de inlogdienst.',
        'Signing in is quick again. The cause lay with the supplier of the sign-in service.',
      ),
      at: NOW - 5 * DAY + 38 * MINUTE,
    },
  ],
};

export const announced: MaintenanceView = {
  type: 'maintenance',
  id: '0199a000-0000-7000-8000-000000000003',
  title: both('Nieuwe versie van KetenOne', 'New version of KetenOne'),
  kind: 'planned',
  status: 'scheduled',
  from: Date.UTC(2026, 10, 28, 21),
  to: Date.UTC(2026, 10, 29, 1),
  updatedAt: NOW - 2 * DAY,
  createdAt: NOW - 2 * DAY,
  cancelledAt: null,
  version: 1,
  componentIds: ['ketenone'],
  announcements: [
    {
      id: 'a1',
      body: both(
        'We zetten versie 12.4 neer. KetenOne is in die tijd enkele keren een paar minuten niet te gebruiken.',
        'We install version 12.4. KetenOne will be out of use a few times for some minutes.',
      ),
      at: NOW - 2 * DAY,
      from: Date.UTC(2026, 10, 28, 21),
      to: Date.UTC(2026, 10, 29, 1),
    },
  ],
};

export const doneMaintenance: MaintenanceView = {
  ...announced,
  id: '0199a000-0000-7000-8000-000000000004',
  title: both('Vervanging van een netwerkschakelaar', 'Replacement of a network switch'),
  status: 'completed',
  from: NOW - 9 * DAY,
  to: NOW - 9 * DAY + 2 * HOUR,
  componentIds: ['fysioone'],
};

const PRODUCTS: readonly GroupView[] = [
  {
    id: 'care',
    name: both('Voor de praktijk', 'For the practice'),
    components: [
      component('fysioone', {
        name: same('FysioOne'),
        description: both('Dossier, agenda en declaraties', 'Records, agenda and claims'),
        days: ninetyDays({
          9: { state: 'maintenance', maintenanceSeconds: 7200 },
          33: { state: 'down', downSeconds: 4362, incidents: [resolvedIncident] },
          34: { state: 'down', downSeconds: 1200, degradedSeconds: 300 },
          61: { state: 'up', unmeasuredSeconds: 14_400 },
        }),
      }),
      component('intelligence', {
        name: same('Intelligence'),
        description: both('Rapporten en stuurinformatie', 'Reports and figures'),
        days: ninetyDays({
          ...unmeasured(89, 62),
          5: { state: 'degraded', degradedSeconds: 2280, incidents: [resolvedIncident] },
        }),
        availability: [
          availability({
            percent: '100.000000',
            coveragePercent: '16.986301',
            lowestPercent: '16.986301',
            highestPercent: '100.000000',
            verdict: 'not-proven',
            measuredSince: NOW - 62 * DAY,
            downSeconds: 0,
            budgetSeconds: 53_568,
          }),
        ],
      }),
    ],
  },
  {
    id: 'chain',
    name: both('Samen met anderen', 'Together with others'),
    components: [
      component('ketenone', {
        name: same('KetenOne'),
        availability: [
          availability({
            agreement: 'infravision-cloud',
            part: 'office',
            percent: '99.412003',
            norm: '99.5',
            verdict: 'missed',
            downSeconds: 46_800,
            budgetSeconds: -7020,
            lowestPercent: '99.412003',
            highestPercent: '99.412003',
            coveragePercent: '100.000000',
          }),
          availability({ agreement: 'infravision-cloud', part: 'outside-office', norm: '95' }),
        ],
      }),
    ],
  },
];

export function pageView(parts: Partial<PageView> = {}): PageView {
  return {
    revision: 7,
    generatedAt: NOW,
    dataAsOf: NOW - MINUTE,
    validUntil: NOW + HOUR,
    page: {
      id: 'main',
      title: both('Status van Zorgsoftware', 'Status of Zorgsoftware'),
      description: null,
      url: 'https://status.zorgsoftware.example/',
      timezone: 'Europe/Amsterdam',
    },
    organisation: {
      name: 'Zorgsoftware BV',
      website: 'https://www.zorgsoftware.example',
      contact: 'support@zorgsoftware.example',
    },
    overall: 'operational',
    groups: PRODUCTS,
    openIncidents: [],
    maintenances: [],
    history: [],
    channels: { email: true, sms: true },
    firstRun: false,
    ...parts,
  };
}
