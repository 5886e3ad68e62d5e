import type { Logger } from '@upheld/domain/ports.ts';
import pino from 'pino';

export interface Logging {
  log: Logger;
  /** From now on these texts are replaced wherever they would appear in a line. */
  hide: (secrets: readonly string[]) => void;
}

const REDACTED = '[hidden]';
const SECRET_FIELDS = [
  'password',
  'authToken',
  'token',
  'code',
  'secret',
  'authorization',
  'cookie',
];

/**
 * A log on a stream: JSON lines, or lines for people where `pretty`. Fields that hold secrets are
 * hidden by name, and the secrets of the configuration by value, wherever they turn up.
 */
export function createLogging(
  write: (line: string) => void,
  options: { pretty?: boolean; level?: 'info' | 'warn' } = {},
): Logging {
  let secrets: readonly string[] = [];
  const conceal = (line: string): string =>
    secrets.reduce((text, secret) => text.replaceAll(secret, REDACTED), line);
  const log = pino(
    {
      level: options.level ?? 'info',
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
        censor: REDACTED,
      },
      serializers: { error: pino.stdSerializers.err },
    },
    { write: (line: string) => write(conceal(options.pretty === true ? prettyLine(line) : line)) },
  );
  return {
    log,
    hide(values) {
      // As it stands, and as JSON writes it: a secret may hold quotes.
      secrets = [...new Set(values.flatMap((v) => [v, JSON.stringify(v).slice(1, -1)]))];
    },
  };
}

interface Line {
  level: string;
  time: string;
  msg?: string;
  error?: { message: string };
  [field: string]: unknown;
}

function prettyLine(json: string): string {
  const { level, time, msg, error, ...fields } = JSON.parse(json) as Line;
  const rest = Object.entries(fields)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
  const mark = level === 'info' ? '' : `${level}: `;
  const parts = [time.slice(11, 19), `${mark}${msg ?? ''}`, error?.message, rest];
  return `${parts.filter(Boolean).join('  ')}\n`;
}
