import type { CorrectionView } from '@upheld/services/correction/correction-view.ts';
import { csvOf } from '@upheld/services/csv.ts';
import { isoInstant, isoInstantOrNull } from '../http/instants.ts';

const COLUMNS = [
  'component',
  'outage',
  'from',
  'to',
  'incident',
  'title',
  'kind',
  'cause',
  'agreement',
  'severity',
  'maintenance',
  'reason',
  'evidence',
  'recorded at',
  'recorded by',
  'standing',
  'withdrawn at',
  'withdrawn by',
  'withdrawn because',
  'correction',
] as const;

/** Corrections as CSV (RFC 4180), one line each. */
export function correctionsCsv(views: readonly CorrectionView[]): string {
  return csvOf(COLUMNS, views.map(lineOf));
}

function lineOf(view: CorrectionView): Readonly<Record<(typeof COLUMNS)[number], string>> {
  const { outage, withdrawal } = view;
  return {
    component: outage.componentId,
    outage: outage.id,
    from: isoInstant(outage.startedAt),
    to: isoInstantOrNull(outage.endedAt) ?? '',
    incident: outage.incidentId,
    title: outage.incidentTitle.en,
    kind: view.kind,
    cause: view.cause ?? '',
    agreement: view.agreement ?? '',
    severity: view.severity ?? '',
    maintenance: view.maintenance?.id ?? '',
    reason: view.reason,
    evidence: view.evidence,
    'recorded at': isoInstant(view.recordedAt),
    'recorded by': view.recordedBy,
    standing: view.standing,
    'withdrawn at': withdrawal ? isoInstant(withdrawal.at) : '',
    'withdrawn by': withdrawal?.by ?? '',
    'withdrawn because': withdrawal?.reason ?? '',
    correction: view.id,
  };
}
