import type {
  PeriodFault,
  PeriodsVerdict,
  RevisionName,
} from '@upheld/services/period/verify-periods.ts';
import { fine, hint, tampered, wrong, type Finding } from './finding.ts';

const REMEDY = tampered('compare it with a backup, or with what was downloaded');

const FAULT_WORDS: Readonly<Record<PeriodFault, string>> = {
  changed: 'is not what its hash was made of',
  'other-than-sealed': 'is not the one whose hash stands in the audit log',
  misplaced: 'is the document of another period',
  relabelled:
    'has a span, moment, person, reason or correction beside it that was not sealed with it',
  unlinked: 'does not follow the revision before it',
  missing: 'is missing; the audit log holds its hash',
};

/** What the doctor says of the closed periods; nothing while nobody closed one. */
export function judgePeriods({ revisions, faults, otherwise }: PeriodsVerdict): Finding[] {
  const found = [
    ...faults.map((one) => wrong('periods', `${nameOf(one)} ${FAULT_WORDS[one.fault]}`, REMEDY)),
    ...otherwise.map((one) =>
      hint(
        'periods',
        `${nameOf(one)} is whole, but ${one.why}`,
        'nobody tampered with it: this version of Upheld counts in another way; see its changelog',
      ),
    ),
  ];
  if (found.length > 0 || revisions === 0) return found;
  const count =
    revisions === 1
      ? '1 revision of a closed period is'
      : `${revisions} revisions of closed periods are`;
  return [fine('periods', `${count} what was frozen, and each gives its statement again`)];
}

function nameOf({ componentId, agreement, period, revision }: RevisionName): string {
  return `revision ${revision} of ${period} of ${componentId} under ${agreement}`;
}
