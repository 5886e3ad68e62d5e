import type { Agreement } from '@upheld/domain/sla/agreement.ts';
import type { MaintenanceVerdict } from '@upheld/domain/sla/statement-types.ts';
import type { WorksheetReason, WorksheetRow } from '@upheld/domain/sla/worksheet.ts';
import type { Localised } from '@upheld/domain/text.ts';

/** What an agreement can make of a maintenance, in words. */
export const VERDICT_WORDS: Readonly<Record<MaintenanceVerdict, Localised>> = {
  qualifies: { nl: 'op tijd aangekondigd', en: 'announced in time' },
  'not-required': { nl: 'hoeft niet te worden aangekondigd', en: 'needs no announcement' },
  'late-notice': { nl: 'te laat aangekondigd', en: 'announced too late' },
  'over-cap': {
    nl: 'meer onderhoud dan in een maand is toegestaan',
    en: 'more maintenance than a month allows',
  },
  unannounced: { nl: 'niet aangekondigd', en: 'not announced' },
  emergency: { nl: 'spoedonderhoud', en: 'emergency maintenance' },
  counts: {
    nl: 'het contract maakt voor onderhoud geen uitzondering',
    en: 'the contract makes no exception for maintenance',
  },
  'shown-apart': { nl: 'wordt apart getoond', en: 'is shown apart' },
  cancelled: { nl: 'afgezegd', en: 'cancelled' },
};

/** The rule that put an interval into its bucket, in words. */
export function ruleWords(
  bucket: WorksheetRow['bucket'],
  reason: WorksheetReason,
  agreement: Agreement,
): Localised {
  if (reason.kind === 'unmeasured') return { nl: 'Er is niet gemeten.', en: 'Nobody measured.' };
  if (reason.kind === 'maintenance') {
    const words = reason.verdict ? VERDICT_WORDS[reason.verdict] : { nl: '-', en: '-' };
    return { nl: `Onderhoud: ${words.nl}.`, en: `Maintenance: ${words.en}.` };
  }
  if (bucket === 'excluded')
    return {
      nl: 'Storing door een oorzaak die het contract uitsluit.',
      en: 'Outage by a cause that the contract excludes.',
    };
  const level = agreement.document.severity.find(({ id }) => id === reason.level);
  const means = level?.means ?? { nl: '', en: '' };
  return bucket === 'down'
    ? {
        nl: `Telt als storing: ${lowerFirst(means.nl)}`,
        en: `Counts as down: ${lowerFirst(means.en)}`,
      }
    : {
        nl: `Telt niet als storing: ${lowerFirst(means.nl)}`,
        en: `Does not count as down: ${lowerFirst(means.en)}`,
      };
}

function lowerFirst(text: string): string {
  // An abbreviation keeps its capitals.
  return /^\p{Lu}\p{Lu}/u.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}

/** What is left of the time that may be down, in words: "17 h 12 min of 87.6 h left". */
export function budgetWords(leftSeconds: number, allowedSeconds: number): Localised {
  const left = Math.abs(leftSeconds);
  if (leftSeconds < 0)
    return {
      nl: `${span(left, 'u')} meer dan de ${inHours(allowedSeconds, 'nl')}`,
      en: `${span(left, 'h')} more than the ${inHours(allowedSeconds, 'en')}`,
    };
  return {
    nl: `nog ${span(left, 'u')} van ${inHours(allowedSeconds, 'nl')}`,
    en: `${span(left, 'h')} of ${inHours(allowedSeconds, 'en')} left`,
  };
}

const HOUR = 3600;
const MINUTE = 60;
/** From here on tenths of an hour say enough of a whole. */
const TENTHS_FROM = 10 * HOUR;
// A duration is read as one figure, so it is never broken over two lines.
const SPACE = '\u00a0';

function inHours(seconds: number, language: 'nl' | 'en'): string {
  const unit = language === 'nl' ? 'u' : 'h';
  if (seconds < TENTHS_FROM) return span(seconds, unit);
  const tenths = String(Math.floor((seconds * 10) / HOUR) / 10);
  return `${language === 'nl' ? tenths.replace('.', ',') : tenths}${SPACE}${unit}`;
}

/** Hours and minutes, or minutes and seconds; the rest is cut. */
function span(seconds: number, hour: 'u' | 'h'): string {
  const hours = Math.floor(seconds / HOUR);
  const minutes = Math.floor((seconds % HOUR) / MINUTE);
  const rest = seconds % MINUTE;
  const parts =
    hours > 0
      ? [`${hours}${SPACE}${hour}`, `${minutes}${SPACE}min`]
      : [...(minutes > 0 ? [`${minutes}${SPACE}min`] : []), `${rest}${SPACE}s`];
  return parts.join(SPACE);
}
