import type { Tables } from '@upheld/db/tables.ts';
import type { Facts, FactsOutage } from '@upheld/domain/sla/facts.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Localised } from '@upheld/domain/text.ts';
import type { Interval } from '@upheld/domain/time/interval.ts';
import { formatInstant } from '@upheld/domain/time/zoned.ts';
import { and, eq, gt, gte, inArray, isNull, lt, lte, or } from '@upheld/db/query.ts';
import type { Context } from '../context.ts';
import type { OutageRow, Recorded } from './recorded-types.ts';
import type { CheckEvidence, OutageEvidence, WorksheetGap } from './worksheet-view.ts';

type TransitionRow = Pick<
  Tables['transitions']['$inferSelect'],
  'monitorId' | 'at' | 'noticedAt' | 'cause' | 'evidence'
>;

/** A stretch in which one monitor could say nothing, and why. */
export interface RecordedGap extends Interval {
  reason: WorksheetGap;
}

export interface EvidenceQuery {
  componentId: string;
  recorded: Recorded;
  facts: Facts;
  /** What the statement looks at. */
  looked: Interval;
}

/** The evidence of every outage in the facts, in their order: two queries for any number. */
export async function readOutageEvidence(
  ctx: Context,
  { componentId, recorded, facts, looked }: EvidenceQuery,
): Promise<OutageEvidence[]> {
  const outages = [...(recorded.before?.outages ?? []), ...recorded.outages];
  const rows = new Map(outages.map((row) => [row.id, row]));
  const titles = await readTitles(ctx, componentId, looked, facts);
  const checks = await readChecks(ctx, componentId, outages);
  return (facts.outages ?? []).map((outage) => {
    const row = rows.get(rowIdOf(outage));
    const incidentId = outage.incident ?? outage.id;
    return {
      id: outage.id,
      from: outage.from,
      to: outage.to ?? null,
      cause: outage.cause ?? 'internal',
      incident: { id: incidentId, title: titles.get(incidentId) ?? { nl: '', en: '' } },
      detected: row !== undefined && row.monitorId !== null,
      found: row ? checkAt(checks, row, row.startedAt) : null,
      mended: row && row.endedAt !== null ? checkAt(checks, row, row.endedAt) : null,
    };
  });
}

/** An outage whose cause changed midway is several in the facts, numbered after a slash. */
function rowIdOf({ id }: FactsOutage): string {
  return id.split('/')[0] ?? id;
}

async function readTitles(
  ctx: Context,
  componentId: string,
  looked: Interval,
  { outages = [] }: Facts,
): Promise<ReadonlyMap<string, Localised>> {
  const { q, t } = ctx.db.read;
  const { id, titleNl, titleEn } = t.incidents;
  const rows = await q
    .selectDistinct({ id, titleNl, titleEn })
    .from(t.incidents)
    .innerJoin(t.outages, eq(t.outages.incidentId, t.incidents.id))
    .where(
      and(
        eq(t.outages.componentId, componentId),
        lt(t.outages.startedAt, looked.to),
        or(isNull(t.outages.endedAt), gt(t.outages.endedAt, looked.from)),
      ),
    );
  // An incident of which only a part, or an earlier outage, touches the time.
  const found = new Set(rows.map((row) => row.id));
  const missing = new Set(
    outages.map((one) => one.incident ?? one.id).filter((own) => !found.has(own)),
  );
  const others =
    missing.size === 0
      ? []
      : await q
          .select({ id, titleNl, titleEn })
          .from(t.incidents)
          .where(inArray(id, [...missing]));
  return new Map([...rows, ...others].map((row) => [row.id, { nl: row.titleNl, en: row.titleEn }]));
}

type Checks = ReadonlyMap<string, TransitionRow>;

async function readChecks(
  ctx: Context,
  of: string,
  outages: readonly OutageRow[],
): Promise<Checks> {
  if (outages.length === 0) return new Map();
  const first = outages.reduce((one, row) => Math.min(one, row.startedAt), Infinity);
  const last = outages.reduce((one, row) => Math.max(one, row.endedAt ?? row.startedAt), first);
  const { q, t } = ctx.db.read;
  const { monitorId, componentId, at, noticedAt, cause, evidence } = t.transitions;
  const rows = await q
    .select({ monitorId, at, noticedAt, cause, evidence })
    .from(t.transitions)
    .where(and(eq(componentId, of), gte(at, first), lte(at, last)));
  return new Map(rows.map((row) => [keyOf(row.monitorId, row.at), row]));
}

function keyOf(monitorId: string, at: Instant): string {
  return `${monitorId} ${at}`;
}

// Addresses, messages and bodies tell of the network inside, so they stay inside.
function checkAt(checks: Checks, { monitorId }: OutageRow, at: Instant): CheckEvidence | null {
  const row = monitorId === null ? undefined : checks.get(keyOf(monitorId, at));
  if (!row) return null;
  return {
    at: formatInstant(row.at),
    noticedAt: formatInstant(row.noticedAt),
    cause: row.cause,
    status: row.evidence.status ?? null,
    latencyMs: row.evidence.latencyMs ?? null,
  };
}

/** The gaps of a component's monitors that touch a stretch, and the time before there was any. */
export async function readGaps(
  ctx: Context,
  { componentId, recorded, looked }: EvidenceQuery,
): Promise<RecordedGap[]> {
  const { q, t } = ctx.db.read;
  const rows = await q
    .select({ startedAt: t.gaps.startedAt, endedAt: t.gaps.endedAt, reason: t.gaps.reason })
    .from(t.gaps)
    .where(
      and(
        eq(t.gaps.componentId, componentId),
        lt(t.gaps.startedAt, looked.to),
        or(isNull(t.gaps.endedAt), gt(t.gaps.endedAt, looked.from)),
      ),
    );
  const since = recorded.measuredSince ?? Infinity;
  return [
    ...(since > looked.from ? [{ from: -Infinity, to: since, reason: 'not-yet' as const }] : []),
    ...rows.map(({ startedAt, endedAt, reason }) => ({
      from: startedAt,
      to: endedAt ?? Infinity,
      reason,
    })),
  ];
}

/** Why nobody measured a stretch; `silent` where no gap says it. */
export function gapsIn(gaps: readonly RecordedGap[], span: Interval): WorksheetGap[] {
  const found = gaps.filter(({ from, to }) => from < span.to && to > span.from);
  return found.length === 0 ? ['silent'] : [...new Set(found.map(({ reason }) => reason))];
}
