import type { Instant } from '@upheld/domain/ports.ts';
import type { RevisionRow } from './closed.ts';

/** One revision of a closed period, without its document. */
export interface RevisionView {
  id: string;
  componentId: string;
  agreement: string;
  period: string;
  from: Instant;
  to: Instant;
  revision: number;
  hash: string;
  /** Why there is a revision after the first one. */
  reason: string | null;
  /** The correction that made it, where one did. */
  correctionId: string | null;
  closedAt: Instant;
  /** For managers and auditors only. */
  closedBy: string;
}

/** A revision as it is told, without its document. */
export function revisionView(row: RevisionRow): RevisionView {
  const { id, componentId, agreement, period, spanFrom: from, spanTo: to } = row;
  const { revision, hash, reason, correctionId, closedAt, closedBy } = row;
  return {
    ...{ id, componentId, agreement, period, from, to },
    ...{ revision, hash, reason, correctionId, closedAt, closedBy },
  };
}
