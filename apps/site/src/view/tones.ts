import type { Impact } from '@upheld/domain/incident/incident.ts';
import type { MaintenanceStatus } from '@upheld/domain/maintenance/maintenance.ts';
import type { AvailabilityVerdict } from '@upheld/domain/sla/statement-types.ts';
import type { WorksheetRow } from '@upheld/domain/sla/worksheet.ts';
import type { ComponentView, OverallState } from '@upheld/services/read/page-view.ts';

/** How something is drawn: a colour, a shape and a weight that always go together. */
export type Tone = 'ok' | 'maintenance' | 'degraded' | 'partial' | 'down' | 'unknown';

export const OVERALL_TONES: Readonly<Record<OverallState, Tone>> = {
  operational: 'ok',
  maintenance: 'maintenance',
  degraded: 'degraded',
  partial_outage: 'partial',
  major_outage: 'down',
  unknown: 'unknown',
};

export const COMPONENT_TONES: Readonly<Record<ComponentView['state'], Tone>> = {
  operational: 'ok',
  under_maintenance: 'maintenance',
  degraded_performance: 'degraded',
  partial_outage: 'partial',
  major_outage: 'down',
  unknown: 'unknown',
};

export const IMPACT_TONES: Readonly<Record<Impact, Tone>> = {
  none: 'unknown',
  minor: 'degraded',
  major: 'partial',
  critical: 'down',
};

export const MAINTENANCE_TONES: Readonly<Record<MaintenanceStatus, Tone>> = {
  scheduled: 'maintenance',
  in_progress: 'maintenance',
  verifying: 'maintenance',
  completed: 'ok',
  cancelled: 'unknown',
};

export const VERDICT_TONES: Readonly<Record<AvailabilityVerdict, Tone>> = {
  met: 'ok',
  missed: 'down',
  'not-proven': 'degraded',
  'no-norm': 'unknown',
  'no-data': 'unknown',
};

export const BUCKET_TONES: Readonly<Record<WorksheetRow['bucket'], Tone>> = {
  excluded: 'unknown',
  maintenance: 'maintenance',
  down: 'down',
  degraded: 'degraded',
  unmeasured: 'unknown',
};
