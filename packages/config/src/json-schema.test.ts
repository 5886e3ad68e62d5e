import { Ajv } from 'ajv';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { firstConfig } from './first-config.ts';
import { configJsonSchema, configJsonSchemaText, knownKeys } from './json-schema.ts';

describe('the JSON Schema of upheld.yaml', () => {
  it('is published in docs as it is now (npm run schema renews it)', () => {
    const published = new URL('../../../docs/upheld.schema.json', import.meta.url);
    assert.equal(readFileSync(published, 'utf8'), configJsonSchemaText());
  });

  it('accepts the first configuration and refuses an unknown key', () => {
    const validate = new Ajv({ strict: false }).compile(configJsonSchema());
    const config = parse(firstConfig()) as Record<string, unknown>;
    assert.ok(validate(config), JSON.stringify(validate.errors));
    assert.ok(!validate({ ...config, organization: {} }));
  });

  it('knows the keys of every object by its path', () => {
    assert.deepEqual(knownKeys(['organisation']), ['name', 'website', 'contact']);
    assert.ok(knownKeys(['groups', 0, 'components', 2, 'monitors', 0]).includes('retryInterval'));
    assert.deepEqual(knownKeys(['pages', 0, 'title']), ['nl', 'en']);
  });
});
