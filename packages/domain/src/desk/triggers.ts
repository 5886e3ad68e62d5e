/** What happens by itself in the record of a ticket or an incident. */
export const RECORDED_TRIGGERS = [
  'fault-registered',
  'not-restored-same-day',
  'recategorised',
  'force-majeure-established',
] as const;

/** What somebody has to say that happened. */
export const TOLD_TRIGGERS = [
  'complaint-received',
  'complaint-discussed',
  'leak-established',
  'rca-requested',
  'restore-approved',
  'restore-requested',
  'abuse-found',
  'change-refused',
  'test-environment-requested',
  'data-requested',
  'agreement-requested',
  'audit-delivered',
] as const;
export type ToldTrigger = (typeof TOLD_TRIGGERS)[number];

/** The events from which an agreement's obligations are counted. */
export const TRIGGERS = [...RECORDED_TRIGGERS, ...TOLD_TRIGGERS] as const;
export type Trigger = (typeof TRIGGERS)[number];
