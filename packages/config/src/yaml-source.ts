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
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import type { Path } from './path.ts';
import { excessOf, FILE_BOUNDS, valuesIn, type YamlBounds } from './yaml-bounds.ts';

/** A YAML text as data, with the way back from a path to a line. */
export interface YamlSource {
  data: unknown;
  /** Line (from 1) of the key or list item at a path, or of the nearest above it. */
  lineOf(path: Path): number;
}

export type YamlFault = { line: number; message: string };

/** More than anybody mends at once. */
const MOST_FAULTS = 100;

/** Parses YAML 1.2 in one document; faults carry their line. */
export function parseYaml(
  text: string,
  bounds: YamlBounds = FILE_BOUNDS,
): { ok: true; source: YamlSource } | { ok: false; faults: readonly YamlFault[] } {
  const excess = excessOf(text, bounds);
  if (excess) return { ok: false, faults: [excess] };
  const lines = new LineCounter();
  // Looked at below: the parser compares each key with all before it.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
  });
  const problems = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
    at: pos[0],
    message,
  }));
  if (problems.length === 0) problems.push(...repeatedKeys(document));
  if (problems.length > 0)
    return {
      ok: false,
      faults: problems.slice(0, MOST_FAULTS).map(({ at, message }) => ({
        line: lines.linePos(at).line,
        message: `is no valid YAML: ${message}`,
      })),
    };
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return { ok: false, faults: faultsOfAliases(document, lines, error) };
  }
  if (valuesIn(data) > bounds.values) {
    const message = `holds more than ${bounds.values} values, with what it repeats`;
    return { ok: false, faults: [{ line: 1, message }] };
  }

  return { ok: true, source: { data, lineOf: linesIn(document, lines) } };
}

function linesIn(document: Document, lines: LineCounter): YamlSource['lineOf'] {
  const lineAt = (node: unknown): number | undefined =>
    isNode(node) && node.range ? lines.linePos(node.range[0]).line : undefined;

  const places = new WeakMap<YAMLMap, Map<unknown, Pair>>();
  const pairAt = (map: YAMLMap, step: unknown): Pair | undefined => {
    const known = places.get(map) ?? pairsOf(map);
    places.set(map, known);
    return known.get(step);
  };
  return (path) => {
    let node: unknown = document.contents;
    let line = lineAt(node) ?? 1;
    for (const step of path) {
      if (isAlias(node)) node = node.resolve(document);
      if (isMap(node)) {
        const pair = pairAt(node, step);
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
}

function pairsOf(map: YAMLMap): Map<unknown, Pair> {
  return new Map(
    map.items.flatMap((pair) => (isScalar(pair.key) ? [[pair.key.value, pair] as const] : [])),
  );
}

/** Keys that stand twice in one map. */
function repeatedKeys(document: Document): { at: number; message: string }[] {
  const found: { at: number; message: string }[] = [];
  visit(document, {
    Map(_key, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value))
          found.push({ at: key.range?.[0] ?? 0, message: 'Map keys must be unique' });
        seen.add(key.value);
      }
    },
  });
  return found;
}

/** What stopped a document that parses from becoming data: aliases are all that can. */
function faultsOfAliases(document: Document, lines: LineCounter, error: unknown): YamlFault[] {
  const anchors = new Set<string>();
  const unknown: Alias[] = [];
  const aliases: Alias[] = [];
  visit(document, {
    Node(_key, node: Node) {
      if (isAlias(node)) (anchors.has(node.source) ? aliases : unknown).push(node);
      else if ('anchor' in node && node.anchor !== '') anchors.add(node.anchor);
    },
  });
  const lineOf = (alias: Alias | undefined): number =>
    alias?.range ? lines.linePos(alias.range[0]).line : 1;
  if (unknown.length > 0)
    return unknown.slice(0, MOST_FAULTS).map((alias) => ({
      line: lineOf(alias),
      message: `is no valid YAML: *${alias.source} stands for nothing; write &${alias.source} before what it repeats, above it`,
    }));
  const message = error instanceof Error ? error.message : String(error);
  return [{ line: lineOf(aliases[0]), message: `is no valid YAML: ${message}` }];
}
