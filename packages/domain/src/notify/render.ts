import { cutToSeptets, septets, toGsm } from './gsm.ts';
import { mailHtml } from './mail-html.ts';
import { aboutsOf, type AlertNotification } from './desk-messages.ts';
import { layoutOf } from './layouts.ts';
import type { Letterhead, MailLayout, Reader } from './letter.ts';
import type { NotificationContent } from './message.ts';
import { oneLine, tokenUrl } from './phrases.ts';
import { TEST_WORDS } from './test-words.ts';
import { clock, period } from './when.ts';
import { WORDS, type Words } from './words.ts';

export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
  /** Null for a confirmation: there is nothing to unsubscribe from yet. */
  unsubscribeUrl: string | null;
}

/** One segment: more costs twice. Two only where one has no room for the beginning of the title. */
const ONE_SEGMENT = 160;
const TWO_SEGMENTS = 306;
const LEAST_TITLE = 24;
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
  { kind: 'challenge' | 'alert' | 'ticket' | 'invitation' | 'account' | 'test' }
>;

function isToOne(content: NotificationContent): content is ToOne {
  return ['challenge', 'alert', 'ticket', 'invitation', 'account', 'test'].includes(content.kind);
}

function subjectOf(content: NotificationContent, layout: MailLayout, words: Words): string {
  if (content.kind === 'challenge') return words.confirmSubject;
  if (content.kind === 'invitation') return words.invitation.heading;
  if (content.kind === 'account' || content.kind === 'test') return layout.heading;
  // By the reference in its subject an answer finds its ticket.
  return content.kind === 'ticket' ? `[#${content.number}] ${layout.title}` : layout.title;
}

/** A text message in the GSM alphabet, of one segment where possible, with the link that ends it. */
export function renderSms(content: NotificationContent, from: Letterhead, to: Reader): string {
  const words = WORDS[to.language];
  if (content.kind === 'challenge') return codeText(words, from.page[to.language], to.code ?? '');
  if (content.kind === 'test') return testText(from, to);
  if (content.kind === 'alert') return alertText(content, from, to, words);
  if (content.kind === 'ticket' || content.kind === 'invitation' || content.kind === 'account')
    throw new Error(`no text message tells of a ${content.kind}`);
  const tail = toGsm(` ${words.stop}: ${tokenUrl(from, 'unsubscribe', to.token)}`);
  const { before, title, after } = smsSays(content, from, to, words);
  const rest = septets(before + after + tail);
  const limit =
    rest + Math.min(septets(title), LEAST_TITLE) > ONE_SEGMENT ? TWO_SEGMENTS : ONE_SEGMENT;
  const room = limit - rest;
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

/**
 * Two segments where it must be: who is woken wants to know by what, and the link has to be whole. Of several
 * as many are named as there is room for, three at most.
 */
function alertText(content: AlertNotification, from: Letterhead, to: Reader, words: Words): string {
  const { alert } = words;
  const titles = aboutsOf(content).map(({ title }) => toGsm(oneLine(title[to.language])));
  const last = content.isLast === true ? ` ${alert.isLast}` : '';
  const tail = toGsm(`.${last} ${alert.acknowledge}: ${tokenUrl(from, 'alert', to.token)}`);
  const count = titles.length > 1 ? `${alert.count(titles.length)}: ` : '';
  const head = toGsm(`${clock(content.raisedAt, from.zone, to.language)} ${count}`);
  const room = Math.max(0, TWO_SEGMENTS - septets(head + tail));
  for (let named = Math.min(3, titles.length); named > 1; named -= 1) {
    const said = titles.slice(0, named).join('; ') + moreOf(titles.length - named, alert);
    if (septets(said) <= room) return head + said + tail;
  }
  const [first = ''] = titles;
  const rest = moreOf(titles.length - 1, alert);
  return head + cutToSeptets(first, Math.max(0, room - septets(rest))) + rest + tail;
}

const moreOf = (count: number, alert: Words['alert']): string =>
  count > 0 ? toGsm(`; ${alert.more(count)}`) : '';

/** The name of the page gives way, never that it is a test. */
function testText({ page }: Letterhead, { language }: Reader): string {
  const { sms } = TEST_WORDS[language];
  const room = ONE_SEGMENT - septets(toGsm(sms('')));
  return toGsm(sms(cutToSeptets(toGsm(oneLine(page[language])), room)));
}

/** The name of the page gives way, never the code. */
function codeText(words: Words, page: string, code: string): string {
  const room = ONE_SEGMENT - septets(toGsm(words.code('', code)));
  return toGsm(words.code(cutToSeptets(toGsm(oneLine(page)), room), code));
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

function cut(subject: string): string {
  const characters = Array.from(subject);
  return characters.length <= SUBJECT_CHARS
    ? subject
    : `${characters.slice(0, SUBJECT_CHARS - 1).join('')}…`;
}
