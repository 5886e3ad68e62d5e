/** Pieces of an agreement by path; null takes a piece away. */
export type Replacements = Readonly<Record<string, unknown>>;

type Tree = Record<string, unknown>;

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The tree with the pieces at the paths replaced; the tree itself is left as it is. */
export function replaced(tree: Tree, pieces: Replacements): Tree {
  let result = tree;
  for (const [path, piece] of Object.entries(pieces))
    result = replacedAt(result, path.split('.'), piece);
  return result;
}

function replacedAt(tree: Tree, path: readonly string[], piece: unknown): Tree {
  const [step, ...rest] = path;
  if (step === undefined) return tree;
  if (rest.length > 0) {
    const below = tree[step];
    return { ...tree, [step]: replacedAt(isTree(below) ? below : {}, rest, piece) };
  }
  if (piece !== null) return { ...tree, [step]: piece };
  return Object.fromEntries(Object.entries(tree).filter(([key]) => key !== step));
}

/** The first step of a path that has nothing above it to be part of; null when the path is sound. */
export function brokenStep(tree: Tree, path: string): string | null {
  const steps = path.split('.');
  let node: Tree = tree;
  for (const step of steps.slice(0, -1)) {
    const below = node[step];
    if (!isTree(below)) return step;
    node = below;
  }
  return null;
}
