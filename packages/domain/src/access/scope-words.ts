import type { Permission } from './permissions.ts';

/** What each scope lets a token do, for whoever chooses some. */
export const SCOPE_WORDS: Readonly<Record<Permission, string>> = {
  read: 'see what only engineers see',
  incidents: 'open, update and resolve incidents',
  maintenance: 'announce, change and cancel maintenance',
  tickets: 'report and answer tickets, acknowledge alerts',
  subscribers: 'see and remove subscribers, and look after their messages',
  corrections: 'correct outages after the fact',
  agreements: 'see and change agreements, close and revise periods',
  audit: 'read and verify the audit log',
  accounts: 'invite people, change roles, make tokens: this is all power over who gets in',
  settings: 'see and reload settings, send test messages',
};
