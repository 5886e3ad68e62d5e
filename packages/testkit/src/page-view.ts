import type { Instant } from '@upheld/domain/ports.ts';
import type {
  ComponentView,
  GroupView,
  IncidentView,
  MaintenanceView,
  PageView,
} from '@upheld/services/read/page-view.ts';

/** The moment at which the built views are read: that of the controlled clock. */
const NOW: Instant = Date.UTC(2026, 10, 21, 9);
const HOUR = 3_600_000;

/** A component that was measured for a year and works. */
export function componentView(overrides: Partial<ComponentView> = {}): ComponentView {
  return {
    id: 'fysioone',
    name: { nl: 'FysioOne', en: 'FysioOne' },
    description: { nl: 'Het dossier', en: 'The record' },
    state: 'operational',
    createdAt: Date.UTC(2025, 0, 31, 23, 30),
    updatedAt: NOW - 30 * HOUR,
    days: [],
    availability: [
      {
        agreement: 'spotonmedics',
        part: 'all',
        from: Date.UTC(2025, 10, 21, 9),
        to: NOW,
        measuredSince: null,
        percent: '99.987654',
        coveragePercent: '99.999999',
        lowestPercent: '99.987653',
        highestPercent: '99.987654',
        norm: '99',
        verdict: 'met',
        downSeconds: 3893,
        budgetSeconds: 311_467,
        recorded: null,
      },
    ],
    ...overrides,
  };
}

export function groupView(overrides: Partial<GroupView> = {}): GroupView {
  return {
    id: 'products',
    name: { nl: 'Producten', en: 'Products' },
    components: [componentView()],
    ...overrides,
  };
}

/** An incident of half an hour ago that goes on. */
export function incidentView(overrides: Partial<IncidentView> = {}): IncidentView {
  return {
    type: 'incident',
    id: 'incident-1',
    title: { nl: 'FysioOne is niet bereikbaar', en: 'FysioOne cannot be reached' },
    status: 'investigating',
    impact: 'critical',
    startedAt: NOW - HOUR / 2,
    noticedAt: NOW - HOUR / 2 + 30_000,
    resolvedAt: null,
    updatedAt: NOW - HOUR / 2 + 30_000,
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
        id: 'update-1',
        status: 'investigating',
        body: { nl: 'We zoeken het uit.', en: 'We are looking into it.' },
        at: NOW - HOUR / 2 + 30_000,
      },
    ],
    ...overrides,
  };
}

/** A maintenance of ten days ahead, announced yesterday. */
export function maintenanceView(overrides: Partial<MaintenanceView> = {}): MaintenanceView {
  const from = Date.UTC(2026, 11, 1, 21);
  const to = Date.UTC(2026, 11, 2, 1);
  const at = NOW - 24 * HOUR;
  return {
    type: 'maintenance',
    id: 'maintenance-1',
    title: { nl: 'Gepland onderhoud', en: 'Planned maintenance' },
    kind: 'planned',
    status: 'scheduled',
    from,
    to,
    createdAt: at,
    updatedAt: at,
    cancelledAt: null,
    version: 1,
    componentIds: ['fysioone'],
    announcements: [
      {
        id: 'announcement-1',
        body: { nl: 'De database wordt bijgewerkt.', en: 'The database is upgraded.' },
        at,
        from,
        to,
      },
    ],
    ...overrides,
  };
}

/** A page of one working product. */
export function pageView(overrides: Partial<PageView> = {}): PageView {
  return {
    revision: 1,
    generatedAt: NOW,
    dataAsOf: NOW - 5000,
    validUntil: NOW + HOUR,
    page: {
      id: 'main',
      title: { nl: 'Status van Zorgsoftware', en: 'Zorgsoftware status' },
      description: null,
      url: 'http://status.example.test/',
      timezone: 'Europe/Amsterdam',
    },
    organisation: { name: 'Zorgsoftware', website: null, contact: 'support@zorgsoftware.example' },
    overall: 'operational',
    groups: [groupView()],
    openIncidents: [],
    maintenances: [],
    history: [],
    channels: { email: true, sms: true },
    firstRun: false,
    ...overrides,
  };
}
