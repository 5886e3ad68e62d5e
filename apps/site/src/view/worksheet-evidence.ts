import type { Language } from '@upheld/domain/text.ts';
import type {
  CheckEvidence,
  MaintenanceEvidence,
  WorksheetReasonView,
  WorksheetView,
} from '@upheld/services/read/worksheet-view.ts';
import type { Dictionary } from '../i18n/dictionary.ts';
import type { WorksheetTexts } from '../i18n/worksheet/texts.ts';
import type { ExactFormats } from './worksheet-exact.ts';

const NO_BREAK = '\u00a0';

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
