import type { Fault } from '@upheld/domain/errors.ts';
import { readAgreement, type Agreement } from '@upheld/domain/sla/agreement.ts';
import { TERM_KEYS, termsSchema, versionSchema } from '@upheld/domain/sla/agreement-schema.ts';
import { termsOf } from '@upheld/domain/sla/agreement-check.ts';
import type { AgreementBook } from '@upheld/domain/sla/book.ts';
import { replaced, type Replacements } from '@upheld/domain/sla/replace.ts';
import { versionAt } from '@upheld/domain/sla/version.ts';
import { agreementKeys } from './agreement-json-schema.ts';
import { insertVersion } from './agreement-text.ts';
import { publicReference } from './agreements.ts';
import { explain } from './explain.ts';
import { pathText, type Path, type PathFault } from './path.ts';
import { VERSION_BOUNDS } from './yaml-bounds.ts';
import { parseYaml } from './yaml-source.ts';

/*
 * Versions that were adopted in the running product. Each is one item of `versions` as somebody wrote it,
 * and is read as if it stood in the file.
 */

/** What was adopted, as it is stored. */
export interface AdoptedVersion {
  id: string;
  validFrom: string;
  /** YAML of one item of `versions`. */
  source: string;
}

/** One that does not hold because the file does not bear it (any more), and why. */
export interface LeftOut {
  adopted: AdoptedVersion;
  why: string;
}

/** A fault in a version that somebody wrote. */
export interface LineFault extends Fault {
  /** From 1, in what was written. */
  line: number;
}

/** A version as it was written, in the right form. */
export interface WrittenVersion {
  label: string;
  /** YYYY-MM-DD. */
  validFrom: string;
  source: string | undefined;
  replaces: Replacements;
  /** As it stands in a file, before defaults. */
  data: Readonly<Record<string, unknown>>;
  /** Faults with the lines of what was written; paths start at the version. */
  located(faults: readonly PathFault[]): LineFault[];
}

export type ReadVersion =
  { ok: true; version: WrittenVersion } | { ok: false; faults: readonly LineFault[] };

/** Reads one item of `versions`; as the only entry of a list it is taken too. */
export function readVersion(text: string): ReadVersion {
  const yaml = parseYaml(text, VERSION_BOUNDS);
  if (!yaml.ok) return { ok: false, faults: yaml.faults.map((fault) => ({ path: '', ...fault })) };
  const { source: written } = yaml;
  const whole: unknown = written.data;
  const isListed = Array.isArray(whole) && whole.length === 1;
  const data: unknown = isListed ? (whole as unknown[])[0] : whole;
  const above: Path = isListed ? [0] : [];
  const located = (faults: readonly PathFault[]): LineFault[] =>
    faults
      .map(({ path, message }) => ({
        path: path.length === 0 ? '' : pathText(path),
        message,
        line: written.lineOf([...above, ...path]),
      }))
      .sort((a, b) => a.line - b.line);
  const unseen = invisibleIn(data, []);
  if (unseen.length > 0) return { ok: false, faults: located(unseen) };
  const parsed = versionSchema.safeParse(data, { reportInput: true });
  if (!parsed.success) {
    const keysAt = (path: Path): readonly string[] => agreementKeys(['versions', 0, ...path]);
    return { ok: false, faults: located(explain(parsed.error.issues, keysAt)) };
  }
  const { label, validFrom, source, replaces } = parsed.data;
  const version = { label, validFrom, source, replaces, located };
  return { ok: true, version: { ...version, data: data as Record<string, unknown> } };
}

/** YAML can write with escapes what no database, feed or page can hold. */
const INVISIBLE = /(?![\t\n\r])[\p{Cc}\p{Surrogate}\ufffe\uffff]/u;

function invisibleIn(value: unknown, path: Path): PathFault[] {
  if (typeof value === 'string')
    return INVISIBLE.test(value) ? [{ path, message: 'has an invisible character' }] : [];
  if (Array.isArray(value)) return value.flatMap((one, at) => invisibleIn(one, [...path, at]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => [
    ...(INVISIBLE.test(key) ? [{ path, message: 'has a key with an invisible character' }] : []),
    ...invisibleIn(one, [...path, key]),
  ]);
}

export type WithVersion =
  { ok: true; agreement: Agreement } | { ok: false; faults: readonly PathFault[] };

/**
 * The agreement with one version more, at its place by day, as if it stood in the file; or all that is
 * wrong with it. Paths of faults start at the version.
 */
export function withVersion(agreement: Agreement, version: WrittenVersion): WithVersion {
  const days = agreement.document.versions.map(({ validFrom }) => validFrom);
  if (days.includes(version.validFrom))
    return fault(['validFrom'], 'is the day of another version already; choose another');
  const later = days.findIndex((day) => day > version.validFrom);
  const index = later === -1 ? days.length : later;
  const misshapen = faultsOfPieces(agreement, version);
  if (misshapen.length > 0) return { ok: false, faults: misshapen };
  const written: unknown = agreement.source['versions'];
  const versions = (Array.isArray(written) ? (written as unknown[]) : []).toSpliced(
    index,
    0,
    version.data,
  );
  const read = readAgreement({ ...agreement.source, versions });
  if (!read.ok) {
    const issues = explain(read.issues, agreementKeys);
    return { ok: false, faults: [...issues, ...read.faults].map((one) => own(one, index)) };
  }
  insertVersion(agreement, read.agreement, { version: version.data, index });
  return { ok: true, agreement: read.agreement };
}

function fault(path: Path, message: string): WithVersion {
  return { ok: false, faults: [{ path, message }] };
}

/** A fault of the whole file as one of the version; what it breaks elsewhere is said at its beginning. */
function own({ path, message }: PathFault, index: number): PathFault {
  const [first, at, ...rest] = path;
  if (first === 'versions' && at === index) return { path: rest, message };
  return { path: [], message: `does not fit: ${pathText(path)} ${message}` };
}

/** The pieces that have the wrong form where they are put, each at its own line and in our words. */
function faultsOfPieces(
  agreement: Agreement,
  { validFrom, replaces }: WrittenVersion,
): PathFault[] {
  // What is no part of the rules at all is told by the judgement of the whole.
  if (Object.keys(replaces).some((key) => !TERM_KEYS.includes(key.split('.', 1)[0] ?? '')))
    return [];
  const before = versionOn(agreement, validFrom);
  const parsed = termsSchema.safeParse(replaced(termsOf(before.source), replaces), {
    reportInput: true,
  });
  if (parsed.success) return [];
  return explain(parsed.error.issues, agreementKeys).flatMap(({ path, message }) => {
    const piece = Object.keys(replaces).find((key) => {
      const steps = key.split('.');
      return steps.every((step, index) => String(path[index]) === step);
    });
    if (piece === undefined) return [];
    return [{ path: ['replaces', piece, ...path.slice(piece.split('.').length)], message }];
  });
}

/** The agreement under the versions that begin before a day. */
function versionOn(agreement: Agreement, day: string): Agreement {
  const versions = agreement.document.versions.filter(({ validFrom }) => validFrom < day).length;
  if (versions === agreement.document.versions.length) return versionAt(agreement, Infinity);
  const written = agreement.source['versions'] as unknown[];
  const read = readAgreement({ ...agreement.source, versions: written.slice(0, versions) });
  return read.ok ? versionAt(read.agreement, Infinity) : agreement;
}

/**
 * The agreement of a file with what was adopted beside it. What the file does not bear is left out: where
 * both speak of one day, the file wins.
 */
export function withAdopted(
  file: Agreement,
  adopted: readonly AdoptedVersion[],
): { agreement: Agreement; leftOut: readonly LeftOut[] } {
  const leftOut: LeftOut[] = [];
  let agreement = file;
  for (const one of adopted.toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1))) {
    const read = readVersion(one.source);
    const made = read.ok ? withVersion(agreement, read.version) : read;
    if (made.ok) agreement = made.agreement;
    else leftOut.push({ adopted: one, why: made.faults.map(faultText).join('; ') });
  }
  return { agreement, leftOut };
}

function faultText({ path, message }: Fault | PathFault): string {
  const at = typeof path === 'string' ? path : path.length === 0 ? '' : pathText(path);
  return at === '' ? message : `${at} ${message}`;
}

/** Agreements of files under what was adopted, by the name that the public knows an agreement by. */
export interface AdoptedBook extends AgreementBook {
  /** What the agreement of a reference does not bear. */
  leftOut(reference: string): readonly LeftOut[];
}

/** A book of agreements with what was adopted, by public reference; what the files do not bear is left out. */
export function adoptedBook(
  files: AgreementBook,
  adopted: ReadonlyMap<string, readonly AdoptedVersion[]>,
): AdoptedBook {
  const made = new Map<string, ReturnType<typeof withAdopted>>();
  const of = (reference: string): ReturnType<typeof withAdopted> => {
    const known = made.get(reference);
    if (known) return known;
    const file = files.get(reference);
    const found = withAdopted(file, adopted.get(publicReference(reference, file)) ?? []);
    made.set(reference, found);
    return found;
  };
  return {
    ids: () => files.ids(),
    get: (reference) => of(reference).agreement,
    leftOut: (reference) => of(reference).leftOut,
  };
}
