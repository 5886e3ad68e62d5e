import type {
  CorrectionKind,
  CorrectionStanding,
  ReadAs,
} from '@upheld/domain/correction/correction.ts';
import type { Cause } from '@upheld/domain/incident/incident.ts';
import type { Agreement } from '@upheld/domain/sla/agreement.ts';
import type { StatementAvailability } from '@upheld/domain/sla/statement-types.ts';
import { statement } from '@upheld/domain/sla/statement.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { formatInstant } from '@upheld/domain/time/zoned.ts';
import { and, asc, eq, gt, inArray, isNull, lt, ne, or } from '@upheld/db/query.ts';
import type { Context } from '../context.ts';
import { correctionViews, type CorrectionView } from '../correction/correction-view.ts';
import type { Covered } from './facts.ts';
import type { CoveredFacts } from './read-statement.ts';

/** What was put right afterwards, as the public may know it: by whom, only as what they are. */
export interface WorksheetCorrection {
  id: string;
  outage: { id: string; from: string; to: string | null };
  incident: { id: string; title: Localised };
  kind: CorrectionKind;
  /** Of a wrong cause: the right one. */
  cause: Cause | null;
  /** Of a wrong severity: the right level of this agreement. */
  severity: string | null;
  /** Of an outage that was maintenance. */
  maintenance: { id: string; title: Localised } | null;
  reason: string;
  at: string;
  by: 'manager';
  standing: CorrectionStanding;
  withdrawn: { at: string; reason: string } | null;
}

/** One figure in both truths. */
export type WorksheetCompared = { part: string } & Record<
  ReadAs,
  Pick<StatementAvailability, 'percent' | 'verdict'>
>;

/** Both figures of each part; empty where nobody corrected anything in the facts. */
export function comparedOf({
  facts,
  otherFacts,
  recorded,
  covered,
}: CoveredFacts): WorksheetCompared[] {
  if (otherFacts === null) return [];
  const own = statement(facts, covered.agreement).availability;
  const other = statement(otherFacts, covered.agreement).availability;
  // Only what was corrected knows what it was before.
  const isCorrected = recorded.asRecorded !== undefined;
  const figure = ({ percent, verdict }: StatementAvailability) => ({ percent, verdict });
  return own.flatMap((mine, index) => {
    const theirs = other[index];
    if (!theirs) return [];
    const [corrected, first] = isCorrected ? [mine, theirs] : [theirs, mine];
    return { part: mine.part, corrected: figure(corrected), recorded: figure(first) };
  });
}

/** Every correction of an outage in the looked-at time that matters to an agreement, in order. */
export async function readWorksheetCorrections(
  ctx: Context,
  { covered, asked, recorded }: CoveredFacts,
): Promise<WorksheetCorrection[]> {
  const h = ctx.db.read;
  const { corrections: c, outages: o } = h.t;
  const from = asked.span.from;
  const to = Math.min(asked.span.to, asked.asOf);
  const works = recorded.maintenances.map(({ id }) => id);
  const rows = await h.q
    .select({ correction: c })
    .from(c)
    .innerJoin(o, eq(o.id, c.outageId))
    .where(
      and(
        eq(o.componentId, covered.component.id),
        ne(c.kind, 'withdrawn'),
        or(
          and(lt(o.startedAt, to), or(isNull(o.endedAt), gt(o.endedAt, from))),
          works.length > 0 ? inArray(c.maintenanceId, works) : undefined,
        ),
      ),
    )
    .orderBy(asc(c.recordedAt), asc(c.id));
  const views = await correctionViews(
    h,
    rows.map(({ correction }) => correction),
  );
  return views.filter((view) => concerns(view, covered)).map(publicCorrection);
}

function concerns(
  { agreement }: CorrectionView,
  { use, agreement: { id } }: { use: Covered['use']; agreement: Agreement },
): boolean {
  return agreement === null || agreement === use.agreement || agreement === id;
}

// Names, and evidence with addresses inside the house, are for managers and auditors.
function publicCorrection(view: CorrectionView): WorksheetCorrection {
  const { outage, withdrawal } = view;
  return {
    id: view.id,
    outage: {
      id: outage.id,
      from: formatInstant(outage.startedAt),
      to: outage.endedAt === null ? null : formatInstant(outage.endedAt),
    },
    incident: { id: outage.incidentId, title: outage.incidentTitle },
    kind: view.kind,
    cause: view.cause,
    severity: view.severity,
    maintenance: view.maintenance,
    reason: view.reason,
    at: formatInstant(view.recordedAt),
    by: 'manager',
    standing: view.standing,
    withdrawn: withdrawal && {
      at: formatInstant(withdrawal.at),
      reason: withdrawal.reason,
    },
  };
}
