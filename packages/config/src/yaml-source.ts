import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
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
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, faults: [{ line: 1, message: `is no valid YAML: ${message}` }] };
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
