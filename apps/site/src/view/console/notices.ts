import type { Notice, NoticeChannel } from '@upheld/domain/desk/notices.ts';

/** Whom an agreement wants told, as the console calls them. */
export const AUDIENCES: Readonly<Record<Notice['audience'], string>> = {
  public: 'Everybody',
  subscribers: 'Subscribers',
  customer: 'Customers',
  'key-users': 'Key users',
  director: 'The director',
  'on-call': 'Who is on call',
  reporter: 'Who reported it',
};

/** By which way, as the console calls it. */
export const CHANNEL_WORDS: Readonly<Record<NoticeChannel, string>> = {
  'status-page': 'Status page',
  email: 'E-mail',
  sms: 'SMS',
  'login-screen': 'Login screen',
  ticket: 'Ticket',
  phone: 'Telephone',
  newsletter: 'Newsletter',
  letter: 'Letter',
  dashboard: 'Dashboard',
};
