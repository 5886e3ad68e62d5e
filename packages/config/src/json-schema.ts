import { z } from 'zod';
import type { Path } from './path.ts';
import { configSchema } from './schema.ts';

/** The part of JSON Schema that is walked along. */
export interface Node {
  type?: string;
  pattern?: string;
  description?: string;
  properties?: Record<string, Node>;
  items?: Node;
  anyOf?: readonly Node[];
  oneOf?: readonly Node[];
  additionalProperties?: Node | boolean;
  /** The keys that a record may have, where they are a closed set. */
  propertyNames?: { enum?: readonly string[] };
}

export const SCHEMA_FILE = 'upheld.schema.json';

/** upheld.yaml as JSON Schema (draft 7, which the YAML language server understands best). */
export function configJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' });
  return {
    $schema,
    title: 'upheld.yaml',
    description: 'The configuration of Upheld, a public status page and uptime monitor.',
    ...rest,
  };
}

/** The same as the text of a file. */
export function configJsonSchemaText(): string {
  return `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
}

let root: Record<string, unknown> | undefined;

/** The keys that may stand in the object at a path of upheld.yaml. */
export function knownKeys(path: Path): readonly string[] {
  root ??= configJsonSchema();
  return keysIn(root, path);
}

/** The same for another JSON Schema without references. */
export function keysIn(schema: Record<string, unknown>, path: Path): readonly string[] {
  let nodes: readonly Node[] = [schema];
  for (const step of path) nodes = nodes.flatMap(branches).flatMap((node) => below(node, step));
  const keys = nodes.flatMap(branches).flatMap(ownKeys);
  return [...new Set(keys)];
}

function ownKeys(node: Node): readonly string[] {
  return [...Object.keys(node.properties ?? {}), ...(node.propertyNames?.enum ?? [])];
}

/** What a value may be, one by one. */
export function branches(node: Node): readonly Node[] {
  const choices = [...(node.anyOf ?? []), ...(node.oneOf ?? [])];
  return choices.length === 0 ? [node] : choices.flatMap(branches);
}

function below(node: Node, step: string | number): readonly Node[] {
  if (typeof step === 'number') return node.items ? [node.items] : [];
  const property = node.properties?.[step];
  if (property) return [property];
  return typeof node.additionalProperties === 'object' ? [node.additionalProperties] : [];
}

/** The schema of upheld.yaml, for who walks along it. */
export function configSchemaNode(): Node {
  root ??= configJsonSchema();
  return root;
}
