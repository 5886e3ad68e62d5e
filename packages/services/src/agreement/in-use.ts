import { publicReference } from '@upheld/config/agreements.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { nearest } from '@upheld/domain/nearest.ts';
import type { Agreement } from '@upheld/domain/sla/agreement.ts';
import { isDeepStrictEqual } from 'node:util';
import { componentsOf } from '../components.ts';
import type { Context } from '../context.ts';
import { coverOf, type Covered } from '../read/facts.ts';

/** An agreement that components of the configuration are under. */
export interface UsedAgreement {
  /** As the public knows it, and as what was adopted is stored. */
  reference: string;
  /** How the configuration names it: a file may be named in more than one way. */
  references: readonly string[];
  /** As its file alone says it. */
  file: Agreement;
  /** With what was adopted. */
  agreement: Agreement;
  /** What is under it, in the order of the configuration. */
  covers: readonly Covered[];
  /** Whether files that differ go by this one name, so that nobody can tell which is meant. */
  isAmbiguous: boolean;
}

/** Every agreement in use, in the order in which the configuration names them. */
export function agreementsInUse(ctx: Context): UsedAgreement[] {
  const files = ctx.shelf.files();
  const book = ctx.agreements();
  const covers = [...componentsOf(ctx.config()).values()].flatMap((one) => coverOf(one, book));
  const named = Map.groupBy(covers, ({ use, agreement }) =>
    publicReference(use.agreement, agreement),
  );
  return [...named].flatMap(([reference, covered]) => {
    const references = [...new Set(covered.map(({ use }) => use.agreement))];
    const [first] = covered;
    const [file, ...others] = references.map((one) => files.get(one));
    if (!first || !file) return [];
    const isAmbiguous = others.some((other) => !isDeepStrictEqual(other.source, file.source));
    return [
      { reference, references, file, agreement: first.agreement, covers: covered, isAmbiguous },
    ];
  });
}

/**
 * The agreement in use by the name that the public or the configuration has for it, or by its id. Throws
 * DomainError('not-found') with the nearest known name.
 */
export function usedAgreement(ctx: Context, name: string): UsedAgreement {
  const used = agreementsInUse(ctx);
  const found =
    used.find(({ reference }) => reference === name) ??
    used.find(({ references }) => references.includes(name)) ??
    used.find(({ agreement }) => agreement.id === name);
  if (found) return found;
  const known = used.map(({ reference }) => reference);
  const meant = nearest(name, known);
  throw new DomainError(
    'not-found',
    known.length === 0
      ? `there is no agreement "${name}"; no component has one`
      : `there is no agreement "${name}" in use; ${meant === null ? `known are ${known.join(', ')}` : `did you mean "${meant}"?`}`,
  );
}
