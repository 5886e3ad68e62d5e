import type { Instant } from '../ports.ts';
import { detectorSeverity, type Agreement } from '../sla/agreement.ts';
import { availabilityOf } from '../sla/availability.ts';
import { bucketsOf } from '../sla/buckets.ts';
import type { Facts } from '../sla/facts.ts';
import { ledgerOf, type Ledger, type LedgerMaintenance, type LedgerOutage } from '../sla/ledger.ts';
import {
  capped,
  judge,
  judgeAll,
  latestFor,
  termHolds,
  turnsOf,
  type Judged,
  type Turn,
} from '../sla/maintenance-verdict.ts';
import { entry, judgeNotice, type NoticeInput, type NoticeVerdict } from '../sla/notice.ts';
import { rulesUnder, type Rules } from '../sla/rules.ts';
import { versionAt } from '../sla/version.ts';
import type { AvailabilityVerdict, StatementAvailability } from '../sla/statement-types.ts';
import { setOf, subtract, type Interval } from '../time/interval.ts';

/** What an agreement makes of a maintenance that is only planned. */
export interface PlanVerdict extends NoticeVerdict {
  agreementName: string;
  /** Whether this window has to be announced some time before. */
  noticeNeeded: boolean;
  /** Which one of its month it is, and how many a month may have; null where there is no cap or it uses no turn. */
  turn: (Turn & { perMonth: number }) | null;
}

/**
 * The verdict on a window, and what stands behind it. For one that moves, the last valid moment is that of
 * what the new window adds, since what it shares with the old one keeps its standing.
 */
export function judgePlan(agreement: Agreement, input: NoticeInput): PlanVerdict {
  const rules = rulesUnder(versionAt(agreement, input.now), input.readings);
  const verdict = judgeNotice(agreement, input);
  const { kind, announcements } = input.maintenance;
  const window = announcements.at(-1);
  const isByNotice = rules.terms.maintenance.kinds[kind].judged === 'by-notice';
  const { cap, notice } = rules.terms.maintenance;
  const noticeNeeded =
    isByNotice && window !== undefined && notice?.term !== undefined && termHolds(rules, window);
  const added = window && announcements.length > 1 ? addedBy(announcements) : null;
  return {
    ...verdict,
    ...(noticeNeeded && added && notice.term
      ? { lastValidAnnouncement: finite(latestFor(rules, notice.term, added.from)) }
      : {}),
    agreementName: agreement.name,
    noticeNeeded,
    turn: cap ? turnOf(rules, input, cap.perMonth) : null,
  };
}

const finite = (instant: number): Instant | null => (Number.isFinite(instant) ? instant : null);

/** The first piece that the last window has and the one before it had not; null where there is none. */
function addedBy(announcements: readonly Interval[]): Interval | null {
  const [before, last] = [announcements.at(-2), announcements.at(-1)];
  if (!before || !last) return null;
  return subtract(setOf([last]), setOf([before]))[0] ?? null;
}

function turnOf(rules: Rules, input: NoticeInput, perMonth: number): PlanVerdict['turn'] {
  const asked = entry({ ...input.maintenance, id: '\uffff' });
  const judged = judgeAll(rules, [asked, ...(input.others ?? []).map(entry)]);
  const own = judged[0];
  const turn = own && turnsOf(rules, judged).get(own);
  return turn ? { ...turn, perMonth } : null;
}

/** What planned work does to one figure, when all of its window is down. */
export interface PlanFigure {
  part: string;
  norm: string | null;
  /** Seconds of the window that count as down time. */
  countedSeconds: number;
  /** Down time still allowed, without the work and with it; null where there is no norm. */
  budgetBefore: number | null;
  budgetAfter: number | null;
  percentBefore: string | null;
  percentAfter: string | null;
  verdictBefore: AvailabilityVerdict;
  verdictAfter: AvailabilityVerdict;
}

/** Work as the account of an agreement takes it: its id comes after those of the same start. */
export type PlannedWork = Omit<LedgerMaintenance, 'id' | 'cancelled' | 'counts'>;

/**
 * Each figure of a statement without planned work beside the same one with it, for a component that is
 * down for the whole of the window. `facts` are those without the work; their `asOf` is not before its end.
 */
export function figuresOfPlan(
  facts: Facts,
  agreement: Agreement,
  { work, window }: { work: PlannedWork; window: Interval },
): PlanFigure[] {
  const rules = rulesUnder(agreement, facts.readings, facts.customer);
  const ledger = ledgerOf(facts, rules.terms.zone);
  // What each maintenance is judged does not depend on the others, but for the cap.
  const judged = ledger.maintenances.map((one) => judge(rules, one));
  const planned = { ...work, id: '\uffff', cancelled: false, counts: true };
  const down: LedgerOutage = {
    id: '\uffff',
    incident: '\uffff',
    cause: 'internal',
    spells: [{ ...window, level: detectorSeverity(agreement, 'down') }],
  };
  const before = figuresOf(rules, ledger, judged);
  const after = figuresOf(
    rules,
    {
      ...ledger,
      outages: [...ledger.outages, down],
      maintenances: [...ledger.maintenances, planned],
    },
    [...judged, judge(rules, planned)],
  );
  return after.flatMap((one, index) => {
    const without = before[index];
    return without ? [figureOf(without, one)] : [];
  });
}

function figureOf(without: StatementAvailability, one: StatementAvailability): PlanFigure {
  return {
    part: one.part,
    norm: one.norm,
    countedSeconds: downIn(one) - downIn(without),
    budgetBefore: without.budgetSeconds,
    budgetAfter: one.budgetSeconds,
    percentBefore: without.percent,
    percentAfter: one.percent,
    verdictBefore: without.verdict,
    verdictAfter: one.verdict,
  };
}

/** The same steps as accountOf, for maintenances that were judged before. */
function figuresOf(
  rules: Rules,
  ledger: Ledger,
  judged: readonly Judged[],
): StatementAvailability[] {
  const counted = capped(rules, judged).filter(
    (_one, index) => ledger.maintenances[index]?.counts === true,
  );
  return availabilityOf(rules, ledger, bucketsOf(rules, ledger, counted));
}

function downIn({ denominatorSeconds, numeratorSeconds }: StatementAvailability): number {
  return denominatorSeconds - numeratorSeconds;
}
