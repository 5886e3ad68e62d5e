import {
  CORRECTION_KINDS,
  type CorrectionKind,
  type CorrectionStanding,
} from '@upheld/domain/correction/correction.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { CAUSES } from '@upheld/domain/incident/incident.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { FactsPeriod, FactsSeverity } from '@upheld/domain/sla/facts.ts';
import { parsePeriod, PERIOD_FORMS } from '@upheld/domain/sla/period-text.ts';
import {
  BUCKETS,
  type Bucket,
  type StatementAvailability,
} from '@upheld/domain/sla/statement-types.ts';
import { localMonth } from '@upheld/domain/time/zoned.ts';
import type { CorrectionSaid } from '@upheld/services/correction/check-correction.ts';
import type { CorrectionView } from '@upheld/services/correction/correction-view.ts';
import type { OutageDetail } from '@upheld/services/correction/outage-detail.ts';
import type { Effect } from '@upheld/services/correction/outage-effects.ts';
import type { PeriodPreview } from '@upheld/services/correction/preview-correction.ts';
import { rollingYear } from '@upheld/services/read/facts.ts';
import type { Posted } from '../../console/forms.ts';
import { dictionary } from '../../i18n/dictionary.ts';
import { partLabel } from '../availability.ts';
import type { Formats } from '../format.ts';
import type { Tone } from '../tones.ts';

const t = dictionary('en');

export const KIND_WORDS: Readonly<Record<CorrectionKind, { label: string; hint: string }>> = {
  'false-alarm': { label: 'False alarm', hint: 'There was no outage; it leaves every figure.' },
  cause: {
    label: 'Another cause',
    hint: 'For the whole of the outage; each agreement says which causes it excludes.',
  },
  severity: { label: 'Another severity', hint: 'For the whole of it, under one agreement.' },
  maintenance: {
    label: 'It was maintenance',
    hint: 'The work of that maintenance went on through it; what was not announced in time stays down.',
  },
};

export const STANDING_WORDS: Readonly<Record<CorrectionStanding, { label: string; tone: Tone }>> = {
  holds: { label: 'Holds', tone: 'ok' },
  replaced: { label: 'Replaced', tone: 'unknown' },
  withdrawn: { label: 'Withdrawn', tone: 'unknown' },
};

export const BUCKET_WORDS: Readonly<Record<Bucket, string>> = {
  excluded: 'excluded',
  maintenance: 'maintenance',
  down: 'down',
  degraded: 'with limits',
  unmeasured: 'not measured',
  up: 'up',
};

/** Where the seconds of an outage lie: '1 h down, 30 min maintenance'. */
export function effectText({ seconds }: Effect, f: Formats): string {
  const parts = BUCKETS.flatMap((bucket) => {
    const count = seconds[bucket] ?? 0;
    return count === 0 ? [] : [`${f.duration(count)} ${BUCKET_WORDS[bucket]}`];
  });
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}

export function severityText(severity: FactsSeverity): string {
  return typeof severity === 'string'
    ? severity
    : severity.map(({ level }) => level).join(', then ');
}

/** What a correction says, in one line. */
export function matterText(view: CorrectionView): string {
  const { label } = KIND_WORDS[view.kind];
  switch (view.kind) {
    case 'false-alarm':
      return label;
    case 'cause':
      return `${label}: ${view.cause === null ? '' : t.cause[view.cause]}`;
    case 'severity':
      return `${label}: ${view.severity ?? ''} (${view.agreement ?? ''})`;
    case 'maintenance':
      return `${label}: ${view.maintenance?.title.en ?? ''}`;
  }
}

export { CAUSE_OPTIONS } from './incidents.ts';

/** The levels of every agreement as the options of one list. */
export function levelOptions({ scales }: OutageDetail): { value: string; label: string }[] {
  return scales.flatMap(({ agreement, levels }) =>
    levels.map(({ id, means, countsAsDown }) => ({
      value: `${agreement.reference} ${id}`,
      label: `${agreement.name}: ${id} – ${means.en} (${countsAsDown ? 'counts as down' : 'does not count as down'})`,
    })),
  );
}

/** What was typed into the form of a correction. */
export interface Typed {
  kind: string;
  cause: string;
  level: string;
  maintenanceId: string;
  reason: string;
  evidence: string;
}

export function typedIn(form: Posted): Typed {
  const text = (name: string): string => form.text(name);
  return {
    kind: text('kind'),
    cause: text('cause'),
    level: text('level'),
    maintenanceId: text('maintenanceId'),
    reason: text('reason'),
    evidence: text('evidence'),
  };
}

/**
 * What it says of an outage: only the field of the chosen kind counts, whatever stands in the others.
 * Throws DomainError('invalid-input') where no kind was chosen.
 */
export function saidBy(typed: Typed, outageId: string): CorrectionSaid {
  const kind = CORRECTION_KINDS.find((one) => one === typed.kind);
  if (!kind) throw fault('kind', 'is missing; say what the outage turned out to be');
  switch (kind) {
    case 'false-alarm':
      return { outageId, kind };
    case 'cause': {
      const cause = CAUSES.find((one) => one === typed.cause);
      if (!cause) throw fault('cause', 'is missing; choose the right one');
      return { outageId, kind, cause };
    }
    case 'severity': {
      const place = typed.level.lastIndexOf(' ');
      if (place < 1) throw fault('level', 'is missing; choose the right one');
      return {
        outageId,
        kind,
        agreement: typed.level.slice(0, place),
        severity: typed.level.slice(place + 1),
      };
    }
    case 'maintenance':
      if (typed.maintenanceId === '')
        throw fault('maintenanceId', 'is missing; choose the maintenance that it was part of');
      return { outageId, kind, maintenanceId: typed.maintenanceId };
  }
}

function fault(path: string, message: string): DomainError {
  return new DomainError('invalid-input', `${path} ${message}`, [{ path, message }]);
}

/** One figure before and after. */
export interface PreviewRow {
  period: string;
  /** Whether it is over. */
  closed: boolean;
  /** The revision that it gets, where somebody closed it. */
  revision: number | null;
  part: string;
  before: string;
  after: string;
  /** Null where the figure and its verdict stay. */
  change: string | null;
  tone: Tone;
}

const DIGITS = 6;

export function previewRows(periods: readonly PeriodPreview[], f: Formats): PreviewRow[] {
  return periods.flatMap(({ period, kind, closed, revision, before, after }) =>
    before.availability.flatMap((was, index): PreviewRow[] => {
      const is = after.availability[index];
      if (!is) return [];
      const [first, then] = [figureText(was, f), figureText(is, f)];
      const downs = is.seconds.down - was.seconds.down;
      const changed = first !== then || downs !== 0;
      return [
        {
          period: periodName(period, kind, f),
          closed,
          revision,
          part: partLabel(was.part, t),
          before: first,
          after: then,
          change: changed ? downText(downs, f) : null,
          tone: was.verdict === is.verdict ? 'unknown' : is.verdict === 'met' ? 'ok' : 'down',
        },
      ];
    }),
  );
}

/** A figure with its verdict: '99.982%, norm met'. */
export function figureText({ percent, verdict }: StatementAvailability, f: Formats): string {
  const figure = percent === null ? 'no figure' : f.percent(percent, DIGITS);
  return `${figure}, ${t.verdict[verdict].toLowerCase()}`;
}

function downText(seconds: number, f: Formats): string {
  if (seconds === 0) return 'the same down time';
  return `${f.duration(Math.abs(seconds))} ${seconds < 0 ? 'less' : 'more'} down`;
}

/** A period in words: 'October 2026' of a month. */
export function periodName(period: string, kind: FactsPeriod['kind'], f: Formats): string {
  if (kind === 'rolling-12-months') return 'Last twelve months';
  if (kind === 'contract-year')
    return `Contract year from ${period.split(':')[1] ?? ''}, no. ${period.split(':')[2] ?? ''}`;
  return kind === 'calendar-month' ? f.month(period) : period;
}

/** What the list of outages is narrowed to. */
export interface CorrectionsAsked {
  period: FactsPeriod;
  /** As the address has it; empty: the last twelve months. */
  periodText: string;
}

/** The period that an address asks for. Throws DomainError('invalid-input') for what is none. */
export function periodAsked(text: string, now: Instant): CorrectionsAsked {
  const minute = Math.floor(now / 60_000) * 60_000;
  if (text === '') return { period: rollingYear(minute), periodText: text };
  const period = parsePeriod(text);
  if (!period) throw fault('period', `is no period; ${PERIOD_FORMS}`);
  return { period, periodText: text };
}

const MONTHS_OFFERED = 13;

/** The periods to choose from: twelve months, two years and the last months. */
export function periodOptions(now: Instant, zone: string, f: Formats) {
  const month = localMonth(now, zone);
  const year = Number(month.slice(0, 4));
  const nth = year * 12 + Number(month.slice(5)) - 1;
  const months = Array.from({ length: MONTHS_OFFERED }, (_, ago) => {
    const one = nth - ago;
    return `${Math.floor(one / 12)}-${String((one % 12) + 1).padStart(2, '0')}`;
  });
  return [
    { value: '', label: 'Last twelve months' },
    ...[year, year - 1].map((one) => ({ value: String(one), label: String(one) })),
    ...months.map((one) => ({ value: one, label: f.month(one) })),
  ];
}
