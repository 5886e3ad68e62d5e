import type { Instant } from '@upheld/domain/ports.ts';

/** An instant as this API writes it: ISO 8601 in UTC. */
export function isoInstant(instant: Instant): string {
  return new Date(instant).toISOString();
}

export function isoInstantOrNull(instant: Instant | null): string | null {
  return instant === null ? null : isoInstant(instant);
}
