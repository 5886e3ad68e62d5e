import type { Environment } from '@upheld/config/environment.ts';
import { firstConfig } from '@upheld/config/first-config.ts';
import { configJsonSchemaText, SCHEMA_FILE } from '@upheld/config/json-schema.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { reason } from '../failure.ts';

/** Writes a commented upheld.yaml where there is none; true when it did. */
export function writeFirstConfig({ configPath }: Environment): boolean {
  try {
    mkdirSync(dirname(configPath), { recursive: true });
    // wx: a file that came in between is somebody's work.
    writeFileSync(configPath, firstConfig(), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw new DomainError(
      'unavailable',
      `there is no configuration, and ${configPath} cannot be written: ${reason(error)}`,
    );
  }
}

/**
 * Keeps the JSON Schema beside the configuration that of this version, for the editors that
 * complete from it. A read-only folder, as in a container, goes without.
 */
export function publishSchema({ configPath }: Environment): void {
  const file = join(dirname(configPath), SCHEMA_FILE);
  const text = configJsonSchemaText();
  try {
    if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EACCES' && code !== 'EROFS' && code !== 'EPERM') throw error;
  }
}
