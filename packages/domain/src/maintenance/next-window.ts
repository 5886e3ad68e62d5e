import type { Instant } from '../ports.ts';
import type { Agreement } from '../sla/agreement.ts';
import { candidates, entry, wholeSecondAfter, type NoticeMaintenance } from '../sla/notice.ts';
import { isInTime, judgeAll } from '../sla/maintenance-verdict.ts';
import { rulesUnder, type Rules } from '../sla/rules.ts';
import { versionAt } from '../sla/version.ts';
import { openBetween } from '../time/calendar.ts';
import { intersect, subtract, type Interval, type IntervalSet } from '../time/interval.ts';
import { addLocalMonths, localMonth, startOfDate } from '../time/zoned.ts';
import type { MaintenanceKind } from './maintenance.ts';

const SECOND = 1000;
const DAY = 86_400_000;
/** Further ahead nobody plans, and every rule repeats itself within a year. */
const HORIZON = 366 * DAY;

/** An agreement that has to be suited, with the other maintenances of the component it covers. */
export interface Covering {
  agreement: Agreement;
  others: readonly (NoticeMaintenance & { id: string })[];
}

export interface WindowWish {
  kind: MaintenanceKind;
  /** Milliseconds. */
  length: number;
  notBefore: Instant;
  /** When it will be announced. */
  announcedAt: Instant;
  /** Starts are on a multiple of this many milliseconds; by default a second. */
  step?: number;
  /** Windows that it must not overlap. */
  busy: IntervalSet;
}

/**
 * The earliest window that every agreement is content with: announced in time where notice is asked for,
 * within the preferred hours, one that no cap is exceeded by, and clear of other windows. It is looked for
 * up to a year ahead; null where there is none, as when preferred hours are shorter than the work.
 */
export function nextWindowForAll(
  coverings: readonly Covering[],
  wish: WindowWish,
): Interval | null {
  const { length, step = SECOND } = wish;
  const earliest = Math.max(wish.notBefore, wholeSecondAfter(wish.announcedAt));
  const bounds = { from: earliest, to: earliest + HORIZON };
  const conditions = conditionsOf(coverings, wish);
  const room = subtract(preferredOf(conditions, wish.kind, bounds), wish.busy);
  // What suits begins where a piece of room, a term, the end of hours or a month begins.
  const boundaries = new Set<Instant>([
    ...room.map((span) => span.from),
    ...conditions.flatMap((one) => boundariesOf(one, wish.announcedAt, bounds)),
  ]);
  const starts = [...boundaries].map((at) => Math.ceil(at / step) * step).sort((a, b) => a - b);
  for (const from of starts) {
    const window = { from, to: from + length };
    if (isWithin(room, window) && conditions.every((one) => suits(one, window, wish)))
      return window;
  }
  return null;
}

interface Condition {
  rules: Rules;
  coverings: readonly Covering[];
}

/** Agreements that cover several components are asked once, but for their caps. */
function conditionsOf(
  coverings: readonly Covering[],
  { kind, announcedAt }: WindowWish,
): Condition[] {
  const byAgreement = Map.groupBy(coverings, ({ agreement }) => agreement);
  return [...byAgreement].map(([agreement, own]) => {
    const rules = rulesUnder(versionAt(agreement, announcedAt));
    const isJudged = rules.terms.maintenance.kinds[kind].judged === 'by-notice';
    const isCapped = isJudged && rules.terms.maintenance.cap !== undefined;
    return { rules, coverings: isCapped ? own : [] };
  });
}

/** An emergency comes when it must: no hours are preferred for it. */
function preferredOf(
  conditions: readonly Condition[],
  kind: MaintenanceKind,
  bounds: Interval,
): IntervalSet {
  if (kind === 'emergency') return [bounds];
  return conditions.reduce<IntervalSet>(
    (room, { rules }) => {
      const { preferred } = rules.terms.maintenance;
      if (!preferred) return room;
      return intersect(
        room,
        openBetween(rules.calendar(preferred.calendar), bounds.from, bounds.to),
      );
    },
    [bounds],
  );
}

function boundariesOf({ rules, coverings }: Condition, at: Instant, bounds: Interval): Instant[] {
  const byNotice = candidates(rules, at, bounds.from);
  return coverings.length === 0 ? byNotice : [...byNotice, ...monthsIn(rules.terms.zone, bounds)];
}

function monthsIn(zone: string, { from, to }: Interval): Instant[] {
  const first = startOfDate(`${localMonth(from, zone)}-01`, zone) ?? from;
  const starts = Array.from({ length: 14 }, (_, index) => addLocalMonths(first, index, zone));
  return starts.filter((start) => start >= from && start < to);
}

function isWithin(room: IntervalSet, { from, to }: Interval): boolean {
  return room.some((span) => span.from <= from && to <= span.to);
}

function suits({ rules, coverings }: Condition, window: Interval, wish: WindowWish): boolean {
  const { kind, announcedAt } = wish;
  if (rules.terms.maintenance.kinds[kind].judged !== 'by-notice') return true;
  if (!isInTime(rules, announcedAt, window.from, window)) return false;
  return coverings.every(({ others }) => {
    const asked = entry({ id: '\uffff', kind, announcements: [{ at: announcedAt, ...window }] });
    const before = others.map(entry);
    // It may be in time itself and yet push a later one of its month over the cap.
    return overCap(rules, [...before, asked]) <= overCap(rules, before);
  });
}

function overCap(rules: Rules, maintenances: readonly ReturnType<typeof entry>[]): number {
  return judgeAll(rules, maintenances).filter(({ verdict }) => verdict === 'over-cap').length;
}
