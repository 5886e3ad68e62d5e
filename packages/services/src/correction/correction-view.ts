import type { Handle } from '@upheld/db/database.ts';
import type { Tables } from '@upheld/db/tables.ts';
import {
  standings,
  type CorrectionKind,
  type CorrectionStanding,
} from '@upheld/domain/correction/correction.ts';
import type { Cause } from '@upheld/domain/incident/incident.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { asc, inArray } from '@upheld/db/query.ts';

/** A correction as managers see it: with names and evidence, which are not for the public. */
export interface CorrectionView {
  id: string;
  outage: {
    id: string;
    componentId: string;
    incidentId: string;
    incidentTitle: Localised;
    startedAt: Instant;
    endedAt: Instant | null;
    /** For `expectedVersion` of whoever corrects it next. */
    version: number;
  };
  kind: CorrectionKind;
  cause: Cause | null;
  /** Of a severity: as the configuration refers to it. */
  agreement: string | null;
  severity: string | null;
  maintenance: { id: string; title: Localised } | null;
  reason: string;
  evidence: string;
  recordedAt: Instant;
  recordedBy: string;
  standing: CorrectionStanding;
  /** Who took it back and why; null while nobody did. */
  withdrawal: { at: Instant; by: string; reason: string; evidence: string } | null;
}

type Row = Tables['corrections']['$inferSelect'];

/** Corrections as they now stand, in the order given: four queries for any number. Withdrawals are left out. */
export async function correctionViews(h: Handle, rows: readonly Row[]): Promise<CorrectionView[]> {
  if (rows.length === 0) return [];
  const { q, t } = h;
  const outageIds = [...new Set(rows.map(({ outageId }) => outageId))];
  const entries = await q
    .select()
    .from(t.corrections)
    .where(inArray(t.corrections.outageId, outageIds))
    .orderBy(asc(t.corrections.recordedAt), asc(t.corrections.id));
  const found = standings(entries);
  const takenBack = new Map(entries.map((entry) => [entry.withdraws, entry]));
  const counts = Map.groupBy(entries, ({ outageId }) => outageId);
  const outages = await outagesOf(h, outageIds);
  const titles = await maintenanceTitles(h, rows);
  return rows.flatMap((row) => {
    const outage = outages.get(row.outageId);
    const { kind, maintenanceId } = row;
    if (!outage || kind === 'withdrawn') return [];
    const back = takenBack.get(row.id);
    return {
      id: row.id,
      outage: { ...outage, version: (counts.get(row.outageId)?.length ?? 0) + 1 },
      kind,
      cause: row.cause,
      agreement: row.agreement,
      severity: row.severity,
      maintenance:
        maintenanceId === null
          ? null
          : {
              id: maintenanceId,
              title: titles.get(maintenanceId) ?? { nl: maintenanceId, en: maintenanceId },
            },
      reason: row.reason,
      evidence: row.evidence,
      recordedAt: row.recordedAt,
      recordedBy: row.recordedBy,
      standing: found.get(row.id) ?? 'holds',
      withdrawal: back
        ? {
            at: back.recordedAt,
            by: back.recordedBy,
            reason: back.reason,
            evidence: back.evidence,
          }
        : null,
    };
  });
}

async function outagesOf(
  { q, t }: Handle,
  ids: string[],
): Promise<Map<string, Omit<CorrectionView['outage'], 'version'>>> {
  const { id, componentId, incidentId, startedAt, endedAt } = t.outages;
  const rows = await q
    .select({ id, componentId, incidentId, startedAt, endedAt })
    .from(t.outages)
    .where(inArray(id, ids));
  const incidents = await q
    .select({ id: t.incidents.id, nl: t.incidents.titleNl, en: t.incidents.titleEn })
    .from(t.incidents)
    .where(
      inArray(
        t.incidents.id,
        rows.map((row) => row.incidentId),
      ),
    );
  const titles = new Map(incidents.map(({ id: of, nl, en }) => [of, { nl, en }]));
  return new Map(
    rows.map((row) => [
      row.id,
      { ...row, incidentTitle: titles.get(row.incidentId) ?? { nl: '', en: '' } },
    ]),
  );
}

async function maintenanceTitles(
  { q, t }: Handle,
  rows: readonly Row[],
): Promise<ReadonlyMap<string, Localised>> {
  const ids = rows.flatMap(({ maintenanceId }) => maintenanceId ?? []);
  if (ids.length === 0) return new Map();
  const found = await q
    .select({ id: t.maintenances.id, nl: t.maintenances.titleNl, en: t.maintenances.titleEn })
    .from(t.maintenances)
    .where(inArray(t.maintenances.id, ids));
  return new Map(found.map(({ id, nl, en }) => [id, { nl, en }]));
}
