import type {
  VersionFault,
  VersionName,
  VersionsVerdict,
} from '@upheld/services/agreement/verify-versions.ts';
import { fine, tampered, wrong, type Finding } from './finding.ts';

const REMEDY = tampered(
  'compare it with a backup; what was adopted stands in the audit log (upheld audit list --action agreement --json)',
);

const FAULT_WORDS: Readonly<Record<VersionFault, string>> = {
  added: 'was adopted by nobody; the audit log knows nothing of it',
  missing: 'is missing; the audit log holds its rules',
  rewritten: 'has other rules than those that were adopted',
  moved: 'begins on another day than was adopted',
  misplaced: 'is of another agreement than it was adopted for',
  ended: 'is said to be withdrawn, or does not hold, and the audit log knows of no withdrawal',
  revived: 'was withdrawn, and holds again',
  relabelled: 'has a label, moment, person or reason beside it that the audit log does not hold',
};

/** What the doctor says of adopted versions, one line for each kind of fault; nothing while there are none. */
export function judgeVersions({ versions, faults }: VersionsVerdict): Finding[] {
  const kinds = Map.groupBy(faults, ({ fault }) => fault);
  const found = [...kinds].flatMap(([fault, [first, ...others]]) =>
    first ? [wrong('agreements', lineOf(first, fault, others.length), REMEDY)] : [],
  );
  if (found.length > 0 || versions === 0) return found;
  const count = versions === 1 ? '1 adopted version is' : `${versions} adopted versions are`;
  return [fine('agreements', `${count} what the audit log says was adopted`)];
}

function lineOf(name: VersionName, fault: VersionFault, others: number): string {
  const { agreement, label, validFrom } = name;
  const line = `version "${label}" of ${agreement} from ${validFrom} ${FAULT_WORDS[fault]}`;
  return others === 0 ? line : `${line}; so it is with ${others} more`;
}
