import type { ReadAs } from '@upheld/domain/correction/correction.ts';
import type { Bucket, StatementAvailability } from '@upheld/domain/sla/statement-types.ts';
import { localDate, localMonth } from '@upheld/domain/time/zoned.ts';
import type { Language } from '@upheld/domain/text.ts';
import type {
  CheckEvidence,
  MaintenanceEvidence,
  WorksheetPartView,
  WorksheetReasonView,
  WorksheetRowView,
  WorksheetView,
} from '@upheld/services/read/worksheet-view.ts';
import type { Dictionary } from '../i18n/dictionary.ts';
import type { WorksheetTexts } from '../i18n/worksheet/texts.ts';
import type { Formats } from './format.ts';

/** How a worksheet writes what has to be exact. */
export interface ExactFormats {
  /** za 7 nov 2026 10:30:07, of an instant as text. */
  stamp(at: string): string;
  /** The same without its seconds where they are none: 1 nov 2026 00:00. */
  moment(at: string): string;
  /** The end of a stretch: the time alone where it ends on the day it began. */
  end(from: string, to: string): string;
  /** Hours, minutes and seconds, nothing cut: 1.204 u 12 min 7 s. */
  length(seconds: number): string;
  /** 4.334.407 s */
  seconds(count: number): string;
}

const NO_BREAK = '\u00a0';
const HOUR = 3600;
const MINUTE = 60;

export function exactFormats(t: Dictionary, w: WorksheetTexts, zone: string): ExactFormats {
  const intl = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(t.locale, { timeZone: zone, ...options });
  const clock = {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  } as const;
  const date = intl({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
  const time = intl(clock);
  const number = new Intl.NumberFormat(t.locale);
  const stamp = (at: string): string => {
    const instant = Date.parse(at);
    return `${date.format(instant)} ${time.format(instant)}`;
  };
  return {
    stamp,
    moment: (at) => stamp(at).replace(/:00$/, ''),
    end: (from, to) =>
      date.format(Date.parse(from)) === date.format(Date.parse(to))
        ? time.format(Date.parse(to))
        : stamp(to),
    length: (seconds) =>
      [
        [Math.floor(seconds / HOUR), t.units.hour] as const,
        [Math.floor((seconds % HOUR) / MINUTE), t.units.minute] as const,
        [seconds % MINUTE, t.units.second] as const,
      ]
        .filter(([count, unit]) => count > 0 || (seconds === 0 && unit === t.units.second))
        .map(([count, unit]) => `${number.format(count)}${NO_BREAK}${unit}`)
        .join(NO_BREAK),
    seconds: (count) => w.inSeconds(number.format(count)).replaceAll(' ', NO_BREAK),
  };
}

/** One line of the sum behind a figure. */
export interface CalculationStep {
  label: string;
  seconds: number;
  /** A result, under what was taken off above it. */
  isResult: boolean;
}

/** The figure as a sum that can be followed with a pen: what is nothing is left out. */
export function calculation(
  figure: StatementAvailability,
  { treatment }: WorksheetPartView,
  w: WorksheetTexts,
): CalculationStep[] {
  const off = (wanted: string, label: (name: string) => string): CalculationStep[] =>
    SHOWN.flatMap((bucket) =>
      treatment[bucket] === wanted && figure.seconds[bucket] > 0
        ? {
            label: label(w.bucket[bucket].toLowerCase()),
            seconds: -figure.seconds[bucket],
            isResult: false,
          }
        : [],
    );
  return [
    { label: w.steps.total, seconds: figure.seconds.total, isResult: false },
    ...off('left-out', w.steps.off),
    { label: w.steps.counted, seconds: figure.denominatorSeconds, isResult: true },
    ...off('as-down', w.steps.lost),
    { label: w.steps.worked, seconds: figure.numeratorSeconds, isResult: true },
  ];
}

/** What was not ordinary time, that which costs most first. */
const SHOWN = [
  'down',
  'maintenance',
  'excluded',
  'degraded',
  'unmeasured',
] as const satisfies Bucket[];

/** A stretch as it happened, and how much of it lies in the part of time. */
export interface Stretch extends Pick<WorksheetRowView, 'from' | 'to' | 'reasons'> {
  seconds: number;
  wholeSeconds: number;
}

/** A bucket with the stretches in it; `rows` are the last of `count`. */
export interface BucketTable {
  bucket: WorksheetRowView['bucket'];
  seconds: number;
  count: number;
  rows: readonly Stretch[];
}

/** A page is read, not searched: beyond this many the table to download serves better. */
export const MOST_ROWS = 100;

/** The stretches of a part by bucket, those that hold any. */
export function bucketTables(
  figure: StatementAvailability,
  part: WorksheetPartView,
): BucketTable[] {
  const rows = Map.groupBy(part.rows, ({ bucket }) => bucket);
  return SHOWN.flatMap((bucket) => {
    const own = stretchesOf(rows.get(bucket) ?? []);
    if (own.length === 0) return [];
    const last = own.slice(-MOST_ROWS);
    return { bucket, seconds: figure.seconds[bucket], count: own.length, rows: last };
  });
}

/** Working hours cut a night into two mornings; people know it as one night. */
function stretchesOf(rows: readonly WorksheetRowView[]): Stretch[] {
  const pieces = Map.groupBy(rows, ({ stretch }) => stretch.from);
  return [...pieces.values()].flatMap((own) => {
    const [first] = own;
    if (!first) return [];
    const { from, to } = first.stretch;
    return {
      from,
      to,
      reasons: first.reasons,
      seconds: own.reduce((sum, row) => sum + row.seconds, 0),
      wholeSeconds: (Date.parse(to) - Date.parse(from)) / 1000,
    };
  });
}

/** The verdict on one part as a sentence. */
export function verdictSentence(
  figure: StatementAvailability,
  w: WorksheetTexts,
  f: Formats,
): string {
  const { verdict, percent, norm } = figure;
  return w.sentence[verdict](
    f.percent(percent ?? '0', EXACT_DIGITS),
    norm === null ? '' : f.percent(norm, EXACT_DIGITS),
  );
}

/** As many decimals as a statement has. */
export const EXACT_DIGITS = 6;

/** A record that proves why a stretch is where it is. */
export interface Evidence {
  /** Null where there is no page of it: nobody measured. */
  link: { href: string; title: string } | null;
  lines: readonly string[];
}

/** A maintenance in a sentence: by its title and when it begins, since titles come back. */
export function datedTitle(
  { title, announcements, work }: MaintenanceEvidence,
  language: Language,
  exact: ExactFormats,
): string {
  const from = announcements.at(-1)?.from ?? work?.from;
  return from === undefined ? title[language] : `${title[language]} (${exact.moment(from)})`;
}

/** What proves one reason of a stretch. */
export function evidenceOf(
  reason: WorksheetReasonView,
  view: WorksheetView,
  texts: { t: Dictionary; w: WorksheetTexts; language: Language; exact: ExactFormats },
): Evidence {
  const { t, w, language, exact } = texts;
  if (reason.kind === 'unmeasured')
    return { link: null, lines: (reason.gaps ?? []).map((gap) => sentence(w.gap[gap])) };
  if (reason.kind === 'maintenance') {
    const work = view.maintenances.find(({ id }) => id === reason.id);
    if (!work) return { link: null, lines: [] };
    return {
      link: { href: `/maintenances/${work.id}`, title: work.title[language] },
      lines: work.announcements.map(({ at }) => `${w.announced}: ${exact.stamp(at)}`),
    };
  }
  const outage = view.outages.find(({ id }) => id === reason.id);
  if (!outage) return { link: null, lines: [] };
  const { incident, found, mended, cause, to, detected } = outage;
  return {
    link: { href: `/incidents/${incident.id}`, title: incident.title[language] },
    lines: [
      ...(cause === 'internal' ? [] : [w.cause(t.cause[cause])]),
      ...(found ? [w.found(checkText(found, outage.from, w, exact))] : []),
      ...(detected ? [] : [w.byPeople]),
      ...(mended ? [w.mended(checkText(mended, outage.from, w, exact))] : []),
      ...(to === null ? [w.goingOn] : []),
    ],
  };
}

function checkText(
  check: CheckEvidence,
  outageFrom: string,
  w: WorksheetTexts,
  exact: ExactFormats,
): string {
  const at = exact.end(outageFrom, check.at);
  const known: Readonly<Record<string, string>> = w.check;
  const cause = check.cause === null ? undefined : known[check.cause];
  const status = check.status === null ? undefined : `HTTP${NO_BREAK}${check.status}`;
  const why = [cause, status].filter((word) => word !== undefined).join(', ');
  return why === '' ? at : `${at} (${why})`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** Where the contract says it. */
export function clauseText(clause: string | null, w: WorksheetTexts): string | null {
  if (clause === null) return null;
  return clause === '-' || clause === '' ? w.noClause : w.clause(clause);
}

/** A period to choose, as a link. */
export interface PeriodChoice {
  label: string;
  /** Null: the twelve months of the figure on the page. */
  period: string | null;
  current: boolean;
}

const MONTHS_OFFERED = 4;

/** The periods that people ask for: twelve months, this year and the last, and the last months. */
export function periodChoices(
  view: WorksheetView,
  now: number,
  w: WorksheetTexts,
  f: Formats,
): PeriodChoice[] {
  const month = localMonth(now, view.agreement.zone);
  const year = Number(month.slice(0, 4));
  const first = year * MONTHS_A_YEAR + Number(month.slice(5)) - 1;
  const months = Array.from({ length: MONTHS_OFFERED }, (_, ago) => monthText(first - ago));
  const choice = (period: string, label: string): PeriodChoice => ({
    label,
    period,
    current: view.period === period,
  });
  const isRolling = view.period.startsWith('rolling-12-months');
  return [
    { label: w.lastYear, period: null, current: isRolling },
    ...view.agreement.contractYears.map(({ period, from }) =>
      choice(period, w.contractYear(f.day(localDate(Date.parse(from), view.agreement.zone)))),
    ),
    choice(String(year), String(year)),
    choice(String(year - 1), String(year - 1)),
    ...months.map((one) => choice(one, f.month(one))),
  ];
}

const MONTHS_A_YEAR = 12;

function monthText(months: number): string {
  const year = Math.floor(months / MONTHS_A_YEAR);
  return `${year}-${String((months % MONTHS_A_YEAR) + 1).padStart(2, '0')}`;
}

/** Where the same worksheet is for programs: exactly what the page shows. */
export function downloads(
  view: WorksheetView,
  as: ReadAs = view.as,
): Readonly<Record<string, string>> {
  const { component, agreement, statement } = view;
  const isOver = statement.asOf === statement.period.to;
  const query = new URLSearchParams({
    agreement: agreement.id,
    period: view.period,
    ...(isOver ? {} : { asOf: statement.asOf }),
    ...(as === 'recorded' ? { as } : {}),
  }).toString();
  const base = `/api/v1/components/${encodeURIComponent(component.id)}`;
  return {
    facts: `${base}/facts?${query}`,
    agreement: `/api/v1/agreements/${encodeURIComponent(agreementFile(view))}`,
    statement: `${base}/statement?${query}`,
    worksheet: `${base}/worksheet?${query}`,
    csv: `${base}/worksheet.csv?${query}`,
  };
}

/** The name under which the facts look for the agreement, where it is not one of the shipped. */
export function agreementFile({ agreement, statement }: WorksheetView): string {
  const reference = statement.agreement;
  return reference.endsWith('.yaml') ? reference : `${agreement.id}.yaml`;
}
