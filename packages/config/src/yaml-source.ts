import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Alias,
  type Document,
} from 'yaml';
import type { Path } from './path.ts';

/** A YAML text as data, with the way back from a path to a line. */
export interface YamlSource {
  data: unknown;
  /** Line (from 1) of the key or list item at a path, or of the nearest above it. */
  lineOf(path: Path): number;
}

export type YamlFault = { line: number; message: string };

/** Parses YAML 1.2 in one document; faults carry their line. */
export function parseYaml(
  text: string,
): { ok: true; source: YamlSource } | { ok: false; faults: readonly YamlFault[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0)
    return {
      ok: false,
      faults: problems.map((problem) => ({
        line: lines.linePos(problem.pos[0]).line,
        message: `is no valid YAML: ${problem.message}`,
      })),
    };
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return { ok: false, faults: faultsOfAliases(document, lines, error) };
  }

  const lineAt = (node: unknown): number | undefined =>
    isNode(node) && node.range ? lines.linePos(node.range[0]).line : undefined;

  const lineOf = (path: Path): number => {
    let node: unknown = document.contents;
    let line = lineAt(node) ?? 1;
    for (const step of path) {
      if (isAlias(node)) node = node.resolve(document);
      if (isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && item.key.value === step);
        if (!pair) break;
        line = lineAt(pair.key) ?? line;
        node = pair.value;
      } else if (isSeq(node)) {
        node = node.items[Number(step)];
        line = lineAt(node) ?? line;
      } else break;
    }
    return line;
  };
  return { ok: true, source: { data, lineOf } };
}

/** What stopped a document that parses from becoming data: aliases are all that can. */
function faultsOfAliases(document: Document, lines: LineCounter, error: unknown): YamlFault[] {
  const aliases: Alias[] = [];
  visit(document, { Alias: (_key, alias) => void aliases.push(alias) });
  const lineOf = (alias: Alias | undefined): number =>
    alias?.range ? lines.linePos(alias.range[0]).line : 1;
  const unknown = aliases.filter((alias) => alias.resolve(document) === undefined);
  if (unknown.length > 0)
    return unknown.map((alias) => ({
      line: lineOf(alias),
      message: `is no valid YAML: *${alias.source} stands for nothing; write &${alias.source} before what it repeats, above it`,
    }));
  const message = error instanceof Error ? error.message : String(error);
  return [{ line: lineOf(aliases[0]), message: `is no valid YAML: ${message}` }];
}
