import { DomainError } from '@upheld/domain/errors.ts';
import { z } from 'zod';

/** The version that whoever writes has read; left out by who does not care. */
export const versionInput = z.int().min(1).optional();

/** Somebody else changed the same thing since the caller read it. */
export class VersionConflict extends DomainError {
  /** What it has now. */
  readonly version: number;
  constructor(expected: number, version: number, who = 'somebody else changed it meanwhile') {
    super(
      'conflict',
      `${who}: you read version ${expected}, it now has ${version}; read it again and decide anew`,
    );
    this.version = version;
  }
}

/** In the transaction that changes a row, before anything is written. Throws VersionConflict. */
export function expectVersion(row: { version: number }, expected: number | undefined): void {
  if (expected !== undefined && expected !== row.version)
    throw new VersionConflict(expected, row.version);
}
