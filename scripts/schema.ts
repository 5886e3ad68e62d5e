import { configJsonSchemaText } from '@upheld/config/json-schema.ts';
import { writeFileSync } from 'node:fs';

// Renews the published copy of the schema of upheld.yaml; a test fails while it is out of date.
writeFileSync(new URL('../docs/upheld.schema.json', import.meta.url), configJsonSchemaText());
