import type { Instant } from '@upheld/domain/ports.ts';

/** An instant as the audit log keeps it: readable without a calculator. */
export function moment(instant: Instant | null | undefined): string | null {
  return instant === null || instant === undefined ? null : new Date(instant).toISOString();
}
