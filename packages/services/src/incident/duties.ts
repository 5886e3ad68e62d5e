import { historyIn, type Said } from '@upheld/domain/incident/history.ts';
import type { Handle } from '@upheld/db/database.ts';
import type { Tables } from '@upheld/db/tables.ts';
import type { Proof } from '@upheld/domain/desk/duties.ts';
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
 * What agreements ask because of incidents, by the id of each: that one was registered (a report of its
 * root cause, and by when), that people changed its severity, that its cause was established. Terms count
 * from when we knew of it, or from when it got so bad; what was put right from the start counts as if it
 * had been so then. Two queries for any number.
 */
export async function dutiesOf(
  h: Handle,
  ctx: Pick<Context, 'agreements' | 'config'>,
  incidents: readonly Told[],
): Promise<Map<string, OwedDuty[]>> {
  const merges = await readMerges(h);
  const parts = new Map(incidents.map(({ id }) => [id, merges.partsOf(id)]));
  const said = await readSaid(h, [...parts.values()].flat());
  const uses = usesOf(ctx);
  return new Map(
    incidents.map((incident) => {
      const own = parts.get(incident.id) ?? [];
      const rows = own.length === 1 ? (said.get(incident.id) ?? []) : inOrder(own, said);
      const covered = rows.filter((row) => uses.has(keyOf(row)));
      const owed = [
        ...registered(ctx, covered, incident),
        ...covered.flatMap((row) => changedOwed(ctx, row)),
        ...rows.flatMap((row) => causeOwed(ctx, row)),
      ];
      return [incident.id, onceEach(owed)];
    }),
  );
}

/** So many ids stand in one question. */
const IDS_AT_ONCE = 500;

async function readSaid({ q, t }: Handle, ids: readonly string[]): Promise<Map<string, Row[]>> {
  const { id, incidentId, componentId, agreement, severity, cause, nature } = t.incidentChanges;
  const { effectiveFrom, recordedAt } = t.incidentChanges;
  const what = { incidentId, componentId, agreement, severity, cause, nature };
  const rows: Row[] = [];
  for (let from = 0; from < ids.length; from += IDS_AT_ONCE)
    rows.push(
      ...(await q
        .select({ ...what, effectiveFrom, recordedAt })
        .from(t.incidentChanges)
        .where(inArray(incidentId, ids.slice(from, from + IDS_AT_ONCE)))
        .orderBy(asc(recordedAt), asc(id))),
    );
  return Map.groupBy(rows, (row) => row.incidentId);
}

/** What was said of several parts, in the order in which it was said. */
function inOrder(parts: readonly string[], said: ReadonlyMap<string, readonly Row[]>): Row[] {
  return parts.flatMap((id) => said.get(id) ?? []).sort((a, b) => a.recordedAt - b.recordedAt);
}

type Row = Pick<
  Tables['incidentChanges']['$inferSelect'],
  | 'incidentId'
  | 'componentId'
  | 'agreement'
  | 'severity'
  | 'cause'
  | 'nature'
  | 'effectiveFrom'
  | 'recordedAt'
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

/** What was said of an incident that may fulfil a duty. */
interface ToldOf {
  /** When its published postmortem was. */
  postmortem: { at: Instant } | null;
  updates: readonly { id: string; at: Instant }[];
}

/**
 * What fulfilled a duty, as far as the incident itself shows it: its published postmortem a report, the first
 * update after it a notice. Null: not yet, or it is something else.
 */
export function proofOf(
  { owes, since }: Pick<OwedDuty, 'owes' | 'since'>,
  { postmortem, updates }: ToldOf,
): Proof | null {
  if (owes === 'rca-report')
    return postmortem && { at: postmortem.at, evidence: 'the published postmortem' };
  if (owes !== 'notice') return null;
  const [first] = updates.filter(({ at }) => at >= since).sort((a, b) => a.at - b.at);
  return first ? { at: first.at, evidence: `update ${first.id}` } : null;
}
