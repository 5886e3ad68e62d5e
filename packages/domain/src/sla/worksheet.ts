import type { Instant } from '../ports.ts';
import { firstEndingAfter, openBetween } from '../time/calendar.ts';
import { intersect, type Interval, type IntervalSet } from '../time/interval.ts';
import { accountOf, type Account } from './account.ts';
import { downClassOf } from './buckets.ts';
import { placesOf, type MaintenancePlace } from './maintenance-place.ts';
import { leadingOf, type LeadingFigures } from './leading.ts';
import { statementOf } from './statement.ts';
import {
  BUCKETS,
  type Bucket,
  type MaintenanceVerdict,
  type Statement,
  type StatementAvailability,
} from './statement-types.ts';

/** Why an interval landed in its bucket, with the record that says so. */
export interface WorksheetReason {
  kind: 'outage' | 'maintenance' | 'unmeasured';
  /** Of the outage or the maintenance; null where nobody measured. */
  id: string | null;
  /** The level of the outage. */
  level?: string;
  cause?: string;
  verdict?: MaintenanceVerdict;
  /** Where the agreement says it; null where the contract has no clause. */
  clause: string | null;
}

export interface WorksheetRow {
  bucket: Exclude<Bucket, 'up'>;
  from: Instant;
  to: Instant;
  /** The whole stretch, of which this is what lies in the part of time. */
  stretch: Interval;
  reasons: WorksheetReason[];
}

/** What the seconds of a bucket do in a figure: on both sides of it, in the lower one only, or in neither. */
export type Treatment = 'as-up' | 'as-down' | 'left-out';

export interface WorksheetPart {
  part: string;
  clause: string;
  treatment: Record<Bucket, Treatment>;
  /** Seconds that may be down in the whole period under the norm; null where there is no norm. */
  allowedSeconds: number | null;
  /** In order of time. */
  rows: WorksheetRow[];
  /** The figure with its numbers filled in, such as "(100 - 10 - 5) / (100 - 10)". */
  formula: string;
}

/** Another reading under which a verdict differs. */
export interface WorksheetAlternative {
  reading: string;
  option: string;
  availability: Pick<StatementAvailability, 'part' | 'percent' | 'verdict'>[];
  /** The ids of maintenances whose verdict differs, with that verdict. */
  maintenances: { id: string; verdict: MaintenanceVerdict }[];
  compensation: string | null;
}

/** How a statement came about, interval by interval. */
export interface Worksheet {
  statement: Statement;
  parts: WorksheetPart[];
  /** Of each maintenance of the statement by its id. */
  places: ReadonlyMap<string, MaintenancePlace>;
  alternatives: WorksheetAlternative[];
  /** Of other sources, where the agreement says that those lead. */
  leading: LeadingFigures[];
}

/** The worksheet of facts that were laid out by an agreement. */
export function worksheetOf(account: Account): Worksheet {
  const statement = statementOf(account);
  const rows = rowsOf(account);
  const places = placesOf(account);
  const { parts } = account.rules.terms.availability;
  return {
    statement,
    parts: statement.availability.map((figure) => {
      const rule = parts[figure.part];
      const { from, to } = account.ledger.looked;
      const within = rule?.within === undefined ? null : account.rules.calendar(rule.within);
      const treatment = treatmentOf(account);
      const lost = secondsOf(figure, treatment, 'as-down');
      return {
        part: figure.part,
        clause: rule?.clause ?? '',
        treatment,
        allowedSeconds: figure.budgetSeconds === null ? null : figure.budgetSeconds + sum(lost),
        rows: within ? cutTo(openBetween(within, from, to), rows) : rows,
        formula: formulaOf(figure, secondsOf(figure, treatment, 'left-out'), lost),
      };
    }),
    places,
    alternatives: alternativesOf(account, statement, places),
    leading: leadingOf(account.rules),
  };
}

function rowsOf(account: Account): WorksheetRow[] {
  const rows: WorksheetRow[] = [];
  const open = { excluded: [], maintenance: [], down: [], degraded: [], unmeasured: [] } as Record<
    WorksheetRow['bucket'],
    WorksheetRow[]
  >;
  for (const bucket of BUCKETS) {
    if (bucket === 'up') continue;
    open[bucket] = account.buckets[bucket].map((span) => ({
      bucket,
      ...span,
      stretch: span,
      reasons: [],
    }));
    rows.push(...open[bucket]);
  }
  const claim = (bucket: WorksheetRow['bucket'], span: Interval, reason: WorksheetReason): void => {
    const candidates = open[bucket];
    for (let i = firstEndingAfter(candidates, span.from); i < candidates.length; i += 1) {
      const row = candidates[i];
      if (!row || row.from >= span.to) break;
      if (!row.reasons.some((known) => sameRecord(known, reason))) row.reasons.push(reason);
    }
  };
  claimOutages(account, claim);
  claimMaintenances(account, claim);
  for (const span of account.ledger.unmeasured)
    claim('unmeasured', span, { kind: 'unmeasured', id: null, clause: null });
  return rows.sort((a, b) => a.from - b.from);
}

type Claim = (bucket: WorksheetRow['bucket'], span: Interval, reason: WorksheetReason) => void;

function claimOutages({ rules, ledger }: Account, claim: Claim): void {
  for (const { id, cause, spells } of ledger.outages)
    for (const spell of spells) {
      const bucket = downClassOf(rules, cause, spell.level);
      const level = rules.terms.severity.find((known) => known.id === spell.level);
      const clause =
        bucket === 'excluded' ? rules.terms.causes.excluded[cause]?.clause : level?.clause;
      claim(bucket, spell, {
        kind: 'outage',
        id,
        level: spell.level,
        cause,
        clause: clause ?? null,
      });
    }
}

function claimMaintenances({ rules, counted }: Account, claim: Claim): void {
  for (const { maintenance, verdict, qualifying } of counted) {
    const { clause } = rules.terms.maintenance.kinds[maintenance.kind];
    for (const span of qualifying)
      claim('maintenance', span, { kind: 'maintenance', id: maintenance.id, verdict, clause });
  }
}

function sameRecord(a: WorksheetReason, b: WorksheetReason): boolean {
  return a.kind === b.kind && a.id === b.id && a.level === b.level;
}

function cutTo(part: IntervalSet, rows: readonly WorksheetRow[]): WorksheetRow[] {
  return rows.flatMap((row) => intersect([row], part).map((span) => ({ ...row, ...span })));
}

function treatmentOf({ rules }: Account): WorksheetPart['treatment'] {
  const { excluded, maintenance } = rules.terms.availability;
  return {
    excluded,
    maintenance,
    down: 'as-down',
    degraded: 'as-up',
    unmeasured: 'left-out',
    up: 'as-up',
  };
}

/** The seconds of each bucket that is treated so. */
function secondsOf(
  { seconds }: StatementAvailability,
  treatment: WorksheetPart['treatment'],
  wanted: Treatment,
): number[] {
  return FORMULA_ORDER.flatMap((bucket) => (treatment[bucket] === wanted ? seconds[bucket] : []));
}

const FORMULA_ORDER: readonly Bucket[] = ['unmeasured', 'down', 'excluded', 'maintenance'];

/** The terms of the figure, those that are nothing left out. */
function formulaOf(
  { seconds }: StatementAvailability,
  off: readonly number[],
  lost: readonly number[],
): string {
  const less = (amounts: readonly number[]): string =>
    [seconds.total, ...amounts.filter((amount) => amount > 0)].join(' - ');
  return `(${less([...off, ...lost])}) / (${less(off)})`;
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

function alternativesOf(
  account: Account,
  statement: Statement,
  places: Worksheet['places'],
): WorksheetAlternative[] {
  const { agreement, readings } = account.rules;
  return agreement.readings.flatMap(({ id, options }) =>
    options
      .filter((option) => option !== readings[id])
      .flatMap((option) => {
        const facts = { ...account.facts, readings: { ...readings, [id]: option } };
        const other = statementOf(accountOf(facts, agreement));
        return difference(statement, other, places, { reading: id, option }) ?? [];
      }),
  );
}

/** What another reading makes of the same facts; null when no verdict differs. */
function difference(
  statement: Statement,
  other: Statement,
  places: Worksheet['places'],
  asked: Pick<WorksheetAlternative, 'reading' | 'option'>,
): WorksheetAlternative | null {
  const availability = other.availability.filter(
    (figure, index) => figure.verdict !== statement.availability[index]?.verdict,
  );
  const maintenances = other.maintenances.filter(
    ({ id, verdict }, index) =>
      places.get(id) === 'inside' && verdict !== statement.maintenances[index]?.verdict,
  );
  const compensation = other.compensation?.amount ?? null;
  const pays = compensation !== (statement.compensation?.amount ?? null);
  if (availability.length + maintenances.length === 0 && !pays) return null;
  return {
    ...asked,
    availability: availability.map(({ part, percent, verdict }) => ({ part, percent, verdict })),
    maintenances: maintenances.map(({ id, verdict }) => ({ id, verdict })),
    compensation: pays ? compensation : null,
  };
}
