import type { z } from '@hono/zod-openapi';
import type {
  AvailabilityView,
  ComponentView,
  IncidentView,
  MaintenanceView,
  PageView,
} from '@upheld/services/read/page-view.ts';
import type { OwedDuty } from '@upheld/services/incident/owed.ts';
import type { IncidentOnDesk } from '@upheld/services/incident/read-desk.ts';
import type { ChangedIncident } from '@upheld/services/incident/change-incident.ts';
import type { ComponentVerdict } from '@upheld/services/maintenance/judge.ts';
import type { SubscriberView } from '@upheld/services/subscriber/subscribers.ts';
import { isoInstant, isoInstantOrNull } from '../http/instants.ts';
import type * as said from './incident-schemas.ts';
import type * as schemas from './schemas.ts';

type Out<K extends keyof typeof schemas> = z.infer<(typeof schemas)[K]>;
type SaidOut<K extends keyof typeof said> = z.infer<(typeof said)[K]>;

/** Views with their instants as ISO 8601 texts. */

export function pageOut(view: PageView): Out<'page'> {
  return {
    revision: view.revision,
    dataAsOf: isoInstantOrNull(view.dataAsOf),
    page: view.page,
    organisation: view.organisation,
    overall: view.overall,
    groups: view.groups.map((group) => ({
      id: group.id,
      name: group.name,
      components: group.components.map((component) => componentOut(group.id, component)),
    })),
    openIncidents: view.openIncidents.map((incident) => incidentOut(incident)),
    maintenances: view.maintenances.map((maintenance) => maintenanceOut(maintenance)),
    channels: view.channels,
  };
}

export function componentOut(groupId: string, component: ComponentView): Out<'component'> {
  return {
    id: component.id,
    groupId,
    name: component.name,
    description: component.description,
    state: component.state,
    createdAt: isoInstant(component.createdAt),
    updatedAt: isoInstant(component.updatedAt),
    availability: component.availability.map((measure) => availabilityOut(measure)),
  };
}

export function componentWithDaysOut(
  groupId: string,
  component: ComponentView,
): Out<'componentWithDays'> {
  return {
    ...componentOut(groupId, component),
    days: component.days.map((day) => ({ ...day, incidents: [...day.incidents] })),
  };
}

function availabilityOut(measure: AvailabilityView): Out<'availability'> {
  return {
    ...measure,
    from: isoInstant(measure.from),
    to: isoInstant(measure.to),
    measuredSince: isoInstantOrNull(measure.measuredSince),
  };
}

export function incidentOut(incident: IncidentView): Out<'incident'> {
  return {
    id: incident.id,
    title: incident.title,
    status: incident.status,
    impact: incident.impact,
    startedAt: isoInstant(incident.startedAt),
    noticedAt: isoInstant(incident.noticedAt),
    resolvedAt: isoInstantOrNull(incident.resolvedAt),
    updatedAt: isoInstant(incident.updatedAt),
    version: incident.version,
    componentIds: [...incident.componentIds],
    cause: incident.cause,
    updates: incident.updates.map((update) => ({ ...update, at: isoInstant(update.at) })),
    acknowledgedAt: isoInstantOrNull(incident.acknowledgedAt),
    mergedIntoId: incident.mergedIntoId,
    splitFromId: incident.splitFromId,
    postmortem: incident.postmortem && {
      body: incident.postmortem.body,
      at: isoInstant(incident.postmortem.at),
    },
  };
}

function dutyOut(duty: OwedDuty): SaidOut<'changedIncident'>['owed'][number] {
  const { agreement, id, does, owes, to, clause, dueAt, componentIds } = duty;
  return {
    ...{ agreement, id, does, owes, to, clause },
    dueAt: isoInstantOrNull(dueAt),
    componentIds: [...componentIds],
  };
}

/** An incident with all that was recorded of it, for who works on it. */
export function recordOut(desk: IncidentOnDesk): SaidOut<'incidentRecord'> {
  return {
    incident: incidentOut(desk.view),
    acknowledgedBy: desk.acknowledgedBy,
    owed: desk.duties.map(dutyOut),
    costs: desk.costs.map(({ componentId, agreement, parts }) => ({
      componentId,
      agreement,
      parts: parts.map((part) => ({ ...part })),
    })),
    outages: desk.outages.map(({ id, componentId, monitorId, state, startedAt, endedAt }) => ({
      ...{ id, componentId, monitorId, state },
      from: isoInstant(startedAt),
      to: isoInstantOrNull(endedAt),
    })),
    timeline: desk.timeline.map(({ at, recordedAt, by, kind, ...details }) => ({
      at: isoInstant(at),
      recordedAt: isoInstant(recordedAt),
      by,
      kind,
      details,
    })),
  };
}

export function changedIncidentOut(incident: ChangedIncident): SaidOut<'changedIncident'> {
  return {
    ...incidentOut(incident),
    owed: incident.owed.map(dutyOut),
  };
}

export function maintenanceOut(maintenance: MaintenanceView): Out<'maintenance'> {
  return {
    id: maintenance.id,
    title: maintenance.title,
    kind: maintenance.kind,
    status: maintenance.status,
    from: isoInstant(maintenance.from),
    to: isoInstant(maintenance.to),
    createdAt: isoInstant(maintenance.createdAt),
    updatedAt: isoInstant(maintenance.updatedAt),
    version: maintenance.version,
    cancelledAt: isoInstantOrNull(maintenance.cancelledAt),
    componentIds: [...maintenance.componentIds],
    announcements: maintenance.announcements.map((announcement) => ({
      ...announcement,
      at: isoInstant(announcement.at),
      from: isoInstant(announcement.from),
      to: isoInstant(announcement.to),
    })),
  };
}

export function verdictOut(verdict: ComponentVerdict): Out<'verdict'> {
  const { nextWindow } = verdict;
  return {
    componentId: verdict.componentId,
    agreement: verdict.agreement,
    clause: verdict.clause,
    verdict: verdict.verdict,
    inTime: verdict.inTime,
    lastValidAnnouncement: isoInstantOrNull(verdict.lastValidAnnouncement),
    nextWindow: nextWindow && { from: isoInstant(nextWindow.from), to: isoInstant(nextWindow.to) },
    outsidePreferredSeconds: verdict.outsidePreferredSeconds,
    term: verdict.term,
  };
}

export function announcedOut({
  maintenance,
  verdicts,
}: {
  maintenance: MaintenanceView;
  verdicts: readonly ComponentVerdict[];
}): Out<'announced'> {
  return {
    maintenance: maintenanceOut(maintenance),
    verdicts: verdicts.map((verdict) => verdictOut(verdict)),
  };
}

export function subscriberOut(view: SubscriberView): Out<'subscriber'> {
  return {
    id: view.id,
    channel: view.channel,
    address: view.address,
    language: view.language,
    confirmed: view.confirmedAt !== null,
    componentIds: view.componentIds && [...view.componentIds],
    bounced: view.bounced,
    reminders: [...view.reminders],
    createdAt: isoInstant(view.createdAt),
  };
}
