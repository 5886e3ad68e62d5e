/** Codes that every transport maps: HTTP status, exit code, message on a page. */
export const ERROR_CODES = [
  'invalid-input',
  'not-found',
  'conflict',
  'unauthorised',
  'forbidden',
  'too-many-requests',
  'unavailable',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** One fault in an input: where it is and what would be right. */
export interface Fault {
  path: string;
  message: string;
}

/** A violation that the caller can mend. Everything else that is thrown is a bug. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly faults: readonly Fault[];
  constructor(code: ErrorCode, message: string, faults: readonly Fault[] = []) {
    super(message);
    this.name = 'DomainError';
    this.code = code;
    this.faults = faults;
  }
}

export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
