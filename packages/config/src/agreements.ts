import { DomainError, type Fault } from '@upheld/domain/errors.ts';
import { nearest } from '@upheld/domain/nearest.ts';
import { readAgreement, type Agreement } from '@upheld/domain/sla/agreement.ts';
import type { AgreementBook } from '@upheld/domain/sla/book.ts';
import { readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { agreementKeys } from './agreement-json-schema.ts';
import { keepText } from './agreement-text.ts';
import { explain } from './explain.ts';
import { pathText, type PathFault } from './path.ts';
import { parseYaml } from './yaml-source.ts';

const SHIPPED = fileURLToPath(new URL('../../../agreements', import.meta.url));
const EXTENSION = '.yaml';

/**
 * The shipped agreements by id, and agreement files by path: a reference with a slash or ending in
 * .yaml or .yml is a path, from `folder` when it is relative. A file is read once, when first asked for.
 */
export function loadAgreementBook(folder = '.'): AgreementBook {
  const read = new Map<string, Agreement>();
  const ids = readdirSync(SHIPPED)
    .filter((name) => name.endsWith(EXTENSION))
    .map((name) => name.slice(0, -EXTENSION.length))
    .sort();
  return {
    ids: () => ids,
    get(reference) {
      let agreement = read.get(reference);
      if (!agreement) {
        agreement = readFile(fileOf(reference, ids, folder), reference);
        read.set(reference, agreement);
      }
      return agreement;
    },
  };
}

/** Whether a reference to an agreement is the path of a file rather than an id. */
export function isAgreementPath(reference: string): boolean {
  return /[/\\]|\.ya?ml$/.test(reference);
}

/**
 * By what name the public knows an agreement: the id of a shipped one, or the name of the file as it is
 * downloaded. Where the file stands on this machine is nobody's business.
 */
export function publicReference(reference: string, { id }: Pick<Agreement, 'id'>): string {
  return isAgreementPath(reference) ? `${id}${EXTENSION}` : reference;
}

function fileOf(reference: string, ids: readonly string[], folder: string): string {
  if (ids.includes(reference)) return resolve(SHIPPED, reference + EXTENSION);
  if (isAgreementPath(reference))
    return isAbsolute(reference) ? reference : resolve(folder, reference);
  const meant = nearest(reference, ids);
  const advice = meant === null ? `known are ${ids.join(', ')}` : `did you mean "${meant}"?`;
  throw new DomainError('not-found', `there is no agreement "${reference}"; ${advice}`);
}

function readFile(file: string, reference: string): Agreement {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
    throw new DomainError('not-found', `the agreement file ${reference} is of no use: ${why}`);
  }
  return parseAgreement(text, reference);
}

/**
 * An agreement from the text of its file. Throws DomainError('invalid-input') with every fault, each
 * with its line.
 */
export function parseAgreement(text: string, name: string): Agreement {
  const yaml = parseYaml(text);
  if (!yaml.ok)
    throw unusable(
      name,
      yaml.faults.map((fault) => ({ path: `${name}:${fault.line}`, message: fault.message })),
    );
  const result = readAgreement(yaml.source.data);
  if (result.ok) {
    keepText(result.agreement, text);
    return result.agreement;
  }
  const found: readonly PathFault[] = [...explain(result.issues, agreementKeys), ...result.faults];
  const faults = found
    .map(({ path, message }) => ({ path, message, line: yaml.source.lineOf(path) }))
    .sort((a, b) => a.line - b.line)
    .map(({ path, message, line }) => ({ path: `${name}:${line}: ${pathText(path)}`, message }));
  throw unusable(name, faults);
}

function unusable(name: string, faults: readonly Fault[]): DomainError {
  const count = faults.length === 1 ? 'one fault' : `${faults.length} faults`;
  return new DomainError('invalid-input', `the agreement ${name} has ${count}`, faults);
}
