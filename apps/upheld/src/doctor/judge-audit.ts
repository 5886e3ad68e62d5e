import { headText } from '@upheld/services/audit/head.ts';
import type { AuditFault, AuditVerdict } from '@upheld/services/audit/verify.ts';
import { assertNever } from '@upheld/domain/errors.ts';
import { fine, wrong, type Finding } from './finding.ts';

const REMEDY =
  'somebody wrote to the database without the product: compare it with a backup, and find out who could';

/** What the doctor says of the chain of the audit log. */
export function judgeAudit(verdict: AuditVerdict): Finding {
  if (!verdict.ok) return wrong('audit', faultText(verdict.seq, verdict.fault), REMEDY);
  const rows = verdict.rows === 1 ? '1 entry follows' : `${verdict.rows} entries follow`;
  return fine(
    'audit',
    `${rows} from the first on; note this elsewhere and give it to --audit later: ${headText(verdict.head)}`,
  );
}

function faultText(seq: number, fault: AuditFault): string {
  switch (fault.kind) {
    case 'changed':
      return `entry ${seq} is not what was written`;
    case 'unlinked':
      return `entry ${seq} does not follow the one before it: one of the two was written anew`;
    case 're-ordered':
      return `entry ${seq} was written as entry ${fault.was}`;
    case 'missing':
      return `entry ${seq} is missing`;
    case 'cut-off':
      return seq === fault.last
        ? `entry ${seq}, the last one, is missing`
        : `entries ${seq} to ${fault.last}, the last ones, are missing`;
    case 'other-head':
      return `entry ${seq} is not the one that the product wrote last`;
    case 'no-head':
      return `which entry was the last is no longer known; entry ${seq} is the last one that there is`;
    case 'other-than-noted':
      return `entry ${seq} is whole, and not the one that was noted: all of it was written anew`;
    default:
      return assertNever(fault);
  }
}
