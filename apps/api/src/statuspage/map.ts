import type { MaintenanceStatus } from '@upheld/domain/maintenance/maintenance.ts';
import type { ComponentState } from '@upheld/domain/page/states.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { localDate } from '@upheld/domain/time/zoned.ts';
import type { Language, Localised } from '@upheld/domain/text.ts';
import type {
  ComponentView,
  GroupView,
  IncidentView,
  MaintenanceView,
  OverallState,
  PageView,
} from '@upheld/services/read/page-view.ts';
import { isoInstant } from '../http/instants.ts';
import type { SpComponent, SpIncident, SpMaintenance, SpPage, SpStatus } from './schema.ts';

/** What every part of an answer is told by. */
export interface Telling {
  view: PageView;
  language: Language;
  /** Where links to the page start. */
  siteUrl: string;
  /** Every component and group of the page, made once: incidents repeat them. */
  components: readonly SpComponent[];
}

const told = new WeakMap<PageView, Partial<Record<Language, readonly SpComponent[]>>>();

/** Prepares to tell of one page in one language; what is made of a view is kept as long as the view. */
export function tell(view: PageView, language: Language, siteUrl: string): Telling {
  const known = told.get(view) ?? {};
  told.set(view, known);
  const components = (known[language] ??= spComponents(view, language));
  return { view, language, siteUrl, components };
}

const text = (telling: Pick<Telling, 'language'>, localised: Localised): string =>
  localised[telling.language];

export function spPage(telling: Telling): SpPage {
  const { view } = telling;
  return {
    id: view.page.id,
    name: text(telling, view.page.title),
    url: view.page.url,
    time_zone: view.page.timezone,
    updated_at: isoInstant(lastChange(view)),
  };
}

/** When anything that the page shows last changed. */
function lastChange(view: PageView): Instant {
  const moments = [
    ...view.groups.flatMap((group) => group.components.map((component) => component.updatedAt)),
    ...view.openIncidents.map((incident) => incident.updatedAt),
    ...view.maintenances.map((maintenance) => maintenance.updatedAt),
    ...view.history.map((entry) => entry.updatedAt),
  ];
  return moments.length === 0 ? view.generatedAt : Math.max(...moments);
}

/*
 * Statuspage has no word for "not measured". It says `none` and `operational` as long as nobody
 * reported a problem, so that is what the unknown becomes; the description says the rest.
 */
const STATUS: Readonly<
  Record<OverallState, { indicator: SpStatus['indicator']; description: Localised }>
> = {
  operational: {
    indicator: 'none',
    description: { nl: 'Alle systemen werken', en: 'All Systems Operational' },
  },
  maintenance: {
    indicator: 'maintenance',
    description: { nl: 'Onderhoud bezig', en: 'Service Under Maintenance' },
  },
  degraded: {
    indicator: 'minor',
    description: { nl: 'Verminderde prestaties', en: 'Degraded System Service' },
  },
  partial_outage: {
    indicator: 'major',
    description: { nl: 'Gedeeltelijke storing', en: 'Partial System Outage' },
  },
  major_outage: {
    indicator: 'critical',
    description: { nl: 'Grote storing', en: 'Major System Outage' },
  },
  unknown: {
    indicator: 'none',
    description: {
      nl: 'Geen storing bekend; niet alles wordt nu gemeten',
      en: 'No Known Problems, Not Everything Is Measured',
    },
  },
};

export function spStatus(telling: Telling): SpStatus {
  const { indicator, description } = STATUS[telling.view.overall];
  return { indicator, description: text(telling, description) };
}

/** Each group, followed by its members. Positions start at 1, as those of Statuspage do. */
function spComponents(view: PageView, language: Language): SpComponent[] {
  return view.groups.flatMap((group, index) => [
    spGroup({ view, language }, group, index + 1),
    ...group.components.map((member, at) => spComponent({ view, language }, group, member, at + 1)),
  ]);
}

type Naming = Pick<Telling, 'view' | 'language'>;

/** A group has an id of its own among the components; a configured id never holds a dot. */
const groupId = (group: GroupView): string => `group.${group.id}`;

function spGroup(telling: Naming, group: GroupView, position: number): SpComponent {
  const members = group.components;
  return {
    id: groupId(group),
    name: text(telling, group.name),
    status: worst(members.map((member) => stateOf(member))),
    created_at: isoInstant(Math.min(...members.map((member) => member.createdAt))),
    updated_at: isoInstant(Math.max(...members.map((member) => member.updatedAt))),
    position,
    description: null,
    showcase: false,
    start_date: null,
    group_id: null,
    page_id: telling.view.page.id,
    group: true,
    only_show_if_degraded: false,
    components: members.map((member) => member.id),
  };
}

function spComponent(
  telling: Naming,
  group: GroupView,
  component: ComponentView,
  position: number,
): SpComponent {
  return {
    id: component.id,
    name: text(telling, component.name),
    status: stateOf(component),
    created_at: isoInstant(component.createdAt),
    updated_at: isoInstant(component.updatedAt),
    position,
    description: component.description === null ? null : text(telling, component.description),
    showcase: component.availability.length > 0,
    start_date: localDate(component.createdAt, telling.view.page.timezone),
    group_id: groupId(group),
    page_id: telling.view.page.id,
    group: false,
    only_show_if_degraded: false,
  };
}

const stateOf = (component: ComponentView): ComponentState =>
  component.state === 'unknown' ? 'operational' : component.state;

/** An outage hides maintenance: whoever looks at a group wants to know of the outage. */
const WORST_FIRST: readonly ComponentState[] = [
  'major_outage',
  'partial_outage',
  'degraded_performance',
  'under_maintenance',
];

function worst(states: readonly ComponentState[]): ComponentState {
  return WORST_FIRST.find((state) => states.includes(state)) ?? 'operational';
}

export function spIncident(telling: Telling, incident: IncidentView): SpIncident {
  const monitoring = incident.updates.find((update) => update.status === 'monitoring');
  return {
    id: incident.id,
    name: text(telling, incident.title),
    status: incident.status,
    created_at: isoInstant(incident.noticedAt),
    updated_at: isoInstant(incident.updatedAt),
    monitoring_at: monitoring ? isoInstant(monitoring.at) : null,
    resolved_at: incident.resolvedAt === null ? null : isoInstant(incident.resolvedAt),
    impact: incident.impact,
    shortlink: link(telling, `incidents/${incident.id}`),
    started_at: isoInstant(incident.startedAt),
    page_id: telling.view.page.id,
    incident_updates: incident.updates.map((update) => ({
      ...spUpdate(telling, incident.id, update),
      status: update.status,
    })),
    components: affected(telling, incident.componentIds),
  };
}

/** A cancelled maintenance is `completed`, as Statuspage has no other end; its last update says why. */
const MAINTENANCE_STATUS: Readonly<Record<MaintenanceStatus, SpMaintenance['status']>> = {
  scheduled: 'scheduled',
  in_progress: 'in_progress',
  verifying: 'verifying',
  completed: 'completed',
  cancelled: 'completed',
};

export function spMaintenance(telling: Telling, maintenance: MaintenanceView): SpMaintenance {
  const { cancelledAt } = maintenance;
  const ended = cancelledAt ?? (maintenance.status === 'completed' ? endOfWork(maintenance) : null);
  return {
    id: maintenance.id,
    name: text(telling, maintenance.title),
    status: MAINTENANCE_STATUS[maintenance.status],
    created_at: isoInstant(maintenance.createdAt),
    updated_at: isoInstant(maintenance.updatedAt),
    monitoring_at: null,
    resolved_at: ended === null ? null : isoInstant(ended),
    impact: 'maintenance',
    shortlink: link(telling, `maintenances/${maintenance.id}`),
    started_at: isoInstant(maintenance.from),
    page_id: telling.view.page.id,
    incident_updates: maintenance.announcements.map((announcement) => ({
      ...spUpdate(telling, maintenance.id, announcement),
      status: cancelledAt !== null && announcement.at >= cancelledAt ? 'completed' : 'scheduled',
    })),
    components: affected(telling, maintenance.componentIds),
    scheduled_for: isoInstant(maintenance.from),
    scheduled_until: isoInstant(maintenance.to),
  };
}

/** Finishing is the last change of a maintenance that is over; without it, it ended with its window. */
function endOfWork({ announcements, updatedAt, to }: MaintenanceView): Instant {
  const announced = announcements[0]?.at ?? updatedAt;
  return updatedAt > announced ? updatedAt : to;
}

function spUpdate(
  telling: Telling,
  subjectId: string,
  update: { id: string; body: Localised; at: Instant },
) {
  const at = isoInstant(update.at);
  return {
    id: update.id,
    body: text(telling, update.body),
    incident_id: subjectId,
    created_at: at,
    updated_at: at,
    display_at: at,
    // What a component was before and after an update is not recorded, so it is not claimed.
    affected_components: null,
    deliver_notifications: true,
    custom_tweet: null,
    tweet_id: null,
  };
}

function affected(telling: Telling, ids: readonly string[]): SpComponent[] {
  return telling.components.filter((component) => !component.group && ids.includes(component.id));
}

function link(telling: Telling, path: string): string {
  return new URL(path, telling.siteUrl.replace(/\/*$/, '/')).href;
}
