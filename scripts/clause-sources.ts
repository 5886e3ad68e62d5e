import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  dataOf,
  readDocument,
  type ClauseDocument,
  type ClauseSources,
  type NamedCase,
} from './clause-map.ts';

const LISTS = 'docs/clauses';
/** Ids and clauses of the worked cases that are delivered beside the project, which may be absent. */
const INDEX = 'docs/clauses/shared-cases.json';
const OWN_CASES = 'test/cases';
const SHARED_CASES = '../shared/cases';

/** What the map is made of, from the files of the project at `root`. */
export function loadSources(root: string): ClauseSources {
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  const documents = namesIn(join(root, LISTS), '.yaml').map((name): ClauseDocument => {
    const path = `${LISTS}/${name}`;
    return readDocument(read(path), path);
  });
  const agreements = new Map(
    namesIn(join(root, 'agreements'), '.yaml').map((name) => {
      const path = `agreements/${name}`;
      return [name.slice(0, -'.yaml'.length), dataOf(read(path), path)];
    }),
  );
  const shared = JSON.parse(read(INDEX)) as Record<string, string>;
  const beside = Object.entries(shared).map(([id, clause]): NamedCase => ({ id, clause }));
  return {
    documents,
    agreements,
    cases: [...casesIn(root, OWN_CASES), ...beside],
    exists: (path) => existsSync(join(root, path)),
  };
}

/** The index of the cases beside the project as it should be; null where they are absent. */
export function sharedIndex(root: string): Record<string, string> | null {
  if (!existsSync(join(root, SHARED_CASES))) return null;
  const cases = casesIn(root, SHARED_CASES);
  return Object.fromEntries(cases.map(({ id, clause }) => [id, clause]));
}

/** Renews that index, where the cases are there. */
export function renewSharedIndex(root: string): void {
  const index = sharedIndex(root);
  if (index) writeFileSync(join(root, INDEX), `${JSON.stringify(index, null, 2)}\n`);
}

function casesIn(root: string, folder: string): NamedCase[] {
  return namesIn(join(root, folder), '.json').map((name) => {
    const file = `${folder}/${name}`;
    const { id, clause } = JSON.parse(readFileSync(join(root, file), 'utf8')) as NamedCase;
    return { id, clause, file };
  });
}

function namesIn(folder: string, extension: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(extension))
    .sort();
}
