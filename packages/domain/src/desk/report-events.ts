/** What somebody has to say that happened about a report; the records show the rest. */
export const TOLD_EVENTS = [
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
export type ToldEvent = (typeof TOLD_EVENTS)[number];

/** The events of a report from which an agreement's obligations are counted. */
export const REPORT_EVENTS = ['not-restored-same-day', ...TOLD_EVENTS] as const;
