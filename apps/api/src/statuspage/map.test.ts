import { OVERALL_STATES } from '@upheld/services/read/page-view.ts';
import { MAINTENANCE_STATUSES } from '@upheld/domain/maintenance/maintenance.ts';
import {
  componentView,
  groupView,
  incidentView,
  maintenanceView,
  pageView,
} from '@upheld/testkit/page-view.ts';
import type { PageView } from '@upheld/services/read/page-view.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertStatuspage } from '../../test/statuspage-schema.ts';
import { spIncident, spMaintenance, spPage, spStatus, tell } from './map.ts';

const URL_OF_PAGE = 'https://status.example.test/';

const telling = (overrides: Partial<PageView> = {}, language: 'nl' | 'en' = 'en') =>
  tell(pageView(overrides), language, URL_OF_PAGE);

describe('the words of Statuspage', () => {
  it('knows an indicator for every overall state, and never says that the unknown works', () => {
    const said = OVERALL_STATES.map((overall) => {
      const status = spStatus(telling({ overall }));
      assertStatuspage({ status }, ['status']);
      return [overall, status.indicator];
    });
    assert.deepEqual(Object.fromEntries(said), {
      operational: 'none',
      maintenance: 'maintenance',
      degraded: 'minor',
      partial_outage: 'major',
      major_outage: 'critical',
      unknown: 'none',
    });
    assert.equal(spStatus(telling()).description, 'All Systems Operational');
    assert.doesNotMatch(spStatus(telling({ overall: 'unknown' })).description, /Operational/);
  });

  it('tells in the language asked for', () => {
    assert.equal(spStatus(telling({ overall: 'major_outage' }, 'nl')).description, 'Grote storing');
    assert.equal(spPage(telling({}, 'nl')).name, 'Status van Zorgsoftware');
  });

  it('lists a group before its members and points both ways', () => {
    const { components } = telling({
      groups: [
        groupView({
          components: [
            componentView(),
            componentView({ id: 'intelligence', state: 'partial_outage' }),
          ],
        }),
        groupView({ id: 'cloud', components: [componentView({ id: 'iv', state: 'unknown' })] }),
      ],
    });
    assertStatuspage({ components }, ['components']);
    assert.deepEqual(
      components.map(({ id, group_id, position, status }) => [id, group_id, position, status]),
      [
        ['group.products', null, 1, 'partial_outage'],
        ['fysioone', 'group.products', 1, 'operational'],
        ['intelligence', 'group.products', 2, 'partial_outage'],
        ['group.cloud', null, 2, 'operational'],
        ['iv', 'group.cloud', 1, 'operational'],
      ],
    );
    assert.deepEqual(components[0]?.components, ['fysioone', 'intelligence']);
  });

  it('gives the start date of a component in the zone of the page', () => {
    // 23:30 UTC on 31 January is already 1 February in Amsterdam.
    assert.equal(telling().components[1]?.start_date, '2025-02-01');
  });

  it('shows a group with an outage and maintenance as an outage', () => {
    const { components } = telling({
      groups: [
        groupView({
          components: [
            componentView({ state: 'under_maintenance' }),
            componentView({ id: 'b', state: 'degraded_performance' }),
          ],
        }),
      ],
    });
    assert.equal(components[0]?.status, 'degraded_performance');
  });
});

describe('an incident', () => {
  const updates = incidentView().updates;
  const resolved = incidentView({
    status: 'resolved',
    resolvedAt: Date.UTC(2026, 10, 21, 8, 55),
    updates: [
      {
        id: 'u3',
        status: 'resolved',
        body: { nl: 'Klaar', en: 'Done' },
        at: Date.UTC(2026, 10, 21, 8, 55),
      },
      {
        id: 'u2',
        status: 'monitoring',
        body: { nl: 'We kijken', en: 'We watch' },
        at: Date.UTC(2026, 10, 21, 8, 50),
      },
      ...updates,
    ],
  });

  it('has the shape that clients read, open and resolved', () => {
    const incidents = [incidentView(), resolved].map((one) => spIncident(telling(), one));
    assertStatuspage({ incidents }, ['incidents']);
    const over = incidents[1];
    assert.ok(over);
    assert.equal(over.monitoring_at, '2026-11-21T08:50:00.000Z');
    assert.equal(over.resolved_at, '2026-11-21T08:55:00.000Z');
  });

  it('keeps when it began apart from when it was noticed', () => {
    const incident = spIncident(telling(), incidentView());
    assert.equal(incident.started_at, '2026-11-21T08:30:00.000Z');
    assert.equal(incident.created_at, '2026-11-21T08:30:30.000Z');
  });

  it('names only components of this page and links to its own page', () => {
    const incident = spIncident(telling(), incidentView({ componentIds: ['fysioone', 'secret'] }));
    assert.deepEqual(
      incident.components.map(({ id }) => id),
      ['fysioone'],
    );
    assert.equal(incident.shortlink, 'https://status.example.test/incidents/incident-1');
  });
});

describe('a maintenance', () => {
  it('has the shape that clients read in every status', () => {
    const scheduled_maintenances = MAINTENANCE_STATUSES.map((status) =>
      spMaintenance(telling(), maintenanceView({ status })),
    );
    assertStatuspage({ scheduled_maintenances }, ['scheduled_maintenances']);
  });

  it('ended when the work was finished, else with its window', () => {
    const ended = (overrides: object) =>
      spMaintenance(telling(), maintenanceView({ status: 'completed', ...overrides })).resolved_at;
    assert.equal(ended({}), '2026-12-02T01:00:00.000Z');
    const finished = Date.UTC(2026, 11, 1, 23, 15);
    assert.equal(ended({ updatedAt: finished }), '2026-12-01T23:15:00.000Z');
  });

  it('is completed at the moment of its cancellation, with the cancelling words as its last update', () => {
    const view = maintenanceView();
    const cancelledAt = view.createdAt + 3_600_000;
    const [announcement] = view.announcements;
    assert.ok(announcement);
    const cancelled = spMaintenance(
      telling(),
      maintenanceView({
        status: 'cancelled',
        cancelledAt,
        announcements: [
          {
            ...announcement,
            id: 'a2',
            at: cancelledAt,
            body: { nl: 'Gaat niet door', en: 'Called off' },
          },
          announcement,
        ],
      }),
    );
    assert.equal(cancelled.status, 'completed');
    assert.equal(cancelled.resolved_at, new Date(cancelledAt).toISOString());
    assert.deepEqual(
      cancelled.incident_updates.map(({ status, body }) => [status, body]),
      [
        ['completed', 'Called off'],
        ['scheduled', 'The database is upgraded.'],
      ],
    );
  });
});

describe('the page', () => {
  it('was updated when the newest of what it shows was', () => {
    const page = spPage(telling({ openIncidents: [incidentView()] }));
    assertStatuspage({ page }, ['page']);
    assert.equal(page.updated_at, '2026-11-21T08:30:30.000Z');
  });
});
