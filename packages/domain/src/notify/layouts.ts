import { assertNever } from '../errors.ts';
import type { Language } from '../text.ts';
import { ACCOUNT_WORDS } from './account-words.ts';
import {
  aboutsOf,
  type AccountNotification,
  type AlertAbout,
  type AlertNotification,
  type InvitationNotification,
  type TestNotification,
} from './desk-messages.ts';
import type { NotificationContent } from './message.ts';
import { namesOf, oneLine, tokenUrl } from './phrases.ts';
import { TEST_WORDS } from './test-words.ts';
import type { Letterhead, MailLayout, Reader } from './letter.ts';
import { ticketLayout } from './ticket-mail.ts';
import { clock, moment, period } from './when.ts';
import type { Words } from './words.ts';

type Body = Omit<MailLayout, 'language' | 'organisation'>;

/** What a mail about something is made of. */
export function layoutOf(
  content: NotificationContent,
  from: Letterhead,
  to: Reader,
  words: Words,
): MailLayout {
  const { language } = to;
  return { language, organisation: from.organisation, ...bodyOf(content, from, to, words) };
}

function bodyOf(content: NotificationContent, from: Letterhead, to: Reader, words: Words): Body {
  switch (content.kind) {
    case 'incident':
      return incidentLayout(content, from, to, words);
    case 'maintenance':
    case 'reminder':
      return maintenanceLayout(content, from, to, words);
    case 'challenge':
      return challengeLayout(from, to, words);
    case 'alert':
      return alertLayout(content, from, to, words);
    case 'ticket':
      return ticketLayout(content, from, to.language);
    case 'invitation':
      return invitationLayout(content, from, to, words);
    case 'account':
      return accountLayout(content, from, to, from.page[to.language]);
    case 'test':
      return testLayout(content, from, to);
    default:
      return assertNever(content);
  }
}

type About<K> = Extract<NotificationContent, { kind: K }>;

function incidentLayout(
  content: About<'incident'>,
  from: Letterhead,
  to: Reader,
  words: Words,
): Body {
  const { language } = to;
  return {
    heading: words.incident[content.event],
    tone: content.event === 'resolved' ? 'over' : 'down',
    title: oneLine(content.title[language]),
    facts: [
      { label: words.about, value: namesOf(content.components, language) },
      { label: words.since, value: moment(content.startedAt, from.zone, language) },
      { label: words.status[content.status], value: moment(content.at, from.zone, language) },
    ],
    body: content.body[language],
    action: { label: words.more, url: `${from.url}/incidents/${content.incidentId}` },
    footer: listFooter(from, to, words),
  };
}

function maintenanceLayout(
  content: About<'maintenance' | 'reminder'>,
  from: Letterhead,
  to: Reader,
  words: Words,
): Body {
  const { language } = to;
  return {
    ...headOf(content, words),
    title: oneLine(content.title[language]),
    facts: [
      { label: words.about, value: namesOf(content.components, language) },
      { label: words.window, value: period(content.from, content.to, from.zone, language) },
    ],
    body: isOver(content) ? words.reminderOver : content.body[language],
    action: { label: words.more, url: `${from.url}/maintenances/${content.maintenanceId}` },
    footer: [
      { text: words.calendar, url: `${from.url}/calendar.ics?lang=${language}` },
      ...listFooter(from, to, words),
    ],
  };
}

/** Why somebody gets it, and how they change or end that. */
function listFooter(
  from: Letterhead,
  { language, token }: Reader,
  words: Words,
): MailLayout['footer'] {
  return [
    { text: words.why(from.page[language]) },
    { text: words.manage, url: tokenUrl(from, 'subscription', token) },
    { text: words.unsubscribe, url: tokenUrl(from, 'unsubscribe', token) },
  ];
}

function challengeLayout(from: Letterhead, { language, token }: Reader, words: Words): Body {
  const page = from.page[language];
  return {
    heading: words.confirmSubject,
    tone: 'plain',
    title: page,
    facts: [],
    body: words.confirmText(page),
    action: { label: words.confirm, url: tokenUrl(from, 'subscribe/confirm', token) },
    footer: [{ text: words.confirmIgnore }],
  };
}

function alertLayout(
  content: AlertNotification,
  from: Letterhead,
  { language, token }: Reader,
  words: Words,
): Body {
  const abouts = aboutsOf(content);
  const common = {
    tone: 'down' as const,
    action: { label: words.alert.acknowledge, url: tokenUrl(from, 'alert', token) },
    footer: [{ text: words.alert.why }],
  };
  if (abouts.length > 1) {
    const lines = abouts.slice(0, MOST_NAMED).map((one) => lineOf(one, from.zone, language));
    const rest = abouts.length - lines.length;
    return {
      ...common,
      heading: words.alert.several,
      title: `${words.alert.count(abouts.length)}: ${oneLine(content.title[language])}, ${words.alert.more(abouts.length - 1)}`,
      facts: [],
      body: [...lines, ...(rest > 0 ? [`… ${words.alert.more(rest)}`] : [])].join('\n'),
    };
  }
  const touched =
    content.components.length === 0
      ? []
      : [{ label: words.about, value: namesOf(content.components, language) }];
  return {
    ...common,
    heading: words.alert[content.about],
    title: oneLine(content.title[language]),
    facts: [
      ...touched,
      { label: words.alert.raised, value: moment(content.raisedAt, from.zone, language) },
    ],
    body: '',
  };
}

/** So many are named in one mail; the page behind its link shows all of them. */
const MOST_NAMED = 30;

function lineOf({ title, components, raisedAt }: AlertAbout, zone: string, language: Language) {
  const names = components.length === 0 ? '' : ` (${namesOf(components, language)})`;
  return `${clock(raisedAt, zone, language)} ${oneLine(title[language])}${names}`;
}

function invitationLayout(
  { invitedBy, until }: InvitationNotification,
  from: Letterhead,
  { language, token }: Reader,
  { invitation }: Words,
): Body {
  return {
    heading: invitation.heading,
    tone: 'plain',
    title: from.page[language],
    facts: [{ label: invitation.until, value: moment(until, from.zone, language) }],
    body: invitation.text(oneLine(invitedBy)),
    action: { label: invitation.make, url: tokenUrl(from, 'console/invitation', token) },
    footer: [{ text: invitation.ignore }],
  };
}

function accountLayout(
  { event, at, address, by }: AccountNotification,
  from: Letterhead,
  { language }: Reader,
  page: string,
): Body {
  const words = ACCOUNT_WORDS[language];
  return {
    heading: words.event[event],
    tone: 'plain',
    title: page,
    facts: [
      { label: words.at, value: moment(at, from.zone, language) },
      ...(address === null ? [] : [{ label: words.from, value: oneLine(address) }]),
      ...(by === null ? [] : [{ label: words.by, value: oneLine(by) }]),
    ],
    body: words.body,
    action: { label: words.look, url: `${from.url}/console/security` },
    footer: [{ text: words.why }],
  };
}

function testLayout({ at }: TestNotification, from: Letterhead, { language }: Reader): Body {
  const words = TEST_WORDS[language];
  return {
    heading: words.heading,
    tone: 'plain',
    title: from.page[language],
    facts: [{ label: words.asked, value: moment(at, from.zone, language) }],
    body: words.body,
    action: { label: words.page, url: from.url },
    footer: [{ text: words.why(from.organisation) }],
  };
}

type Maintenance = Extract<NotificationContent, { kind: 'maintenance' | 'reminder' }>;

function headOf(content: Maintenance, words: Words): Pick<MailLayout, 'heading' | 'tone'> {
  const tone = isOver(content) ? 'over' : 'planned';
  return content.kind === 'reminder'
    ? { heading: words.reminder[content.reminder], tone }
    : { heading: words.maintenance[content.event], tone };
}

function isOver(content: Maintenance): boolean {
  return content.kind === 'reminder' && content.reminder === 'end';
}
