import type { Config } from '@upheld/config/schema.ts';
import type { MaintenanceVerdict } from '@upheld/domain/sla/statement-types.ts';
import type { ComponentVerdict } from '@upheld/services/maintenance/judge.ts';
import type { PlannedVerdict } from '@upheld/services/maintenance/plan.ts';
import { namesOf } from '@upheld/services/components.ts';
import type { Formats } from '../format.ts';
import type { Tone } from '../tones.ts';

/** What a verdict comes to for whoever is to press the button. */
export interface VerdictWords {
  tone: Tone;
  headline: string;
  /** Whether announcing it would break the contract. */
  breaks: boolean;
}

const WORDS: Readonly<Record<MaintenanceVerdict, VerdictWords>> = {
  qualifies: { tone: 'ok', headline: 'In time', breaks: false },
  'not-required': { tone: 'ok', headline: 'Needs no notice', breaks: false },
  'late-notice': { tone: 'down', headline: 'Too late', breaks: true },
  'over-cap': { tone: 'down', headline: 'One too many this month', breaks: true },
  unannounced: { tone: 'down', headline: 'Not announced', breaks: true },
  emergency: { tone: 'maintenance', headline: 'Emergency: needs no notice', breaks: false },
  counts: { tone: 'degraded', headline: 'Counts as down time, announced or not', breaks: false },
  'shown-apart': { tone: 'ok', headline: 'Shown apart from the figure', breaks: false },
  cancelled: { tone: 'unknown', headline: 'Called off', breaks: false },
};

/** The headline of a verdict, and how bad it is. */
export function verdictWords({ verdict, inTime }: ComponentVerdict): VerdictWords {
  if (verdict === 'qualifies' && !inTime)
    return { tone: 'down', headline: 'Partly too late', breaks: true };
  return WORDS[verdict];
}

const ORDINALS = ['zeroth', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh'];

/** first, second, … 8th: which one of its month. */
export function ordinal(nth: number): string {
  return ORDINALS[nth] ?? `${nth}th`;
}

/** What stands under a verdict, most important first. */
export function verdictLines(verdict: PlannedVerdict, f: Formats, now: number): string[] {
  const lines: string[] = [];
  const { lastValidAnnouncement: last, turn, outsidePreferredSeconds: outside } = verdict;
  if (last !== null && verdictWords(verdict).breaks && verdict.verdict !== 'over-cap')
    lines.push(`It would have been in time until ${f.moment(last)}.`);
  else if (last !== null && last >= now && verdict.noticeNeeded)
    lines.push(`In time until ${f.moment(last)}.`);
  if (turn)
    lines.push(
      `It is the ${ordinal(turn.nth)} in ${f.month(turn.month)}; the contract leaves out ${turn.perMonth} a month.`,
    );
  if (outside > 0) lines.push(`${f.hours(outside)} of it is outside the preferred hours.`);
  return lines;
}

/** The English name of a component. */
export function componentName(config: Config, id: string): string {
  return namesOf(config, [id])[0]?.name.en ?? id;
}

/** Components as people read them. */
export function componentNames(config: Config, ids: readonly string[]): string {
  return namesOf(config, ids)
    .map(({ name }) => name.en)
    .join(', ');
}

export const KIND_WORDS = {
  planned: 'Planned',
  emergency: 'Emergency',
  'customer-requested': 'At a customer’s request',
} as const;

/** A length in whole days, else as a duration. */
export function lengthText(seconds: number, f: Formats): string {
  const days = seconds / 86_400;
  if (Number.isInteger(days)) return days === 1 ? '1 day' : `${days} days`;
  return f.hours(seconds);
}
