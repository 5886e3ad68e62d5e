import type { ReadAs } from '@upheld/domain/correction/correction.ts';
import type { AvailabilityView, IncidentView } from '@upheld/services/read/page-view.ts';
import type { WorksheetCorrection } from '@upheld/services/read/worksheet-corrections.ts';
import type { Language } from '@upheld/domain/text.ts';
import type { CorrectionTexts } from '../i18n/correction/texts.ts';
import type { Dictionary } from '../i18n/dictionary.ts';
import type { Formats } from './format.ts';

/** Where a worksheet tells of its corrections. */
export const CORRECTIONS = 'corrections';

/** The worksheet of a component, at its corrections. */
export function correctionsAddress(componentId: string): string {
  return `/components/${encodeURIComponent(componentId)}/availability#${CORRECTIONS}`;
}

/** What is said beside a figure; null where nobody corrected it. */
export function figureNote(
  { percent, recorded }: AvailabilityView,
  c: CorrectionTexts,
  f: Formats,
): string | null {
  if (recorded === null) return null;
  if (recorded.percent === null) return c.figureFromNone;
  return recorded.percent === percent ? c.figureSame : c.figure(f.percent(recorded.percent));
}

/** What is said beside an incident of the components that a page knows, each thing once. */
export function incidentNotes(
  { corrections }: IncidentView,
  names: ReadonlyMap<string, string>,
  c: CorrectionTexts,
): { text: string; componentId: string }[] {
  const notes = corrections.flatMap(({ kind, componentId }) =>
    names.has(componentId) ? [{ text: c.incident[kind], componentId }] : [],
  );
  return [...new Map(notes.map((note) => [JSON.stringify(note), note])).values()];
}

/** What turned out of an outage, in words. */
export function correctionWords(
  correction: WorksheetCorrection,
  c: CorrectionTexts,
  t: Dictionary,
  language: Language,
): string {
  const { kind, cause, severity, maintenance } = correction;
  switch (kind) {
    case 'false-alarm':
      return c.kind['false-alarm'];
    case 'cause':
      return c.kind.cause(cause === null ? '' : t.cause[cause]);
    case 'severity':
      return c.kind.severity(severity ?? '');
    case 'maintenance':
      return `${c.kind.maintenance}: ${maintenance?.title[language] ?? ''}`;
  }
}

/** The address of the same worksheet in one of the truths. */
export function worksheetAs(asked: Readonly<Record<string, string>>, as: ReadAs): string {
  const query = new URLSearchParams(asked);
  query.delete('as');
  if (as === 'recorded') query.set('as', as);
  return `?${query.toString()}`;
}
