export const INCIDENT_STATUSES = ['investigating', 'identified', 'monitoring', 'resolved'] as const;
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number];

/** Statuspage's words for how bad an incident is. */
export const IMPACTS = ['none', 'minor', 'major', 'critical'] as const;
export type Impact = (typeof IMPACTS)[number];

/** Causes of facts-and-statements.md; which of them an agreement excludes is data of that agreement. */
export const CAUSES = [
  'internal',
  'force-majeure',
  'internet',
  'datacentre',
  'third-party-software',
  'customer-request',
  'customer-act',
  'customer-software',
  'customer-infrastructure',
  'suspension',
] as const;
export type Cause = (typeof CAUSES)[number];
