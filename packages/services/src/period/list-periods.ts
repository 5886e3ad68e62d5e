import { isNotNull } from '@upheld/db/query.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { periodText } from '@upheld/domain/sla/period-text.ts';
import { spanOf } from '@upheld/domain/sla/period.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { addLocalMonths, localMonth } from '@upheld/domain/time/zoned.ts';
import { componentsOf, namesOf } from '../components.ts';
import type { Context } from '../context.ts';
import { coverOf, referenceOf, type Covered } from '../read/facts.ts';
import { contractYearOf } from '../read/read-statement.ts';
import { changedAmong } from './changed.ts';
import { allRevisions, type ClosablePeriod, type RevisionRow } from './closed.ts';
import { revisionView, type RevisionView } from './period-view.ts';

/** Periods that nobody closed are offered so far back. */
const MOST_MONTHS = 24;

/** A closed period, by its published revision. */
export interface ClosedPeriod {
  component: { id: string; name: Localised };
  current: RevisionView;
  /** Null where the configuration no longer knows what to compare with. */
  changedSince: boolean | null;
}

/** A period that is over, and that nobody closed yet. */
export interface OpenPeriod {
  component: { id: string; name: Localised };
  /** As the public knows it, and what it is called. */
  agreement: { reference: string; name: string };
  period: string;
  kind: ClosablePeriod['kind'];
  from: Instant;
  to: Instant;
}

export interface Periods {
  /** The last to end first. */
  open: readonly OpenPeriod[];
  closed: readonly ClosedPeriod[];
}

/** What can be closed and what is closed, of one component or of all. */
export async function listPeriods(
  ctx: Context,
  { componentId }: { componentId?: string | undefined } = {},
): Promise<Periods> {
  const rows = await allRevisions(ctx.db.read, componentId);
  return {
    open: await openPeriods(ctx, new Set(rows.map(placeOf)), componentId),
    closed: await closedPeriods(ctx, rows),
  };
}

/** The closed periods of one component with every revision, for everyone: the last to end first. */
export async function listClosed(ctx: Context, componentId: string): Promise<RevisionView[][]> {
  const rows = await allRevisions(ctx.db.read, componentId);
  const periods = [...Map.groupBy(rows, placeOf).values()];
  return periods
    .sort(([a], [b]) => (b?.spanTo ?? 0) - (a?.spanTo ?? 0))
    .map((revisions) => revisions.map(revisionView));
}

type Place = Pick<RevisionRow, 'componentId' | 'agreement' | 'period'>;

function placeOf({ componentId, agreement, period }: Place): string {
  return JSON.stringify([componentId, agreement, period]);
}

async function closedPeriods(
  ctx: Context,
  rows: readonly RevisionRow[],
): Promise<readonly ClosedPeriod[]> {
  const current = [...new Map(rows.map((row) => [placeOf(row), row])).values()];
  const changed = await changedAmong(ctx, current);
  return current
    .sort((a, b) => b.spanTo - a.spanTo)
    .map((row) => ({
      component: named(ctx, row.componentId),
      current: revisionView(row),
      changedSince: changed.get(row.id) ?? null,
    }));
}

async function openPeriods(
  ctx: Context,
  closed: ReadonlySet<string>,
  componentId: string | undefined,
): Promise<readonly OpenPeriod[]> {
  const components = [...componentsOf(ctx.config()).values()].filter(
    ({ id }) => componentId === undefined || id === componentId,
  );
  const measuredSince = await readMeasuredSince(ctx);
  const found: OpenPeriod[] = [];
  for (const component of components) {
    const since = measuredSince.get(component.id);
    if (since === undefined) continue;
    for (const covered of coverOf(component, ctx.agreements()))
      found.push(...overOf(ctx, covered, since).filter((one) => !closed.has(openPlace(one))));
  }
  return found.sort((a, b) => b.to - a.to || b.from - a.from);
}

function openPlace({ component, agreement, period }: OpenPeriod): string {
  return placeOf({ componentId: component.id, agreement: agreement.reference, period });
}

/** Since when each component is measured; none for what never was. */
async function readMeasuredSince(ctx: Context): Promise<ReadonlyMap<string, Instant>> {
  const { q, t } = ctx.db.read;
  const { id, measuredSince: since } = t.components;
  const rows = await q.select({ id, since }).from(t.components).where(isNotNull(since));
  return new Map(rows.flatMap((row) => (row.since === null ? [] : [[row.id, row.since] as const])));
}

/** The months, and the years that the agreement counts in, that ended since measuring began. */
function overOf(ctx: Context, covered: Covered, since: Instant): OpenPeriod[] {
  const { component, agreement } = covered;
  const { zone } = agreement.document;
  const now = ctx.clock.now();
  const months = Array.from({ length: MOST_MONTHS }, (_, ago) =>
    addLocalMonths(now, -ago - 1, zone),
  );
  const periods = new Map(
    months.flatMap((at) => periodsAt(covered, at)).map((one) => [periodText(one), one]),
  );
  return [...periods].flatMap(([period, one]): OpenPeriod[] => {
    const { from, to } = spanOf(one, zone);
    if (to > now || to <= since) return [];
    return [
      {
        component: named(ctx, component.id),
        agreement: { reference: referenceOf(covered), name: agreement.name },
        ...{ period, kind: one.kind, from, to },
      },
    ];
  });
}

function periodsAt(covered: Covered, at: Instant): ClosablePeriod[] {
  const { zone, availability } = covered.agreement.document;
  const month = localMonth(at, zone);
  const own: ClosablePeriod[] = [{ kind: 'calendar-month', month }];
  if (availability.defaultPeriod === 'calendar-year')
    own.push({ kind: 'calendar-year', year: Number(month.slice(0, 4)) });
  const year = availability.defaultPeriod === 'contract-year' ? contractYearOf(covered, at) : null;
  return year ? [...own, year] : own;
}

function named(ctx: Context, id: string): { id: string; name: Localised } {
  const [component] = namesOf(ctx.config(), [id]);
  return component ?? { id, name: { nl: id, en: id } };
}
