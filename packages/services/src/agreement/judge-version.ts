import {
  readVersion,
  withAdopted,
  withVersion,
  type LineFault,
  type WrittenVersion,
} from '@upheld/config/adopted.ts';
import { checkConfig, type NamedAgreement, type NamedAgreements } from '@upheld/config/check.ts';
import { pathText } from '@upheld/config/path.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Agreement } from '@upheld/domain/sla/agreement.ts';
import { versionAt } from '@upheld/domain/sla/version.ts';
import { localDate, startOfDate } from '@upheld/domain/time/zoned.ts';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { invalidInput } from '../input.ts';
import { HOLDS, type AdoptedRow } from './adopted-rows.ts';
import type { UsedAgreement } from './in-use.ts';

const LONGEST_SOURCE = 50_000;
const LONGEST_LABEL = 100;
const CONTROL = /\p{Cc}/u;

/** One item of `versions`, as YAML. */
export const sourceInput = z
  .string('is missing; write the version as YAML: label, validFrom and replaces')
  .trim()
  .min(1, 'is empty; write the version as YAML: label, validFrom and replaces')
  .max(LONGEST_SOURCE, `is too long; write at most ${LONGEST_SOURCE} characters`);

/** A version that can be adopted. */
export interface JudgedVersion {
  version: WrittenVersion;
  /** Midnight of its first day in the zone of the agreement. */
  begins: Instant;
  /** The rules until then. */
  before: Agreement;
  /** The rules from then on. */
  after: Agreement;
}

/**
 * A version on top of the file and of what holds already, judged as the whole configuration judges it.
 * Throws DomainError: 'invalid-input' with every fault and its line, or 'conflict' where nobody can tell
 * which file is meant.
 */
export function judgeVersion(
  ctx: Context,
  used: UsedAgreement,
  given: { source: string; rows: readonly AdoptedRow[]; now: Instant },
): JudgedVersion {
  mustBeOne(used);
  const read = readVersion(given.source);
  if (!read.ok) throw faulty(read.faults);
  const { version } = read;
  const holding = given.rows.filter(({ holds }) => holds === HOLDS);
  const { agreement } = withAdopted(used.file, holding);
  const early = faultsOfDay(agreement, version, given.now);
  const labelled = faultsOfLabel(version);
  const made = withVersion(agreement, version);
  const faults = [...labelled, ...early, ...(made.ok || early.length > 0 ? [] : made.faults)];
  if (faults.length > 0 || !made.ok) throw faulty(version.located(faults));
  const [before, after] = [versionAt(agreement, Infinity), versionAt(made.agreement, Infinity)];
  const misfits = faultsInConfig(ctx, used, after);
  if (misfits.length > 0)
    throw faulty(version.located(misfits.map((message) => ({ path: ['replaces'], message }))));
  const begins = startOfDate(version.validFrom, agreement.document.zone) ?? Infinity;
  return { version, begins, before, after };
}

/** Throws DomainError('conflict') where files that differ go by one name. */
function mustBeOne({ reference, references, isAmbiguous }: UsedAgreement): void {
  if (isAmbiguous)
    throw new DomainError(
      'conflict',
      `${references.join(' and ')} are different files that both go by the name ${reference}; give one of them another id first`,
    );
}

function faulty(faults: readonly LineFault[]): DomainError {
  return invalidInput(
    faults.map(({ line, path, message }) => ({
      path: 'source',
      message: `line ${line}: ${[path, message].filter(Boolean).join(' ')}`,
    })),
  );
}

interface VersionFault {
  path: readonly (string | number)[];
  message: string;
}

function faultsOfLabel({ label, source }: WrittenVersion): VersionFault[] {
  return Object.entries({ label, source }).flatMap(([name, text = '']) => {
    if (CONTROL.test(text)) return [{ path: [name], message: 'has an invisible character' }];
    return text.length > LONGEST_LABEL * (name === 'label' ? 1 : 10)
      ? [{ path: [name], message: 'is too long' }]
      : [];
  });
}

/** A version is for what is still to come, and comes after those that are there. */
function faultsOfDay(
  { document }: Agreement,
  { validFrom }: WrittenVersion,
  now: Instant,
): VersionFault[] {
  const path = ['validFrom'];
  const today = localDate(now, document.zone);
  if (validFrom <= today)
    return [
      {
        path,
        message: `is not after today (${today}); a version can be adopted for days to come only. What held before is put right in the file of the agreement, by the operator`,
      },
    ];
  const last = document.versions.at(-1) ?? document.version;
  return last.validFrom !== undefined && validFrom <= last.validFrom
    ? [
        {
          path,
          message: `is not after ${last.validFrom}, from which version "${last.label}" holds; choose a later day, or withdraw that one first`,
        },
      ]
    : [];
}

/** What the configuration names that the agreement would no longer have. */
function faultsInConfig(ctx: Context, { references }: UsedAgreement, after: Agreement): string[] {
  const config = ctx.config();
  const book = ctx.agreements();
  const named: NamedAgreements = {
    get: (reference): NamedAgreement =>
      references.includes(reference) ? after : book.get(reference),
  };
  const faultsWith = (agreements: NamedAgreements): string[] =>
    checkConfig(config, agreements).map(({ path, message }) => `${pathText(path)} ${message}`);
  const before = new Set(faultsWith(book));
  return faultsWith(named)
    .filter((fault) => !before.has(fault))
    .map((fault) => `makes upheld.yaml wrong: ${fault}`);
}
