import type { Agreement } from '@upheld/domain/sla/agreement.ts';
import type { Facts, FactsPeriod } from '@upheld/domain/sla/facts.ts';
import type { AvailabilityVerdict } from '@upheld/domain/sla/statement-types.ts';
import { statement } from '@upheld/domain/sla/statement.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Context } from '../context.ts';
import { readCovered } from '../read/read-statement.ts';
import { coveringAgreements, type CoveredBy } from './owed.ts';

/** What an incident costs under one agreement of one component, in the period that the agreement means. */
export interface IncidentCost extends CoveredBy {
  agreementName: string;
  period: FactsPeriod;
  parts: readonly CostOfPart[];
}

export interface CostOfPart {
  part: string;
  /** Of this incident: seconds that count as down because of it. */
  countedSeconds: number;
  /** Down time that is left under the norm, this incident taken off; may be negative. Null: no norm. */
  leftSeconds: number | null;
  norm: string | null;
  percent: string | null;
  verdict: AvailabilityVerdict;
}

/**
 * What an incident costs, up to now or to its end: the difference between the statement and the same
 * statement without the incident, so that no second is blamed on it that would be down anyhow.
 */
export async function costOf(
  ctx: Context,
  incident: { id: string; componentIds: readonly string[]; resolvedAt: Instant | null },
): Promise<IncidentCost[]> {
  const known = new Set(
    ctx.config().groups.flatMap((group) => group.components.map(({ id }) => id)),
  );
  const ids = incident.componentIds.filter((id) => known.has(id));
  return Promise.all(
    coveringAgreements(ctx, ids).map(async (one) => {
      const asOf = endOf(incident.resolvedAt);
      const { facts, covered } = await readCovered(ctx, { ...one, asOf });
      return {
        ...one,
        agreementName: covered.agreement.name,
        period: facts.period,
        parts: partsOf(facts, covered.agreement, incident.id),
      };
    }),
  );
}

/** A statement is made of a whole second. */
function endOf(resolvedAt: Instant | null): Instant | undefined {
  return resolvedAt === null ? undefined : Math.floor(resolvedAt / 1000) * 1000;
}

function partsOf(facts: Facts, agreement: Agreement, incidentId: string): CostOfPart[] {
  const others = (facts.outages ?? []).filter(({ incident }) => incident !== incidentId);
  const without = statement({ ...facts, outages: others }, agreement).availability;
  return statement(facts, agreement).availability.map((part, index) => ({
    part: part.part,
    countedSeconds: part.seconds.down - (without[index]?.seconds.down ?? 0),
    leftSeconds: part.budgetSeconds,
    norm: part.norm,
    percent: part.percent,
    verdict: part.verdict,
  }));
}
