import type { Localised } from '@upheld/domain/text.ts';
import type { ComponentView, PageView } from '@upheld/services/read/page-view.ts';
import {
  NOW,
  announced,
  availability,
  component,
  doneMaintenance,
  ninetyDays,
  openIncident,
  pageView,
  resolvedIncident,
  unmeasured,
} from './views.ts';

const both = (nl: string, en: string): Localised => ({ nl, en });
const same = (text: string): Localised => ({ nl: text, en: text });

function withComponents(view: PageView, change: (c: ComponentView) => ComponentView): PageView {
  return {
    ...view,
    groups: view.groups.map((group) => ({ ...group, components: group.components.map(change) })),
  };
}

const NEVER: Partial<ComponentView> = {
  state: 'unknown',
  days: ninetyDays(unmeasured(89, 0)),
  availability: [
    availability({
      percent: null,
      coveragePercent: '0.000000',
      lowestPercent: null,
      highestPercent: null,
      verdict: 'no-data',
      downSeconds: 0,
      budgetSeconds: 0,
    }),
  ],
};

/** The page in the situations that it must stand up to. */
export const SITUATIONS = {
  calm: pageView({ history: [resolvedIncident, doneMaintenance], maintenances: [announced] }),
  incident: withComponents(
    pageView({
      overall: 'major_outage',
      openIncidents: [openIncident],
      maintenances: [announced],
      history: [resolvedIncident, doneMaintenance],
    }),
    (c) =>
      c.id === 'fysioone'
        ? {
            ...c,
            state: 'major_outage',
            days: ninetyDays({
              0: { state: 'down', downSeconds: 2820, incidents: [openIncident] },
              9: { state: 'maintenance', maintenanceSeconds: 7200 },
              33: { state: 'down', downSeconds: 4362, incidents: [resolvedIncident] },
            }),
          }
        : c,
  ),
  maintenance: withComponents(
    pageView({ overall: 'maintenance', maintenances: [{ ...announced, status: 'in_progress' }] }),
    (c) => (c.id === 'ketenone' ? { ...c, state: 'under_maintenance' } : c),
  ),
  degraded: withComponents(pageView({ overall: 'degraded' }), (c) =>
    c.id === 'intelligence' ? { ...c, state: 'degraded_performance' } : c,
  ),
  partial: withComponents(pageView({ overall: 'partial_outage' }), (c) =>
    c.id === 'intelligence' ? { ...c, state: 'partial_outage' } : c,
  ),
  unmeasured: withComponents(pageView({ overall: 'unknown', dataAsOf: null }), (c) => ({
    ...c,
    ...NEVER,
  })),
  firstRun: pageView({
    page: {
      id: 'main',
      title: both('Systeemstatus', 'System status'),
      description: null,
      url: 'http://localhost:3000/',
      timezone: 'Europe/Amsterdam',
    },
    organisation: { name: 'Upheld', website: null, contact: null },
    firstRun: true,
    channels: { email: false, sms: false },
    groups: [
      {
        id: 'products',
        name: both('Producten', 'Products'),
        components: [
          component('upheld', {
            name: both('Deze statuspagina', 'This status page'),
            days: ninetyDays(unmeasured(89, 1)),
            availability: [
              availability({
                agreement: 'standard',
                norm: '99.9',
                percent: '100.000000',
                coveragePercent: '0.000951',
                lowestPercent: '0.000951',
                highestPercent: '100.000000',
                verdict: 'not-proven',
                measuredSince: NOW - 300_000,
                downSeconds: 0,
                budgetSeconds: 0,
              }),
            ],
          }),
        ],
      },
    ],
  }),
  /** Texts that try to be markup, and names of which nobody thought. */
  hostile: withComponents(
    pageView({
      overall: 'partial_outage',
      openIncidents: [
        {
          ...openIncident,
          title: same('<img src=x onerror=alert(1)> "quoted" & <b>bold</b>'),
          updates: [
            {
              id: 'x',
              status: 'investigating',
              body: same('</p><script>alert(1)</script> javascript:alert(1) ‮reversed'),
              at: NOW,
            },
          ],
        },
      ],
    }),
    (c) => ({ ...c, name: same(`"><svg onload=alert(1)>${'Zeerlangenaam'.repeat(12)}`) }),
  ),
} satisfies Record<string, PageView>;

export type Situation = keyof typeof SITUATIONS;
