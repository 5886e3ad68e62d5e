import { floorSecond } from '@upheld/domain/page/whole-seconds.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { FactsPeriod } from '@upheld/domain/sla/facts.ts';
import { periodText } from '@upheld/domain/sla/period-text.ts';
import { spanOf } from '@upheld/domain/sla/period.ts';
import type { Statement } from '@upheld/domain/sla/statement-types.ts';
import { statement } from '@upheld/domain/sla/statement.ts';
import type { Interval } from '@upheld/domain/time/interval.ts';
import { addLocalMonths, localMonth } from '@upheld/domain/time/zoned.ts';
import { componentsOf } from '../components.ts';
import type { Context } from '../context.ts';
import { parseInput } from '../input.ts';
import type { CorrectionRow, CorrectionsQuery } from '../read/corrections.ts';
import { coverOf, referenceOf, rollingYear, type Covered } from '../read/facts.ts';
import { correctedPeriods, type CorrectedPeriod } from '../period/corrected-periods.ts';
import { agreementOf } from '../period/document.ts';
import { contractYearOf, readCovered, readStatement } from '../read/read-statement.ts';
import { checkCorrection, matterInput, type CorrectionSaid } from './check-correction.ts';
import { correctionRow, mustStand, NOTHING } from './correct-outage.ts';
import {
  correctedOutage,
  supposed,
  type CorrectedOutage,
  type CorrectionMatter,
} from './outage.ts';
import { touchedBy } from './touched.ts';

/** What a correction would do, or taking one back. */
export interface CorrectionPreview {
  outage: { id: string; componentId: string; version: number };
  /** Every agreement of the component, the leading one first; none when it has no agreement. */
  agreements: readonly AgreementPreview[];
}

export interface AgreementPreview {
  agreement: { id: string; name: string; reference: string };
  /** The twelve months up to now, then every contract year, year and month that the outage touches. */
  periods: readonly PeriodPreview[];
}

export interface PeriodPreview {
  /** In one word. */
  period: string;
  kind: FactsPeriod['kind'];
  /** Whether it is over. */
  closed: boolean;
  /** The revision that it gets, where somebody closed it and the correction changes its facts. */
  revision: number | null;
  before: Statement;
  after: Statement;
  /** Whether a figure or a verdict differs. */
  changes: boolean;
}

const MINUTE_MS = 60_000;

/**
 * The statements before and after a correction, of every agreement and period that it touches. Writes
 * nothing, and refuses what `correctOutage` refuses. Throws DomainError as that does.
 */
export async function previewCorrection(
  ctx: Context,
  input: CorrectionSaid,
): Promise<CorrectionPreview> {
  const said = parseInput(matterInput, input);
  const now = ctx.clock.now();
  const outage = await correctedOutage(ctx.db.read, said.outageId);
  const matter = await checkCorrection(ctx.db.read, ctx, outage, said, now);
  return previewOf(ctx, outage, matter, now);
}

/** The same for taking a correction back. Throws DomainError as `withdrawCorrection` does. */
export async function previewWithdrawal(
  ctx: Context,
  { correctionId }: { correctionId: string },
): Promise<CorrectionPreview> {
  const { outageId } = await correctionRow(ctx.db.read, correctionId);
  const outage = await correctedOutage(ctx.db.read, outageId);
  const taken = mustStand(outage, correctionId);
  const matter = { ...NOTHING, withdraws: correctionId };
  return previewOf(ctx, outage, matter, ctx.clock.now(), taken.maintenanceId);
}

async function previewOf(
  ctx: Context,
  outage: CorrectedOutage,
  matter: CorrectionMatter,
  now: Instant,
  maintenanceId = matter.maintenanceId,
): Promise<CorrectionPreview> {
  const { id, componentId, version } = outage;
  const entry: CorrectionRow = supposed(outage, matter, { id: 'supposed', now });
  const suppose = (rows: readonly CorrectionRow[]): readonly CorrectionRow[] => [...rows, entry];
  const touched = await touchedBy(ctx.db.read, outage, maintenanceId, now);
  const component = componentsOf(ctx.config()).get(componentId);
  const cover = component ? coverOf(component, ctx.agreements()) : [];
  const revised = await correctedPeriods(ctx, ctx.db.read, {
    componentId,
    touched,
    after: suppose,
    now,
  });
  const agreements: AgreementPreview[] = [];
  for (const covered of cover) {
    const { agreement } = covered;
    const reference = referenceOf(covered);
    const own = revised.filter(({ row }) => row.agreement === reference);
    const periods: PeriodPreview[] = [];
    for (const period of withRevised(periodsOf(touched, covered, now), own))
      periods.push(await periodPreview(ctx, covered, { period, now, suppose, revised: own }));
    agreements.push({ agreement: { id: agreement.id, name: agreement.name, reference }, periods });
  }
  return { outage: { id, componentId, version }, agreements };
}

/** Latest first, years before their months; contract years where a start of the contract is known. */
function periodsOf({ from, to }: Interval, covered: Covered, now: Instant): FactsPeriod[] {
  const { zone } = covered.agreement.document;
  const months: string[] = [];
  // What ends on the stroke of a month does not touch the next one.
  const last = Math.max(from, to - 1);
  for (let at = last; ; at = addLocalMonths(at, -1, zone)) {
    const month = localMonth(at, zone);
    if (months.at(-1) !== month) months.push(month);
    if (month <= localMonth(from, zone)) break;
  }
  const years = [...new Set(months.map((month) => Number(month.slice(0, 4))))];
  const contractYears = new Map(
    [last, from].flatMap((at) => {
      const year = contractYearOf(covered, at);
      return year ? [[year.nth, year] as const] : [];
    }),
  );
  return [
    rollingYear(Math.floor(now / MINUTE_MS) * MINUTE_MS),
    ...contractYears.values(),
    ...years.map((year): FactsPeriod => ({ kind: 'calendar-year', year })),
    ...months.map((month): FactsPeriod => ({ kind: 'calendar-month', month })),
  ];
}

/** With the closed periods of later months, where a maintenance no longer takes or now takes a turn. */
function withRevised(
  periods: readonly FactsPeriod[],
  revised: readonly CorrectedPeriod[],
): FactsPeriod[] {
  const known = new Set(periods.map(periodText));
  const more = revised.filter(({ row }) => !known.has(row.period));
  return [...periods, ...more.map(({ frozen }) => frozen.facts.period)];
}

interface PreviewAsked {
  period: FactsPeriod;
  now: Instant;
  suppose: CorrectionsQuery['suppose'];
  revised: readonly CorrectedPeriod[];
}

async function periodPreview(
  ctx: Context,
  covered: Covered,
  { period, now, suppose, revised }: PreviewAsked,
): Promise<PeriodPreview> {
  const { to } = spanOf(period, covered.agreement.document.zone);
  const closed = to <= now;
  const query = {
    componentId: covered.component.id,
    agreement: covered.use.agreement,
    period,
    // Both are of one moment, whenever they are read.
    ...(closed ? {} : { asOf: floorSecond(now) }),
  };
  const { facts, covered: by, closed: frozen } = await readCovered(ctx, query);
  const before = frozen?.document.statement ?? statement(facts, by.agreement);
  const own = revised.find(({ row }) => row.period === periodText(period));
  const after = own
    ? statementIn(own)
    : frozen
      ? before
      : (await readStatement(ctx, { ...query, suppose })).statement;
  return {
    period: periodText(period),
    kind: period.kind,
    closed: closed && period.kind !== 'rolling-12-months',
    revision: own ? own.row.revision + 1 : null,
    before,
    after,
    changes: JSON.stringify(before) !== JSON.stringify(after),
  };
}

function statementIn({ row, frozen }: CorrectedPeriod): Statement {
  return statement(frozen.facts, agreementOf(row.agreement, frozen.agreementText));
}
