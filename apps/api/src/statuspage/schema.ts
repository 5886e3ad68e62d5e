import { z } from '@hono/zod-openapi';
import { IMPACTS, INCIDENT_STATUSES } from '@upheld/domain/incident/incident.ts';
import { COMPONENT_STATES } from '@upheld/domain/page/states.ts';

/*
 * The Statuspage public API, version 2, as its clients read it. Names and shapes are theirs; fields
 * that mean nothing here (tweets) are present because clients expect them.
 */

const at = z.iso.datetime();

const page = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    url: z.url(),
    time_zone: z.string(),
    updated_at: at,
  })
  .openapi('StatuspagePage');

const status = z
  .strictObject({
    indicator: z.enum(['none', 'minor', 'major', 'critical', 'maintenance']),
    description: z.string(),
  })
  .openapi('StatuspageStatus');

const component = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    status: z.enum(COMPONENT_STATES),
    created_at: at,
    updated_at: at,
    position: z.int(),
    description: z.string().nullable(),
    showcase: z.boolean(),
    start_date: z.string().nullable(),
    group_id: z.string().nullable(),
    page_id: z.string(),
    group: z.boolean(),
    only_show_if_degraded: z.boolean(),
    components: z.array(z.string()).optional(),
  })
  .openapi('StatuspageComponent');

const update = {
  id: z.string(),
  body: z.string(),
  incident_id: z.string(),
  created_at: at,
  updated_at: at,
  display_at: at,
  affected_components: z
    .array(
      z.strictObject({
        code: z.string(),
        name: z.string(),
        old_status: z.string(),
        new_status: z.string(),
      }),
    )
    .nullable(),
  deliver_notifications: z.boolean(),
  custom_tweet: z.string().nullable(),
  tweet_id: z.string().nullable(),
};

const event = {
  id: z.string(),
  name: z.string(),
  created_at: at,
  updated_at: at,
  monitoring_at: at.nullable(),
  resolved_at: at.nullable(),
  shortlink: z.string().nullable(),
  started_at: at,
  page_id: z.string(),
  components: z.array(component),
};

const incidentStatus = z.enum([...INCIDENT_STATUSES, 'postmortem']);
const incident = z
  .strictObject({
    ...event,
    status: incidentStatus,
    impact: z.enum(IMPACTS),
    incident_updates: z.array(z.strictObject({ ...update, status: incidentStatus })),
  })
  .openapi('StatuspageIncident');

const maintenanceStatus = z.enum(['scheduled', 'in_progress', 'verifying', 'completed']);
const maintenance = z
  .strictObject({
    ...event,
    status: maintenanceStatus,
    impact: z.enum([...IMPACTS, 'maintenance']),
    incident_updates: z.array(z.strictObject({ ...update, status: maintenanceStatus })),
    scheduled_for: at,
    scheduled_until: at,
  })
  .openapi('StatuspageMaintenance');

export const statuspage = {
  status: z.strictObject({ page, status }),
  components: z.strictObject({ page, components: z.array(component) }),
  incidents: z.strictObject({ page, incidents: z.array(incident) }),
  maintenances: z.strictObject({ page, scheduled_maintenances: z.array(maintenance) }),
  summary: z.strictObject({
    page,
    status,
    components: z.array(component),
    incidents: z.array(incident),
    scheduled_maintenances: z.array(maintenance),
  }),
};

export type SpPage = z.infer<typeof page>;
export type SpStatus = z.infer<typeof status>;
export type SpComponent = z.infer<typeof component>;
export type SpIncident = z.infer<typeof incident>;
export type SpMaintenance = z.infer<typeof maintenance>;
