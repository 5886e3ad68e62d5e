import type { FactsPeriod } from '@upheld/domain/sla/facts.ts';
import { parsePeriod } from '@upheld/domain/sla/period-text.ts';
import type { Statement, StatementAvailability } from '@upheld/domain/sla/statement-types.ts';
import type { PeriodQuery } from '@upheld/services/period/reckon.ts';
import { dictionary } from '../../i18n/dictionary.ts';
import { partLabel } from '../availability.ts';
import type { Formats } from '../format.ts';
import { VERDICT_TONES, type Tone } from '../tones.ts';
import { figureText, periodName } from './corrections.ts';

const t = dictionary('en');

/** The page of one period, of a component and an agreement. */
export function periodAddress({ componentId, agreement, period }: PeriodQuery): string {
  const query = { component: componentId, agreement: agreement ?? '', period };
  return `/console/periods/period?${new URLSearchParams(query).toString()}`;
}

/** October 2026, of a period in one word. */
export function periodTitle(period: string, f: Formats): string {
  const kind: FactsPeriod['kind'] = parsePeriod(period)?.kind ?? 'range';
  return periodName(period, kind, f);
}

const DIGITS = 6;

/** One figure of a statement; with the one that is published, where there is one. */
export interface FigureRow {
  part: string;
  figure: string;
  verdict: string;
  down: string;
  tone: Tone;
  /** Null where it is what is published, or nothing is. */
  published: string | null;
}

/** The figures of a statement, each beside what `was` published of it. */
export function figureRows(now: Statement, was: Statement | null, f: Formats): FigureRow[] {
  return now.availability.map((one, index) => {
    const before = was?.availability[index];
    const published = before ? withDown(before, f) : null;
    return {
      part: partLabel(one.part, t),
      figure: one.percent === null ? 'no figure' : f.percent(one.percent, DIGITS),
      verdict: t.verdict[one.verdict],
      down: one.seconds.down === 0 ? 'none' : f.duration(one.seconds.down),
      tone: VERDICT_TONES[one.verdict],
      published: published === withDown(one, f) ? null : published,
    };
  });
}

function withDown(part: StatementAvailability, f: Formats): string {
  const { down } = part.seconds;
  return `${figureText(part, f)}, ${down === 0 ? 'no down time' : `${f.duration(down)} down`}`;
}
