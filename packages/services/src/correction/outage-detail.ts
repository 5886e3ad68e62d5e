import type { Handle } from '@upheld/db/database.ts';
import type { Cause } from '@upheld/domain/incident/incident.ts';
import { maintenanceStatus, workOf } from '@upheld/domain/maintenance/status.ts';
import { ceilSecond, floorSecond } from '@upheld/domain/page/whole-seconds.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { FactsSeverity } from '@upheld/domain/sla/facts.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { intersect, setOf, type Interval } from '@upheld/domain/time/interval.ts';
import { formatInstant } from '@upheld/domain/time/zoned.ts';
import { and, asc, eq, gt, isNull, lt, or } from '@upheld/db/query.ts';
import { componentsOf, namesOf } from '../components.ts';
import type { Context } from '../context.ts';
import { coverOf, type Covered } from '../read/facts.ts';
import { readFacts } from '../read/read-statement.ts';
import type { CorrectionView } from './correction-view.ts';
import { listCorrections } from './list-corrections.ts';
import { correctedOutage } from './outage.ts';

/** All that a manager needs to see of an outage to correct it. */
export interface OutageDetail {
  id: string;
  component: { id: string; name: Localised };
  incident: { id: string; title: Localised };
  startedAt: Instant;
  /** Null while it goes on: then it cannot be corrected yet. */
  endedAt: Instant | null;
  detected: boolean;
  /** For `expectedVersion`. */
  version: number;
  /** As it stands now, corrections and all; null for a false alarm. */
  cause: Cause | null;
  scales: readonly OutageScale[];
  /** Over, not cancelled, and touching it. */
  maintenances: readonly (Interval & { id: string; title: Localised })[];
  /** Latest first. */
  corrections: readonly CorrectionView[];
}

/** What an agreement of the component can call it. */
export interface OutageScale {
  agreement: { id: string; name: string; reference: string };
  levels: readonly { id: string; means: Localised; countsAsDown: boolean }[];
  /** As it stands now; null for a false alarm. */
  severity: FactsSeverity | null;
}

/** Throws DomainError('not-found'). */
export async function readOutage(ctx: Context, id: string): Promise<OutageDetail> {
  const h = ctx.db.read;
  const now = ctx.clock.now();
  const outage = await correctedOutage(h, id);
  const { componentId, incident, startedAt, endedAt } = outage;
  const component = componentsOf(ctx.config()).get(componentId);
  const cover = component ? coverOf(component, ctx.agreements()) : [];
  const span = {
    from: floorSecond(startedAt),
    to: Math.max(ceilSecond(endedAt ?? now), floorSecond(startedAt) + 1000),
  };
  const found: Awaited<ReturnType<typeof scaleOf>>[] = [];
  for (const covered of cover) found.push(await scaleOf(ctx, id, covered, span));
  const [name] = namesOf(ctx.config(), [componentId]);
  return {
    id,
    component: { id: componentId, name: name?.name ?? { nl: componentId, en: componentId } },
    incident: { id: incident.id, title: { nl: incident.titleNl, en: incident.titleEn } },
    startedAt,
    endedAt,
    detected: outage.monitorId !== null,
    version: outage.version,
    cause: found[0]?.cause ?? null,
    scales: found.map(({ scale }) => scale),
    maintenances: await touching(h, componentId, span, now),
    corrections: await listCorrections(ctx, { outageId: id, limit: MOST_CORRECTIONS }),
  };
}

const MOST_CORRECTIONS = 200;

async function scaleOf(
  ctx: Context,
  id: string,
  { component, use, agreement }: Covered,
  { from, to }: Interval,
): Promise<{ scale: OutageScale; cause: Cause | null }> {
  const period = { kind: 'range', from: formatInstant(from), to: formatInstant(to) } as const;
  const query = { componentId: component.id, agreement: use.agreement, period };
  const facts = await readFacts(ctx, query);
  const fact = facts.outages?.find((one) => one.id === id);
  const scale = {
    agreement: { id: agreement.id, name: agreement.name, reference: use.agreement },
    levels: agreement.document.severity.map(({ id: level, means }) => ({
      id: level,
      means,
      countsAsDown:
        agreement.severityLevels.find((known) => known.id === level)?.countsAsDown ?? false,
    })),
    severity: fact?.severity ?? null,
  };
  return { scale, cause: fact ? (fact.cause ?? 'internal') : null };
}

/** The maintenances that an outage can have been. */
async function touching(
  { q, t }: Handle,
  componentId: string,
  span: Interval,
  now: Instant,
): Promise<OutageDetail['maintenances']> {
  const m = t.maintenances;
  const rows = await q
    .select({ maintenance: m })
    .from(m)
    .innerJoin(t.maintenanceComponents, eq(t.maintenanceComponents.maintenanceId, m.id))
    .where(
      and(
        eq(t.maintenanceComponents.componentId, componentId),
        isNull(m.cancelledAt),
        or(lt(m.windowFrom, span.to), lt(m.workStartedAt, span.to)),
        or(gt(m.windowTo, span.from), gt(m.workEndedAt, span.from)),
      ),
    )
    .orderBy(asc(m.windowFrom), asc(m.id));
  return rows.flatMap(({ maintenance: row }) => {
    const its = setOf([{ from: row.windowFrom, to: row.windowTo }, ...workOf(row, now)]);
    const fits = maintenanceStatus(row, now) === 'completed' && intersect(its, [span]).length > 0;
    return fits
      ? [
          {
            id: row.id,
            title: { nl: row.titleNl, en: row.titleEn },
            from: row.windowFrom,
            to: row.windowTo,
          },
        ]
      : [];
  });
}
