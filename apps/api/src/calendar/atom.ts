import { moment, period } from '@upheld/domain/notify/when.ts';
import { WORDS } from '@upheld/domain/notify/words.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Language } from '@upheld/domain/text.ts';
import type { IncidentView, MaintenanceView } from '@upheld/services/read/page-view.ts';
import { Feed, type Item } from 'feed';
import { affected, pageOf } from './icalendar.ts';
import { plainLine, plainText } from './plain-text.ts';
import type { Scope } from './scope.ts';
import { CALENDAR_WORDS } from './words.ts';

export interface FeedInput {
  scope: Scope;
  entries: readonly (IncidentView | MaintenanceView)[];
  /** When a feed without entries last changed. */
  quietSince: Instant;
  organisation: string;
  language: Language;
  zone: string;
  /** Of the site, without a slash at its end. */
  url: string;
}

/**
 * Incidents and maintenances as an Atom feed (RFC 4287), each one entry that changes with what is said of
 * it. Entries are HTML, in which every text is escaped.
 */
export function atomOf(input: FeedInput): string {
  const { scope, entries, organisation, language, url } = input;
  const self = `${url}${scope.base}/feed.atom?lang=${language}`;
  const sorted = entries.toSorted((a, b) => changedAt(b) - changedAt(a) || (a.id < b.id ? 1 : -1));
  const [newest] = sorted;
  const feed = new Feed({
    id: self,
    title: CALENDAR_WORDS[language].feed(plainLine(scope.name[language])),
    updated: new Date(newest ? changedAt(newest) : input.quietSince),
    language,
    link: `${url}${scope.path}`,
    feed: self,
    author: { name: plainLine(organisation) },
    generator: 'Upheld',
  });
  for (const entry of sorted) feed.addItem(itemOf(entry, input));
  return feed.atom1();
}

function itemOf(entry: IncidentView | MaintenanceView, input: FeedInput): Item {
  const { language, url } = input;
  const words = CALENDAR_WORDS[language];
  const state =
    entry.type === 'incident'
      ? `${words.incident}, ${WORDS[language].status[entry.status].toLowerCase()}`
      : entry.cancelledAt === null
        ? words.maintenance
        : words.cancelled;
  return {
    title: escaped(`${state}: ${plainLine(entry.title[language])}`),
    id: `urn:uuid:${encodeURIComponent(entry.id)}`,
    link: pageOf(entry, url),
    date: new Date(changedAt(entry)),
    published: new Date(entry.type === 'incident' ? entry.noticedAt : entry.createdAt),
    content: contentOf(entry, input),
  };
}

function contentOf(entry: IncidentView | MaintenanceView, input: FeedInput): string {
  const { scope, language, zone } = input;
  const words = CALENDAR_WORDS[language];
  const facts = [`${words.about}: ${affected(entry, scope, language).join(', ')}`];
  if (entry.type === 'maintenance')
    facts.push(`${words.window}: ${period(entry.from, entry.to, zone, language)}`);
  const said = (entry.type === 'incident' ? entry.updates : entry.announcements).map(
    (one) => [moment(one.at, zone, language), one.body[language]] as const,
  );
  return [
    ...facts.map((fact) => `<p>${html(fact)}</p>`),
    ...said.map(([when, body]) => `<p><strong>${html(when)}</strong><br>${html(body)}</p>`),
  ].join('');
}

/** When something was last said of it: a state that changes by the clock alone is no news. */
export function changedAt(entry: IncidentView | MaintenanceView): Instant {
  const said = entry.type === 'incident' ? entry.updates : entry.announcements;
  return Math.max(...said.map(({ at }) => at), entry.updatedAt);
}

function html(text: string): string {
  return escaped(plainText(text).trim()).replaceAll('\n', '<br>');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
