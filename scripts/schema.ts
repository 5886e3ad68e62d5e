import { agreementJsonSchemaText } from '@upheld/config/agreement-json-schema.ts';
import { configJsonSchemaText } from '@upheld/config/json-schema.ts';
import { writeFileSync } from 'node:fs';

// Renews the published copies of the schemas of our files; tests fail while one is out of date.
writeFileSync(new URL('../docs/upheld.schema.json', import.meta.url), configJsonSchemaText());
writeFileSync(
  new URL('../agreements/agreement.schema.json', import.meta.url),
  agreementJsonSchemaText(),
);
