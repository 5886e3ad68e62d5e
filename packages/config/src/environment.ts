import { DomainError, type Fault } from '@upheld/domain/errors.ts';
import { resolve } from 'node:path';

/** Variables of the environment, as the process got them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What the environment decides: where to listen, and where configuration and data are. */
export interface Environment {
  /** 0 lets the operating system choose. */
  port: number;
  /** Absolute. */
  dataDir: string;
  /** Absolute. */
  configPath: string;
  /** A postgres:// address; null for the embedded database in `dataDir`. */
  databaseUrl: string | null;
  /** Everything else, for `${NAME}` in upheld.yaml. */
  variables: Variables;
}

const DEFAULT_PORT = 3000;

/**
 * Reads PORT, UPHELD_DATA, UPHELD_CONFIG and DATABASE_URL; an empty one counts as missing. Throws
 * DomainError('invalid-input') with every fault.
 */
export function readEnvironment(
  variables: Variables = process.env,
  cwd: string = process.cwd(),
): Environment {
  const faults: Fault[] = [];
  const given = (name: string): string | undefined => {
    const value = variables[name]?.trim();
    return value === '' ? undefined : value;
  };

  const portText = given('PORT') ?? String(DEFAULT_PORT);
  const port = Number(portText);
  if (!/^\d{1,5}$/.test(portText) || port > 65_535)
    faults.push({ path: 'PORT', message: `"${portText}" is no port; write 0 to 65535` });

  const databaseUrl = given('DATABASE_URL') ?? null;
  if (databaseUrl !== null && !isPostgresUrl(databaseUrl))
    faults.push({
      path: 'DATABASE_URL',
      message: 'is no PostgreSQL address; write postgres://user:password@host:5432/database',
    });

  if (faults.length > 0)
    throw new DomainError('invalid-input', 'the environment is not usable', faults);
  return {
    port,
    dataDir: resolve(cwd, given('UPHELD_DATA') ?? 'data'),
    configPath: resolve(cwd, given('UPHELD_CONFIG') ?? 'upheld.yaml'),
    databaseUrl,
    variables,
  };
}

function isPostgresUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return ['postgres:', 'postgresql:'].includes(url.protocol) && url.pathname.length > 1;
}
