import { parseYaml } from '@upheld/config/yaml-source.ts';
import { z } from 'zod';
import {
  clauseText,
  isListed,
  overlaps,
  readClauses,
  type ClauseReference,
} from './clause-reference.ts';
import { rulesOf, type NamedRule } from './clause-rules.ts';

/*
 * What becomes of each clause of a contract. A document lists its clauses; the rules of the agreements
 * name the clauses that they carry. The rest is shown elsewhere, or cannot be carried by software.
 */

const text = z.string().min(1);
const paths = z.array(text).min(1);
const entrySchema = z.strictObject({
  clause: text,
  part: text.optional(),
  says: text,
  in: paths.optional(),
  rules: z.array(text).optional(),
  cases: z.array(text).optional(),
  shown: z.strictObject({ how: text, files: paths, tests: paths.optional() }).optional(),
  tests: paths.optional(),
  unseen: text.optional(),
  not: text.optional(),
});
const documentSchema = z.strictObject({
  document: text,
  cases: text,
  agreements: paths,
  clauses: z.array(entrySchema).min(1),
});

/**
 * One clause. Several entries may share a number, each with its own `part`: of the rules that name it `rules`
 * and `in` (agreements) pick those that are meant. `cases` are those that show it instead of those that name
 * it. `shown` is where it stands in code, `not` why nowhere. `tests` show what a rule makes of it; `unseen` says
 * what of it no software can, and why.
 */
export type ClauseEntry = z.output<typeof entrySchema>;
export type ClauseDocument = z.output<typeof documentSchema>;

/** A worked case and the clauses that it is about; `file` where it stands in this project. */
export interface NamedCase {
  id: string;
  clause: string;
  file?: string;
}

/** All that the map is made of. */
export interface ClauseSources {
  documents: readonly ClauseDocument[];
  /** Agreements by id, as they stand in their files. */
  agreements: ReadonlyMap<string, unknown>;
  cases: readonly NamedCase[];
  exists(path: string): boolean;
}

/** What is known of one clause. */
export interface MappedClause {
  entry: ClauseEntry;
  rules: readonly NamedRule[];
  cases: readonly NamedCase[];
}

/** Data of a YAML text. Throws SyntaxError with the line of the first fault. */
export function dataOf(yaml: string, name: string): unknown {
  const read = parseYaml(yaml);
  if (read.ok) return read.source.data;
  const [fault] = read.faults;
  throw new SyntaxError(`${name}:${fault?.line ?? 1} ${fault?.message ?? ''}`);
}

/** A list of clauses from its file. Throws what zod throws. */
export function readDocument(yaml: string, name: string): ClauseDocument {
  return documentSchema.parse(dataOf(yaml, name));
}

/** The map of one document: its clauses, in their order. */
export function mapDocument(document: ClauseDocument, sources: ClauseSources): MappedClause[] {
  const rules = rulesOfDocument(document, sources);
  const cases = sources.cases.map((one) => ({ one, clauses: clausesOfCase(one, document) }));
  return document.clauses.map((entry) => {
    const named = readClauses(entry.clause);
    const meets = (clauses: readonly ClauseReference[]): boolean =>
      clauses.some((clause) => named.some((own) => overlaps(own, clause)));
    return {
      entry,
      rules:
        entry.not === undefined
          ? rules.filter((rule) => meets(rule.clauses) && isMeant(rule, entry))
          : [],
      cases: cases
        .filter(({ one, clauses }) => entry.cases?.includes(one.id) ?? meets(clauses))
        .map(({ one }) => one),
    };
  });
}

function rulesOfDocument(document: ClauseDocument, sources: ClauseSources): NamedRule[] {
  return document.agreements.flatMap((id) => rulesOf(id, sources.agreements.get(id)));
}

function isMeant(rule: NamedRule, entry: ClauseEntry): boolean {
  const inside = entry.in?.includes(rule.agreement) ?? true;
  return inside && (entry.rules?.some((path) => isWithin(rule, path)) ?? true);
}

function isWithin(rule: NamedRule, path: string): boolean {
  return rule.path === path || rule.path.startsWith(`${path}.`);
}

function clausesOfCase(one: NamedCase, document: ClauseDocument): ClauseReference[] {
  const start = `${document.cases} `;
  return one.clause.startsWith(start) ? readClauses(one.clause.slice(start.length)) : [];
}

/** What is wrong with the map, in lines; none when it is whole. */
export function faultsOf(sources: ClauseSources): string[] {
  return sources.documents.flatMap((document) => {
    const listed = document.clauses.flatMap((entry) => readClauses(entry.clause));
    const mapped = mapDocument(document, sources);
    const faults = [
      ...mapped.flatMap((clause) => faultsOfEntry(clause, sources)),
      ...faultsOfRules(rulesOfDocument(document, sources), listed, mapped),
      ...sources.cases.flatMap((one) =>
        clausesOfCase(one, document)
          .filter((clause) => !isListed(listed, clause))
          .map((clause) => `case ${one.id} names ${clauseText(clause)}, which is not listed`),
      ),
      ...document.agreements
        .filter((id) => !sources.agreements.has(id))
        .map((id) => `there is no agreement "${id}"`),
    ];
    return faults.map((fault) => `${document.document}: ${fault}`);
  });
}

/** The tests that an entry names. */
export function testsOf({ shown, tests }: ClauseEntry): string[] {
  return [...(shown?.tests ?? []), ...(tests ?? [])];
}

function faultsOfEntry(clause: MappedClause, sources: ClauseSources): string[] {
  const { entry } = clause;
  const { shown } = entry;
  const files = [...(shown?.files ?? []), ...testsOf(entry)];
  const faults = [
    ...faultsOfClaim(clause),
    ...(entry.cases ?? [])
      .filter((id) => !sources.cases.some((one) => one.id === id))
      .map((id) => `there is no case ${id}`),
    ...files.filter((path) => !sources.exists(path)).map((path) => `there is no file ${path}`),
  ];
  const name = entry.part === undefined ? entry.clause : `${entry.clause} (${entry.part})`;
  return faults.map((fault) => `${name}: ${fault}`);
}

/** An entry is carried or shown, or it says why not: one of them, and truly. */
function faultsOfClaim({ entry, rules }: MappedClause): string[] {
  if (entry.not !== undefined) {
    const { shown, rules: own, tests, unseen } = entry;
    const claimed = [shown, own, tests, unseen].some((claim) => claim !== undefined);
    return claimed ? ['claims rules or where it is shown, and says why not'] : [];
  }
  if (rules.length === 0 && entry.shown === undefined)
    return ['no rule names it, and it says neither where it is shown nor why not'];
  return (entry.rules ?? [])
    .filter((path) => !rules.some((rule) => isWithin(rule, path)))
    .map((path) => `no rule ${path} names it`);
}

function faultsOfRules(
  rules: readonly NamedRule[],
  listed: readonly ClauseReference[],
  mapped: readonly MappedClause[],
): string[] {
  const carrying = new Set(mapped.flatMap(({ rules: carried }) => carried.map(ruleName)));
  return rules.flatMap((rule) => {
    const name = ruleName(rule);
    // A dash says that the contract has no clause on it.
    const real = rule.clauses.filter(({ number }) => number !== '-');
    const unknown = real.filter((clause) => !isListed(listed, clause));
    const lost = real.length > 0 && !carrying.has(name);
    return [
      ...unknown.map((clause) => `${name} names ${clauseText(clause)}, which is not listed`),
      ...(lost && unknown.length === 0 ? [`${name} is in no clause that it names`] : []),
    ];
  });
}

function ruleName({ agreement, path }: NamedRule): string {
  return `${agreement}: ${path}`;
}
