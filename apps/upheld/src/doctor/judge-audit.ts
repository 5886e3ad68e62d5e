import { faultText } from '@upheld/services/audit/fault-text.ts';
import { headText } from '@upheld/services/audit/head.ts';
import type { AuditVerdict } from '@upheld/services/audit/verify.ts';
import { fine, tampered, wrong, type Finding } from './finding.ts';

const REMEDY = tampered('compare it with a backup, and find out who could');

/** What the doctor says of the chain of the audit log. */
export function judgeAudit(verdict: AuditVerdict): Finding {
  if (!verdict.ok) return wrong('audit', faultText(verdict.seq, verdict.fault), REMEDY);
  const rows = verdict.rows === 1 ? '1 entry follows' : `${verdict.rows} entries follow`;
  return fine(
    'audit',
    `${rows} from the first on; note this elsewhere and give it to --audit later: ${headText(verdict.head)}`,
  );
}
