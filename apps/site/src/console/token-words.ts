import type { Permission } from '@upheld/domain/access/permissions.ts';

/** What each scope lets a token do. */
export const SCOPE_WORDS: Readonly<Record<Permission, string>> = {
  read: 'see what only engineers see',
  incidents: 'open, update and resolve incidents',
  maintenance: 'announce, change and cancel maintenance',
  tickets: 'report and answer tickets, acknowledge alerts',
  subscribers: 'see and remove subscribers',
  corrections: 'correct outages after the fact',
  agreements: 'see agreements with what is only for customers',
  audit: 'read the audit log',
  accounts: 'invite people, change roles, make tokens',
  settings: 'change settings',
};
