import { assertNever } from '@upheld/domain/errors.ts';
import type { AuditFault } from './verify.ts';

/** What is wrong with the chain of the audit log, as one line. */
export function faultText(seq: number, fault: AuditFault): string {
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
