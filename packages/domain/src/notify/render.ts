import { assertNever } from '../errors.ts';
import type { Language, Localised } from '../text.ts';
import { cutToSeptets, septets, toGsm } from './gsm.ts';
import { mailHtml } from './mail-html.ts';
import type {
  AlertNotification,
  InvitationNotification,
  TicketNotification,
} from './desk-messages.ts';
import type { NotificationContent } from './message.ts';
import { clock, moment, period } from './when.ts';
import { WORDS, type Words } from './words.ts';

/** Who speaks, from where, in which zone. */
export interface Letterhead {
  organisation: string;
  page: Localised;
  /** Without a slash at its end. */
  url: string;
  zone: string;
}

/** To whom: the token opens their own subscription and nothing else. */
export interface Reader {
  language: Language;
  token: string;
  /** For a challenge by text message. */
  code?: string | undefined;
}

export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
  /** Null for a confirmation: there is nothing to unsubscribe from yet. */
  unsubscribeUrl: string | null;
}

/** What a mail is made of, before it is text or HTML. */
export interface MailLayout {
  language: Language;
  organisation: string;
  heading: string;
  tone: 'down' | 'over' | 'planned' | 'plain';
  title: string;
  facts: readonly { label: string; value: string }[];
  body: string;
  action: { label: string; url: string };
  footer: readonly { text: string; url?: string }[];
}

/** One segment: more costs twice. Two only where the address of the page leaves no room to say anything. */
const ONE_SEGMENT = 160;
const TWO_SEGMENTS = 306;
const LEAST_SAID = 48;
const SUBJECT_CHARS = 150;

/** A mail about something, in the reader's language. The subject stays the same for one incident. */
export function renderMail(
  content: NotificationContent,
  from: Letterhead,
  to: Reader,
): RenderedMail {
  const words = WORDS[to.language];
  const layout = layoutOf(content, from, to, words);
  return {
    subject: cut(oneLine(`[${from.organisation}] ${subjectOf(content, layout, words)}`)),
    text: mailText(layout),
    html: mailHtml(layout),
    unsubscribeUrl: isToOne(content) ? null : tokenUrl(from, 'unsubscribe', to.token),
  };
}

/** What goes to one person because of what they did or are, and has no list that one could leave. */
type ToOne = Extract<
  NotificationContent,
  { kind: 'challenge' | 'alert' | 'ticket' | 'invitation' }
>;

function isToOne(content: NotificationContent): content is ToOne {
  return ['challenge', 'alert', 'ticket', 'invitation'].includes(content.kind);
}

function subjectOf(content: NotificationContent, layout: MailLayout, words: Words): string {
  if (content.kind === 'challenge') return words.confirmSubject;
  if (content.kind === 'invitation') return words.invitation.heading;
  // By the reference in its subject an answer finds its ticket.
  return content.kind === 'ticket' ? `[#${content.number}] ${layout.title}` : layout.title;
}

/** A text message in the GSM alphabet, of one segment where possible, with the link that ends it. */
export function renderSms(content: NotificationContent, from: Letterhead, to: Reader): string {
  const words = WORDS[to.language];
  if (content.kind === 'challenge') return codeText(words, from.page[to.language], to.code ?? '');
  if (content.kind === 'alert') return alertText(content, from, to, words);
  if (content.kind === 'ticket' || content.kind === 'invitation')
    throw new Error(`no text message tells of a ${content.kind}`);
  const tail = toGsm(` ${words.stop}: ${tokenUrl(from, 'unsubscribe', to.token)}`);
  const limit = septets(tail) + LEAST_SAID > ONE_SEGMENT ? TWO_SEGMENTS : ONE_SEGMENT;
  const { before, title, after } = smsSays(content, from, to, words);
  const room = limit - septets(before + after + tail);
  return before + cutToSeptets(title, room) + after + tail;
}

/** What comes before a title, the title, which gives way where there is no room, and what comes after it. */
function smsSays(
  content: Exclude<NotificationContent, ToOne>,
  { zone }: Letterhead,
  { language }: Reader,
  words: Words,
): { before: string; title: string; after: string } {
  const title = toGsm(oneLine(content.title[language]));
  if (content.kind === 'incident') {
    const status = `${words.status[content.status]}, ${clock(content.at, zone, language)}`;
    return { before: '', title, after: toGsm(`. ${status}.`) };
  }
  const when = period(content.from, content.to, zone, language);
  const what =
    content.kind === 'reminder'
      ? words.reminder[content.reminder]
      : words.maintenance[content.event];
  return { before: toGsm(`${what}, ${when}: `), title, after: '.' };
}

/** Two segments where it must be: who is woken wants to know by what, and the link has to be whole. */
function alertText(content: AlertNotification, from: Letterhead, to: Reader, words: Words): string {
  const tail = toGsm(`. ${words.alert.acknowledge}: ${tokenUrl(from, 'alert', to.token)}`);
  const head = toGsm(`${clock(content.raisedAt, from.zone, to.language)} `);
  const room = TWO_SEGMENTS - septets(head + tail);
  return head + cutToSeptets(toGsm(oneLine(content.title[to.language])), room) + tail;
}

/** The name of the page gives way, never the code. */
function codeText(words: Words, page: string, code: string): string {
  const room = ONE_SEGMENT - septets(toGsm(words.code('', code)));
  return toGsm(words.code(cutToSeptets(toGsm(oneLine(page)), room), code));
}

function layoutOf(
  content: NotificationContent,
  from: Letterhead,
  to: Reader,
  words: Words,
): MailLayout {
  const { language } = to;
  const page = from.page[language];
  const common = { language, organisation: from.organisation };
  const footer = [
    { text: words.why(page) },
    { text: words.manage, url: tokenUrl(from, 'subscription', to.token) },
    { text: words.unsubscribe, url: tokenUrl(from, 'unsubscribe', to.token) },
  ];
  switch (content.kind) {
    case 'incident':
      return {
        ...common,
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
        footer,
      };
    case 'maintenance':
    case 'reminder':
      return {
        ...common,
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
          ...footer,
        ],
      };
    case 'challenge':
      return {
        ...common,
        heading: words.confirmSubject,
        tone: 'plain',
        title: page,
        facts: [],
        body: words.confirmText(page),
        action: { label: words.confirm, url: tokenUrl(from, 'subscribe/confirm', to.token) },
        footer: [{ text: words.confirmIgnore }],
      };
    case 'alert':
      return {
        ...common,
        heading: words.alert[content.about],
        tone: 'down',
        title: oneLine(content.title[language]),
        facts: [
          ...(content.components.length === 0
            ? []
            : [{ label: words.about, value: namesOf(content.components, language) }]),
          { label: words.alert.raised, value: moment(content.raisedAt, from.zone, language) },
        ],
        body: '',
        action: { label: words.alert.acknowledge, url: tokenUrl(from, 'alert', to.token) },
        footer: [{ text: words.alert.why }],
      };
    case 'ticket':
      return { ...common, ...ticketLayout(content, from, words) };
    case 'invitation':
      return { ...common, ...invitationLayout(content, from, to, words) };
    default:
      return assertNever(content);
  }
}

function ticketLayout(
  content: TicketNotification,
  from: Letterhead,
  words: Words,
): Omit<MailLayout, 'language' | 'organisation'> {
  return {
    heading: words.ticket[content.event],
    tone: content.event === 'recovered' ? 'over' : 'plain',
    title: oneLine(content.title),
    facts: [],
    body: content.text === '' ? words.ticketReceived(content.number) : content.text,
    action: { label: words.more, url: from.url },
    footer: [{ text: words.ticketWhy(from.organisation) }],
  };
}

function invitationLayout(
  { invitedBy, until }: InvitationNotification,
  from: Letterhead,
  { language, token }: Reader,
  { invitation }: Words,
): Omit<MailLayout, 'language' | 'organisation'> {
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

function mailText(layout: MailLayout): string {
  return [
    `${layout.heading}: ${layout.title}`,
    ...(layout.facts.length > 0
      ? [layout.facts.map(({ label, value }) => `${label}: ${value}`).join('\n')]
      : []),
    layout.body,
    `${layout.action.label}:\n${layout.action.url}`,
    `-- \n${layout.footer.map(({ text, url }) => (url === undefined ? text : `${text}: ${url}`)).join('\n')}`,
  ].join('\n\n');
}

function namesOf(components: readonly { name: Localised }[], language: Language): string {
  return components.map(({ name }) => oneLine(name[language])).join(', ');
}

function tokenUrl(from: Letterhead, path: string, token: string): string {
  return `${from.url}/${path}?token=${encodeURIComponent(token)}`;
}

/** One line without control characters, and without those that make a text read other than it is written. */
function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069]/gu, '')
    .trim();
}

function cut(subject: string): string {
  const characters = Array.from(subject);
  return characters.length <= SUBJECT_CHARS
    ? subject
    : `${characters.slice(0, SUBJECT_CHARS - 1).join('')}…`;
}
