import type { FailureCause, InconclusiveCause } from '@upheld/domain/monitor/outcome.ts';

/** How far an exchange had come when it failed. */
export type Phase = 'lookup' | 'connect' | 'tls' | 'request';

/** What an error says: of the product, or of ourselves. */
export type Fault =
  | { kind: 'failed'; cause: FailureCause; message: string }
  | { kind: 'inconclusive'; cause: InconclusiveCause; message: string };

/** The guard did not let a connection through. */
export class AddressRefused extends Error {
  readonly code = 'UPHELD_ADDRESS_REFUSED';
}

/** The time for the check is over. */
export class DeadlinePassed extends Error {
  readonly code = 'UPHELD_DEADLINE';
}

/** The process stops. */
export class Stopped extends Error {
  readonly code = 'UPHELD_STOPPED';
}

const FAILED: Readonly<Record<string, FailureCause>> = {
  ENOTFOUND: 'dns',
  ENODATA: 'dns',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'unreachable',
  ECONNABORTED: 'unreachable',
  EPIPE: 'unreachable',
  UND_ERR_SOCKET: 'unreachable',
  ETIMEDOUT: 'timeout',
  UPHELD_DEADLINE: 'timeout',
  UND_ERR_HEADERS_OVERFLOW: 'protocol',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'protocol',
};

// An error of ours must never become the customer's downtime, so what is not known is not down.
const INCONCLUSIVE: Readonly<Record<string, InconclusiveCause>> = {
  EAI_AGAIN: 'no-resolver',
  EAI_FAIL: 'no-resolver',
  EAI_SYSTEM: 'no-resolver',
  EAI_MEMORY: 'no-resolver',
  ETIMEOUT: 'no-resolver',
  ENETUNREACH: 'no-route',
  EHOSTUNREACH: 'no-route',
  ENETDOWN: 'no-route',
  EADDRNOTAVAIL: 'no-route',
  EACCES: 'no-route',
  EPERM: 'no-route',
  EMFILE: 'overloaded',
  ENFILE: 'overloaded',
  ENOBUFS: 'overloaded',
  ENOMEM: 'overloaded',
  UPHELD_STOPPED: 'stopped',
};

const LONGEST_MESSAGE = 300;

/** What an error of an exchange means. `AddressRefused` is for the caller, who knows which hop it was. */
export function faultOf(error: Error, phase: Phase): Fault {
  const parts = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  const faults = parts.flatMap((part) => (part instanceof Error ? [faultOf(part, phase)] : []));
  // One address that answered, even with a refusal, shows that we could reach the product.
  const told = faults.find((fault) => fault.kind === 'failed') ?? faults[0];
  if (told) return told;
  const code = codeOf(error);
  const foreign = code !== '' && !code.startsWith('UPHELD_');
  const message = `${foreign ? `${code}: ` : ''}${error.message}`.slice(0, LONGEST_MESSAGE);
  const ours = INCONCLUSIVE[code];
  if (ours !== undefined) return { kind: 'inconclusive', cause: ours, message };
  // undici's parser gives no code of its own.
  const known = FAILED[code] ?? (error.name === 'HTTPParserError' ? 'protocol' : undefined);
  const cause = phase === 'tls' && known !== 'timeout' ? 'tls' : known;
  if (cause !== undefined) return { kind: 'failed', cause, message };
  return { kind: 'inconclusive', cause: 'internal', message };
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
