import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

interface Schema {
  properties: Record<string, object>;
  $defs: object;
}

const schema = JSON.parse(
  readFileSync(new URL('../test-fixtures/statuspage-v2.schema.json', import.meta.url), 'utf8'),
) as Schema;

const ajv = new Ajv2020({ allErrors: true, strictTypes: false });
formats.default(ajv);

/** Asserts that an answer has exactly these parts of Statuspage's summary, each as its clients read it. */
export function assertStatuspage(answer: unknown, parts: readonly string[]): void {
  const validate = ajv.compile({
    $defs: schema.$defs,
    type: 'object',
    required: parts,
    additionalProperties: false,
    properties: Object.fromEntries(parts.map((part) => [part, schema.properties[part]])),
  });
  assert.ok(validate(answer), ajv.errorsText(validate.errors, { separator: '\n' }));
}
