import { historyIn, type Said } from '@upheld/domain/incident/history.ts';
import type { Handle } from '@upheld/db/database.ts';
import type { Tables } from '@upheld/db/tables.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { asc, inArray } from '@upheld/db/query.ts';
import { componentsOf } from '../components.ts';
import type { Context } from '../context.ts';
import { readMerges } from '../read/merges.ts';
import { coveringAgreements, owedBecauseOf, type CoveredBy, type OwedDuty } from './owed.ts';

/** Of an incident, what its duties are told from. */
interface Told {
  id: string;
  startedAt: Instant;
  noticedAt: Instant;
  resolvedAt: Instant | null;
}

/**
 * What agreements ask because of an incident: that it was registered (a report of its root cause, and by
 * when), that people changed its severity, that its cause was established. Terms count from when we knew of
 * it, or from when it got so bad; what was put right from the start counts as if it had been so then.
 */
export async function dutiesOf(
  h: Handle,
  ctx: Pick<Context, 'agreements' | 'config'>,
  incident: Told,
): Promise<OwedDuty[]> {
  const { q, t } = h;
  const { componentId, agreement, severity, cause, nature, effectiveFrom, recordedAt } =
    t.incidentChanges;
  const parts = (await readMerges(h)).partsOf(incident.id);
  const rows = await q
    .select({ componentId, agreement, severity, cause, nature, effectiveFrom, recordedAt })
    .from(t.incidentChanges)
    .where(inArray(t.incidentChanges.incidentId, parts))
    .orderBy(asc(t.incidentChanges.recordedAt), asc(t.incidentChanges.id));
  const uses = usesOf(ctx);
  return onceEach([
    ...registered(
      ctx,
      rows.filter((row) => uses.has(keyOf(row))),
      incident,
    ),
    ...rows.flatMap((row) => (uses.has(keyOf(row)) ? changedOwed(ctx, row) : [])),
    ...rows.flatMap((row) => causeOwed(ctx, row)),
  ]);
}

type Row = Pick<
  Tables['incidentChanges']['$inferSelect'],
  'componentId' | 'agreement' | 'severity' | 'cause' | 'nature' | 'effectiveFrom' | 'recordedAt'
>;

const keyOf = ({ componentId, agreement }: { componentId: string; agreement: string | null }) =>
  `${componentId} ${agreement ?? ''}`;

/** What the configuration still covers by what. */
function usesOf(ctx: Pick<Context, 'config'>): Set<string> {
  return new Set(
    ctx
      .config()
      .groups.flatMap((group) =>
        group.components.flatMap((component) =>
          component.agreements.map((use) =>
            keyOf({ componentId: component.id, agreement: use.agreement }),
          ),
        ),
      ),
  );
}

function registered(
  ctx: Pick<Context, 'agreements'>,
  rows: readonly Row[],
  incident: Told,
): OwedDuty[] {
  const span = { from: incident.startedAt, to: incident.resolvedAt };
  return [...Map.groupBy(rows, keyOf).values()].flatMap((list) => {
    const levels: Said<string>[] = list.flatMap(({ severity, effectiveFrom: from }) =>
      severity === null ? [] : [{ value: severity, from }],
    );
    return historyIn(levels, span, '').flatMap(({ value: level, from }) =>
      owedBecauseOf(ctx, list.flatMap(coveredBy).slice(0, 1), {
        event: 'incident-registered',
        at: Math.max(incident.noticedAt, from),
        level,
      }),
    );
  });
}

function changedOwed(ctx: Pick<Context, 'agreements'>, row: Row): OwedDuty[] {
  const { severity: level, nature, recordedAt: at } = row;
  if (level === null || nature === null) return [];
  return owedBecauseOf(ctx, coveredBy(row), { event: 'severity-changed', at, level });
}

function causeOwed(ctx: Pick<Context, 'agreements' | 'config'>, row: Row): OwedDuty[] {
  const { cause, componentId, recordedAt: at } = row;
  if (cause === null || !componentsOf(ctx.config()).has(componentId)) return [];
  const covering = coveringAgreements(ctx, [componentId]);
  return owedBecauseOf(ctx, covering, { event: 'cause-established', at, cause });
}

const coveredBy = ({ componentId, agreement }: Row): CoveredBy[] =>
  agreement === null ? [] : [{ componentId, agreement }];

/** Each rule of an agreement once, from the first time that it held. */
function onceEach(owed: readonly OwedDuty[]): OwedDuty[] {
  const rules = Map.groupBy(owed, (duty) => `${duty.agreement} ${duty.id}`);
  return [...rules.values()].flatMap((list) => {
    const [first] = [...list].sort((a, b) => a.since - b.since);
    if (!first) return [];
    return [{ ...first, componentIds: [...new Set(list.flatMap((one) => one.componentIds))] }];
  });
}
