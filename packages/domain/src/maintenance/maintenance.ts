export const MAINTENANCE_KINDS = ['planned', 'emergency', 'customer-requested'] as const;
export type MaintenanceKind = (typeof MAINTENANCE_KINDS)[number];

/** Statuspage's words for where a maintenance stands. */
export const MAINTENANCE_STATUSES = [
  'scheduled',
  'in_progress',
  'verifying',
  'completed',
  'cancelled',
] as const;
export type MaintenanceStatus = (typeof MAINTENANCE_STATUSES)[number];
