import { createApi } from '@upheld/api/app.ts';
import { openDatabase } from '@upheld/db/open.ts';
import { testContext } from '@upheld/testkit/context.ts';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';

export const CLIENT_TYPES = new URL('../packages/client/src/schema.ts', import.meta.url);

/** The types of the HTTP API, as they follow from its routes. */
export async function clientTypes(): Promise<string> {
  const ast = await openapiTS(JSON.stringify(await openApiDocument()), { alphabetize: true });
  const options = await resolveConfig(CLIENT_TYPES.pathname);
  return format(COMMENT_HEADER + astToString(ast), { ...options, parser: 'typescript' });
}

/** The types as they stand in the client. */
export function clientTypesNow(): string {
  return readFileSync(CLIENT_TYPES, 'utf8');
}

async function openApiDocument(): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'upheld-client-'));
  const db = await openDatabase({ kind: 'sqlite', file: join(folder, 'upheld.db') });
  try {
    const unused = () => Promise.reject(new Error('only the document is asked for'));
    const desk = {
      ...{ subscribe: unused, confirm: unused, confirmCode: unused, choose: unused },
      ...{ unsubscribe: unused, look: unused },
    };
    return await (await createApi(testContext(db), { desk }).request('/api/openapi.json')).json();
  } finally {
    await db.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
