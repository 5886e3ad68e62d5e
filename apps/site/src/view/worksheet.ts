import type { Bucket, StatementAvailability } from '@upheld/domain/sla/statement-types.ts';
import type { WorksheetPartView, WorksheetRowView } from '@upheld/services/read/worksheet-view.ts';
import type { WorksheetTexts } from '../i18n/worksheet/texts.ts';
import type { Formats } from './format.ts';
import { EXACT_DIGITS } from './worksheet-exact.ts';

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
