import type { Handle } from '@upheld/db/database.ts';
import type { Tables } from '@upheld/db/tables.ts';
import { and, asc, gte, inArray, isNotNull } from '@upheld/db/query.ts';
import type { Cause, IncidentStatus } from '@upheld/domain/incident/incident.ts';
import type { Evidence } from '@upheld/domain/monitor/outcome.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { partIds } from './parts.ts';

/** One thing that was recorded of an incident: when it happened, when it was recorded, and by whom. */
export type TimelineEntry = {
  /** When it held or happened. */
  at: Instant;
  recordedAt: Instant;
  by: string;
} & (
  | { kind: 'update'; status: IncidentStatus; body: Localised }
  | {
      kind: 'severity';
      severity: string;
      agreements: readonly string[];
      componentIds: readonly string[];
      nature: 'development' | 'correction' | null;
      reason: string;
    }
  | {
      kind: 'cause';
      cause: Cause;
      componentIds: readonly string[];
      reason: string;
      evidence: string | null;
    }
  | {
      kind: 'check';
      monitorId: string;
      componentId: string;
      to: 'up' | 'down' | 'degraded' | 'unknown';
      cause: string | null;
      evidence: Evidence;
    }
  | { kind: 'postmortem'; published: boolean }
  | { kind: 'done'; action: string; reason: string | null; other: string | null }
);

/** All that was recorded of an incident and of what turned out to be part of it, the latest first. */
export async function readTimeline(h: Handle, incidentId: string): Promise<TimelineEntry[]> {
  const parts = await partIds(h, incidentId);
  const entries = [
    ...(await updates(h, parts)),
    ...(await changes(h, parts)),
    ...(await checks(h, parts)),
    ...(await postmortems(h, parts)),
    ...(await audited(h, parts)),
  ];
  return entries.sort((a, b) => b.recordedAt - a.recordedAt || b.at - a.at);
}

async function updates({ q, t }: Handle, parts: readonly string[]): Promise<TimelineEntry[]> {
  const rows = await q
    .select()
    .from(t.incidentUpdates)
    .where(inArray(t.incidentUpdates.incidentId, [...parts]))
    .orderBy(asc(t.incidentUpdates.id));
  return rows.map((row) => ({
    kind: 'update',
    at: row.recordedAt,
    recordedAt: row.recordedAt,
    by: row.recordedBy,
    status: row.status,
    body: { nl: row.bodyNl, en: row.bodyEn },
  }));
}

type ChangeRow = Tables['incidentChanges']['$inferSelect'];

/** What was said at once of several components or agreements is one entry. */
async function changes({ q, t }: Handle, parts: readonly string[]): Promise<TimelineEntry[]> {
  const rows = await q
    .select()
    .from(t.incidentChanges)
    .where(inArray(t.incidentChanges.incidentId, [...parts]))
    .orderBy(asc(t.incidentChanges.id));
  const saidAtOnce = Map.groupBy(rows, (row) =>
    [row.recordedAt, row.recordedBy, row.effectiveFrom, row.severity, row.cause].join(' '),
  );
  return [...saidAtOnce.values()].map(changeEntry);
}

function changeEntry(rows: readonly ChangeRow[]): TimelineEntry {
  const [first] = rows;
  if (!first) throw new RangeError('a change without a row');
  const { effectiveFrom: at, recordedAt, recordedBy: by, reason } = first;
  const componentIds = [...new Set(rows.map((row) => row.componentId))].sort();
  if (first.cause !== null) {
    const { cause, evidence } = first;
    return { kind: 'cause', at, recordedAt, by, cause, componentIds, reason, evidence };
  }
  return {
    kind: 'severity',
    ...{ at, recordedAt, by, componentIds, reason },
    severity: first.severity ?? '',
    agreements: [...new Set(rows.flatMap((row) => row.agreement ?? []))].sort(),
    nature: first.nature,
  };
}

/** What the monitors of its outages saw: the check that began each outage and the one that ended it. */
async function checks({ q, t }: Handle, parts: readonly string[]): Promise<TimelineEntry[]> {
  const outages = await q
    .select()
    .from(t.outages)
    .where(and(inArray(t.outages.incidentId, [...parts]), isNotNull(t.outages.monitorId)));
  if (outages.length === 0) return [];
  const monitors = [...new Set(outages.flatMap((outage) => outage.monitorId ?? []))];
  const moments = new Set(
    outages.flatMap(({ monitorId, startedAt, endedAt }) => [
      `${monitorId ?? ''} ${startedAt}`,
      ...(endedAt === null ? [] : [`${monitorId ?? ''} ${endedAt}`]),
    ]),
  );
  const rows = await q
    .select()
    .from(t.transitions)
    .where(
      and(
        inArray(t.transitions.monitorId, monitors),
        gte(t.transitions.at, Math.min(...outages.map((outage) => outage.startedAt))),
      ),
    );
  return rows
    .filter((row) => moments.has(`${row.monitorId} ${row.at}`))
    .map((row) => ({
      kind: 'check',
      at: row.at,
      recordedAt: row.noticedAt,
      by: 'detector',
      monitorId: row.monitorId,
      componentId: row.componentId,
      to: row.toState,
      cause: row.cause,
      evidence: row.evidence,
    }));
}

async function postmortems({ q, t }: Handle, parts: readonly string[]): Promise<TimelineEntry[]> {
  const rows = await q
    .select()
    .from(t.postmortems)
    .where(inArray(t.postmortems.incidentId, [...parts]))
    .orderBy(asc(t.postmortems.id));
  return rows.map(({ recordedAt, recordedBy, published }) => ({
    kind: 'postmortem',
    at: recordedAt,
    recordedAt,
    by: recordedBy,
    published,
  }));
}

/** What leaves no other trace than in the audit log. */
const ONLY_AUDITED = ['incident.acknowledge', 'incident.merge', 'incident.split'];

async function audited({ q, t }: Handle, parts: readonly string[]): Promise<TimelineEntry[]> {
  const [whole] = parts;
  const rows = await q
    .select()
    .from(t.auditLog)
    .where(and(inArray(t.auditLog.subject, [...parts]), inArray(t.auditLog.action, ONLY_AUDITED)))
    .orderBy(asc(t.auditLog.seq));
  // That it was merged stands in the log of the part as well: once is enough.
  const once = rows.filter((row) => row.subject === whole || row.action !== 'incident.merge');
  return once.map(({ at, actor, action, after }) => ({
    kind: 'done',
    at,
    recordedAt: at,
    by: actor,
    action,
    reason: textIn(after, 'reason'),
    other: textIn(after, 'merged') ?? textIn(after, 'mergedIntoId') ?? textIn(after, 'splitOff'),
  }));
}

function textIn(after: unknown, key: string): string | null {
  if (typeof after !== 'object' || after === null) return null;
  const value: unknown = Reflect.get(after, key);
  return typeof value === 'string' ? value : null;
}
