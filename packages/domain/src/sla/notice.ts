import type { MaintenanceKind } from '../maintenance/maintenance.ts';
import type { Instant } from '../ports.ts';
import type { Localised } from '../text.ts';
import { openBetween } from '../time/calendar.ts';
import { lengthOf, type Interval } from '../time/interval.ts';
import { addLocalDays, addLocalMonths, startOfLocalDay } from '../time/zoned.ts';
import type { Agreement } from './agreement.ts';
import type { KindRule } from './agreement-schema.ts';
import type { Amount } from './agreement-values.ts';
import type { Announcement, LedgerMaintenance } from './ledger.ts';
import { isInTime, judgeAll } from './maintenance-verdict.ts';
import { versionAt } from './version.ts';
import { rulesUnder, type Rules } from './rules.ts';
import type { MaintenanceVerdict } from './statement-types.ts';

const SECOND = 1000;
const HOUR = 3_600_000;

export interface NoticeMaintenance {
  kind: MaintenanceKind;
  /** In order of `at`. */
  announcements: readonly Announcement[];
  cancelledAt?: Instant | undefined;
}

export interface NoticeInput {
  maintenance: NoticeMaintenance;
  /** The other maintenances of the component: they may use the turns of a month. */
  others?: readonly (NoticeMaintenance & { id: string })[];
  now: Instant;
  readings?: Record<string, string>;
}

export interface NoticeVerdict {
  agreement: string;
  /** The clause of the rule; null where the contract has none. */
  clause: string | null;
  verdict: MaintenanceVerdict;
  /** Whether the whole of the last window was announced in time, or needed no announcement. */
  inTime: boolean;
  /** The last moment at which the first announced window could have been announced in time. */
  lastValidAnnouncement: Instant | null;
  /**
   * The earliest window of the same length, not before the asked one, that an announcement made now
   * is in time for; null where announcing changes nothing.
   */
  nextWindow: { from: Instant; to: Instant } | null;
  outsidePreferredSeconds: number;
  /** The rule in words. */
  term: Localised;
}

const FREE: Localised = { nl: 'aankondigen is niet nodig', en: 'no notice is needed' };
const COUNTS: Localised = {
  nl: 'telt mee in het cijfer, ook als het is aangekondigd',
  en: 'counts in the figure, announced or not',
};

/** What an agreement makes of an announced maintenance, cap and preferred window included. */
export function judgeNotice(agreement: Agreement, input: NoticeInput): NoticeVerdict {
  const rules = rulesUnder(versionAt(agreement, input.now), input.readings);
  // A new one comes last among those that start at the same moment.
  const asked = entry({ ...input.maintenance, id: '\uffff' });
  const judged = judgeAll(rules, [asked, ...(input.others ?? []).map(entry)]);
  const own = judged[0];
  if (!own) throw new RangeError('nothing was judged');
  const rule = rules.terms.maintenance.kinds[asked.kind];
  const window = asked.announcements.at(-1);
  const notice = rules.terms.maintenance.notice;
  const clause = rule.judged === 'by-notice' ? notice?.clause : rule.clause;
  return {
    agreement: agreement.id,
    clause: clause === undefined || clause === '-' ? null : clause,
    verdict: own.verdict,
    inTime:
      rule.judged === 'free' ||
      (window !== undefined && lengthOf(own.inTime) === window.to - window.from),
    lastValidAnnouncement: own.lastValidAnnouncement,
    nextWindow: window ? nextWindow(rules, rule, window, input.now) : null,
    outsidePreferredSeconds: Math.round(own.outsidePreferred / SECOND),
    term: wordsOf(rules, rule),
  };
}

/** A maintenance that is not over, as the rules judge it: its work is its window. */
export function entry(
  maintenance: NoticeMaintenance & { id: string },
): Omit<LedgerMaintenance, 'counts'> {
  const last = maintenance.announcements.at(-1);
  return {
    id: maintenance.id,
    kind: maintenance.kind,
    announcements: maintenance.announcements,
    cancelled: maintenance.cancelledAt !== undefined,
    work: last ? { from: last.from, to: last.to } : null,
  };
}

function wordsOf(rules: Rules, rule: KindRule): Localised {
  if (rule.judged === 'free') return FREE;
  if (rule.judged === 'counts') return COUNTS;
  return rules.terms.maintenance.notice?.words ?? COUNTS;
}

function nextWindow(
  rules: Rules,
  rule: KindRule,
  asked: Interval,
  now: Instant,
): NoticeVerdict['nextWindow'] {
  const length = asked.to - asked.from;
  const windowAt = (from: Instant): Interval => ({ from, to: from + length });
  if (rule.judged === 'counts') return null;
  if (rule.judged === 'free') return windowAt(asked.from);
  const earliest = Math.max(asked.from, wholeSecondAfter(now));
  const starts = candidates(rules, now, earliest).filter(
    (start) => start >= earliest && isInTime(rules, now, start, windowAt(start)),
  );
  return starts.length === 0 ? null : windowAt(Math.min(...starts));
}

/** The next whole second, never this one. */
export function wholeSecondAfter(instant: Instant): Instant {
  return (Math.floor(instant / SECOND) + 1) * SECOND;
}

/** Moments at which a window may first be in time: by the term, or clear of the hours it is for. */
export function candidates(rules: Rules, now: Instant, earliest: Instant): Instant[] {
  const { notice } = rules.terms.maintenance;
  if (!notice?.term) return [earliest];
  const byTerm = afterTerm(rules, notice.term, now);
  const latest = Math.max(earliest, ...byTerm);
  const closings =
    notice.whenTouching === undefined
      ? []
      : openBetween(rules.calendar(notice.whenTouching), earliest, latest).map(({ to }) => to);
  return [earliest, ...byTerm, ...closings];
}

function afterTerm(rules: Rules, term: Amount, now: Instant): Instant[] {
  const { zone } = rules.terms;
  const from = Math.ceil(now / SECOND) * SECOND;
  if ('hours' in term) return [from + term.hours * HOUR];
  // A local time in the hour that occurs twice is the first of the two: the next hour is in time.
  if ('localDays' in term) return withHourAfter(addLocalDays(from, term.localDays, zone));
  if ('localWeeks' in term) return withHourAfter(addLocalDays(from, 7 * term.localWeeks, zone));
  if ('localMonths' in term) return withHourAfter(addLocalMonths(from, term.localMonths, zone));
  const calendar = rules.calendar(term.calendar ?? 'always');
  const days = Array.from({ length: term.workingDays * 2 + 21 }, (_, index) =>
    addLocalDays(from, index, calendar.zone),
  );
  return days.flatMap((day) => [day, startOfLocalDay(day, calendar.zone)]);
}

const withHourAfter = (instant: Instant): Instant[] => [instant, instant + HOUR];
