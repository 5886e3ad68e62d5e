import type {
  AgreementSummary,
  AgreementVersionView,
  ReadingView,
  VersionStanding,
} from '@upheld/services/agreement/agreement-view.ts';
import type { WhatIf } from '@upheld/services/agreement/preview-version.ts';
import { dictionary } from '../../i18n/dictionary.ts';
import { partLabel } from '../availability.ts';
import type { Formats } from '../format.ts';
import type { Tone } from '../tones.ts';
import { figureText } from './corrections.ts';

const t = dictionary('en');

export const STANDING_WORDS: Readonly<Record<VersionStanding, { label: string; tone: Tone }>> = {
  past: { label: 'Past', tone: 'unknown' },
  'in-force': { label: 'In force', tone: 'ok' },
  'to-come': { label: 'To come', tone: 'maintenance' },
  withdrawn: { label: 'Withdrawn', tone: 'unknown' },
  'left-out': { label: 'Left out', tone: 'down' },
};

export const STRENGTH_WORDS = { effort: 'aimed at', right: 'can be claimed' } as const;

/** The page of an agreement. */
export function pathOf(reference: string): string {
  return `/console/agreements/${encodeURIComponent(reference)}`;
}

/** "from 1 January 2027", or what is said where the file does not say from when. */
export function fromText(validFrom: string | null, f: Formats): string {
  return validFrom === null ? 'from the beginning' : `from ${f.day(validFrom)}`;
}

/** Versions that begin later and were not withdrawn. */
export function toCome({ versions }: AgreementSummary): AgreementVersionView[] {
  return versions.filter(({ standing }) => standing === 'to-come');
}

/** What is promised of each part of time: 'Availability: at least 99%'. */
export function targetLines({ targets }: AgreementSummary, f: Formats): string[] {
  return targets.map(
    ({ part, norm }) =>
      `${partLabel(part, t)}: ${norm === null ? 'no norm' : `at least ${f.percent(norm)}`}`,
  );
}

/** What the reading that holds means. */
export function chosenMeans({ options, chosen }: ReadingView): string {
  return options.find(({ option }) => option === chosen)?.means?.en ?? chosen;
}

/** What each reading that does not hold would mean. */
export function otherMeans({ options, chosen }: ReadingView): string[] {
  return options.flatMap(({ option, means }) => (option === chosen ? [] : [means?.en ?? option]));
}

/** One figure of a component as it is, and as it would have been. */
export interface WhatIfRow {
  component: string;
  part: string;
  before: string;
  after: string;
  changed: boolean;
  tone: Tone;
  /** Of the whole statement; only on its first row. */
  verdicts: string | null;
}

/** Every figure of every component that is under the agreement, before and after. */
export function whatIfRows(components: readonly WhatIf[], f: Formats): WhatIfRow[] {
  return components.flatMap(({ component, before, after, verdicts }) => {
    const parts = [...new Set([...before.availability, ...after.availability].map((p) => p.part))];
    return parts.map((part, index): WhatIfRow => {
      const was = before.availability.find((one) => one.part === part);
      const is = after.availability.find((one) => one.part === part);
      const [first, then] = [was, is].map((one) => (one ? withNorm(one, f) : 'not promised'));
      return {
        component: component.name.en,
        part: partLabel(part, t),
        before: first ?? '',
        after: then ?? '',
        changed: first !== then,
        tone: is?.verdict === was?.verdict ? 'unknown' : is?.verdict === 'missed' ? 'down' : 'ok',
        verdicts: index === 0 ? verdictsText(verdicts) : null,
      };
    });
  });
}

function withNorm(part: WhatIf['before']['availability'][number], f: Formats): string {
  const norm = part.norm === null ? '' : ` (${f.percent(part.norm)})`;
  return `${figureText(part, f)}${norm}`;
}

function verdictsText(count: number): string {
  if (count === 0) return 'no verdict differs';
  return count === 1 ? '1 verdict differs' : `${count} verdicts differ`;
}

/** What a version begins as in the form: the first of next year, with an example that changes nothing. */
export function skeleton(today: string): string {
  const year = Number(today.slice(0, 4)) + 1;
  return `label: '${year}'
validFrom: ${year}-01-01
# source: Addendum of 1 December ${year - 1}
replaces:
  # Each piece by its path in the file, such as:
  # maintenance.notice.term: { hours: 72 }
  # availability.parts.all.norm: '99.95'
`;
}
