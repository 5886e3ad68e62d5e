import type { Ids } from '@upheld/domain/ports.ts';

/** Ids that count up and sort in the order in which they were made; secrets and codes likewise. */
export function countingIds(prefix = 'id'): Ids {
  let count = 0;
  const next = (): string => String((count += 1)).padStart(8, '0');
  return {
    next: () => `${prefix}-${next()}`,
    secret: (bytes) => next().padStart(bytes, 's'),
    code: (digits) => next().slice(-digits).padStart(digits, '0'),
  };
}
