import { agreementSchema } from '@upheld/domain/sla/agreement-schema.ts';
import { z } from 'zod';
import { keysIn } from './json-schema.ts';
import type { Path } from './path.ts';

/** An agreement file as JSON Schema (draft 7, which the YAML language server understands best). */
export function agreementJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(agreementSchema, { io: 'input', target: 'draft-7' });
  return {
    $schema,
    title: 'Agreement',
    description: 'A contract as data: the rules by which Upheld judges what was recorded.',
    ...rest,
  };
}

/** The same as the text of a file. */
export function agreementJsonSchemaText(): string {
  return `${JSON.stringify(agreementJsonSchema(), null, 2)}\n`;
}

let schema: Record<string, unknown> | undefined;

/** The keys that may stand in the object at a path of an agreement file. */
export function agreementKeys(path: Path): readonly string[] {
  schema ??= agreementJsonSchema();
  return keysIn(schema, path);
}
