import type { Instant } from '../ports.ts';

/** Something said to hold from a moment on, until something else does. */
export interface Said<T> {
  value: T;
  from: Instant;
}

/**
 * What held when in `[from, to)` (no `to`: without end): pieces in order, the first one at `from`, no two
 * neighbours alike. `said` is in the order in which it was said: of two that begin at the same moment the
 * later one wins, and what was said to hold from before `from` holds at `from`.
 */
export function historyIn<T>(
  said: readonly Said<T>[],
  span: { from: Instant; to: Instant | null },
  otherwise: T,
): Said<T>[] {
  const ordered = said
    .map((entry, order) => ({ ...entry, order }))
    .sort((a, b) => a.from - b.from || a.order - b.order);
  const pieces: Said<T>[] = [{ value: otherwise, from: span.from }];
  for (const { value, from } of ordered) {
    if (span.to !== null && from >= span.to) break;
    const last = pieces.at(-1);
    if (last && from <= last.from) last.value = value;
    else pieces.push({ value, from });
  }
  return pieces.filter((piece, index) => piece.value !== pieces[index - 1]?.value || index === 0);
}
