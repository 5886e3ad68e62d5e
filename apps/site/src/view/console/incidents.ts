import type { Config } from '@upheld/config/schema.ts';
import {
  CAUSES,
  IMPACTS,
  INCIDENT_STATUSES,
  type Cause,
  type Impact,
} from '@upheld/domain/incident/incident.ts';
import type { Evidence } from '@upheld/domain/monitor/outcome.ts';
import type { FactsPeriod } from '@upheld/domain/sla/facts.ts';
import { TERMS } from '@upheld/domain/terms.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { namesOf } from '@upheld/services/components.ts';
import type { Context } from '@upheld/services/context.ts';
import type { OpenIncident } from '@upheld/services/incident/open-incident.ts';
import type { TimelineEntry } from '@upheld/services/incident/timeline.ts';
import type { Posted } from '../../console/forms.ts';
import type { Formats } from '../format.ts';
import type { Names } from './names.ts';

export const STATUS_WORDS = TERMS.en.incidentStatus;
export const STATUS_OPTIONS = INCIDENT_STATUSES.map((value) => ({
  value,
  label: STATUS_WORDS[value],
}));

export const IMPACT_WORDS: Readonly<Record<Impact, string>> = {
  none: 'No impact',
  minor: 'Minor',
  major: 'Major',
  critical: 'Critical',
};

/** A cause as it stands by itself. */
export function causeWords(cause: Cause): string {
  const words = TERMS.en.cause[cause];
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
export const CAUSE_OPTIONS = CAUSES.map((value) => ({ value, label: causeWords(value) }));

const DONE_WORDS: Readonly<Record<string, string>> = {
  'incident.acknowledge': 'Taken up',
  'incident.merge': 'Merged',
  'incident.split': 'Split',
};

/** What an entry of the record is called. */
export function entryTitle(entry: TimelineEntry, names: Names): string {
  switch (entry.kind) {
    case 'update':
      return STATUS_WORDS[entry.status];
    case 'severity':
      return `Severity ${entry.severity}${entry.nature === 'correction' ? ', put right' : ''}`;
    case 'cause':
      return `Cause: ${causeWords(entry.cause)}`;
    case 'check':
      return `${names.monitor(entry.monitorId)}: ${entry.to}`;
    case 'postmortem':
      return entry.published ? 'Postmortem published' : 'Postmortem written, not published';
    case 'done':
      return DONE_WORDS[entry.action] ?? entry.action;
  }
}

/** What a check saw, as names and values; only for the console. */
export function evidenceFacts(evidence: Evidence, f: Formats): [string, string][] {
  const { status, latencyMs, address, message, tls } = evidence;
  const facts: [string, string | undefined][] = [
    ['Found', message],
    ['HTTP status', status?.toString()],
    ['Took', latencyMs === undefined ? undefined : `${latencyMs} ms${phases(evidence)}`],
    ['Address', address],
    ['TLS', tls?.protocol],
    [
      'Certificate until',
      tls?.certificateUntil === undefined ? undefined : f.moment(tls.certificateUntil),
    ],
  ];
  return facts.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, value] satisfies [string, string]],
  );
}

function phases({ phases: p }: Evidence): string {
  if (!p) return '';
  const parts = [
    ['name', p.lookupMs],
    ['connection', p.connectMs],
    ['TLS', p.tlsMs],
    ['first byte', p.firstByteMs],
  ].flatMap(([name, ms]) => (ms === undefined ? [] : [`${name} ${ms} ms`]));
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** A template with the names of the components filled in. */
export function filled(
  text: Localised,
  config: Config,
  componentIds: readonly string[],
): Localised {
  const names = namesOf(config, componentIds);
  const fill = (language: 'nl' | 'en'): string => {
    const list = new Intl.ListFormat(language, { type: 'conjunction' });
    const all = list.format(names.map(({ name }) => name[language]));
    // A function, for a name may hold what a replacement text would read as a sign.
    return text[language].replaceAll('{component}', () => all);
  };
  return { nl: fill('nl'), en: fill('en') };
}

/** The levels of one agreement, to choose one of. */
export interface LevelGroup {
  /** The agreement and which of the components it covers. */
  label: string;
  /** As `agreement::level`, with what it means in that agreement. */
  options: readonly { value: string; label: string }[];
}

/** Every level of the agreements of these components, by agreement, in the order of the components. */
export function levelGroups(
  ctx: Pick<Context, 'config' | 'agreements'>,
  componentIds: readonly string[],
): LevelGroup[] {
  const components = new Map(
    ctx.config().groups.flatMap((group) => group.components.map((one) => [one.id, one])),
  );
  const uses = [...new Set(componentIds)]
    .flatMap((id) => components.get(id) ?? [])
    .flatMap((component) =>
      component.agreements.map(({ agreement }) => ({ agreement, component })),
    );
  return [...Map.groupBy(uses, ({ agreement }) => agreement)].map(([reference, covered]) => {
    const { name, document } = ctx.agreements().get(reference);
    return {
      label: `${name}: ${covered.map(({ component }) => component.name.en).join(', ')}`,
      options: document.severity.map(({ id, means, countsAsDown }) => ({
        value: `${reference}::${id}`,
        label: `${id} – ${means.en}${countsAsDown ? ' Counts as down.' : ''}`,
      })),
    };
  });
}

/** What was chosen of `levelGroups`. */
export function chosenLevel(value: string): { agreement: string; severity: string } {
  const at = value.lastIndexOf('::');
  return at < 0
    ? { agreement: '', severity: value }
    : { agreement: value.slice(0, at), severity: value.slice(at + 2) };
}

/** A moment that people said later than it was: both are shown. What monitors take to notice is no such thing. */
export function isBackdated(said: { at: number; recordedAt: number; by: string }): boolean {
  return said.by !== 'detector' && said.recordedAt - said.at >= 60_000;
}

/** The period of an agreement in words. */
export function periodWords(period: FactsPeriod, f: Formats): string {
  switch (period.kind) {
    case 'calendar-month':
      return f.month(period.month);
    case 'calendar-year':
      return String(period.year);
    case 'rolling-12-months':
      return 'the last twelve months';
    case 'contract-year':
      return 'the contract year';
    case 'range':
      return 'the period';
  }
}

/** The incident that a form describes, as its verb takes it. Throws DomainError for a moment that is none. */
export function askedOpening(form: Posted, zone: string): OpenIncident {
  const level = form.optional('severity');
  return {
    componentIds: form.texts('componentIds'),
    title: form.pair('title'),
    body: form.pair('body'),
    startedAt: form.moment('startedAt', zone),
    impact: IMPACTS.find((one) => one === form.text('impact')),
    severity: level === undefined ? undefined : chosenLevel(level).severity,
  };
}
