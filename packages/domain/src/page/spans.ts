import type { Instant } from '../ports.ts';

/** The half-open stretch of time `[from, to)`. */
export interface Span {
  from: Instant;
  to: Instant;
}

/** What two stretches have in common; null when that is nothing. */
export function overlap(a: Span, b: Span): Span | null {
  const from = Math.max(a.from, b.from);
  const to = Math.min(a.to, b.to);
  return from < to ? { from, to } : null;
}

/** Several stretches as the fewest that cover the same time, in order; empty ones go. */
export function merged(spans: readonly Span[]): Span[] {
  const ordered = spans.filter((span) => span.from < span.to).sort((a, b) => a.from - b.from);
  const out: Span[] = [];
  for (const { from, to } of ordered) {
    const last = out.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else out.push({ from, to });
  }
  return out;
}

/** What is left of a stretch without others, in order. */
export function without(whole: Span, others: readonly Span[]): Span[] {
  const left: Span[] = [];
  let from = whole.from;
  for (const other of merged(others)) {
    if (other.from >= whole.to) break;
    if (other.to <= from) continue;
    if (other.from > from) left.push({ from, to: other.from });
    from = other.to;
  }
  if (from < whole.to) left.push({ from, to: whole.to });
  return left;
}

const SECOND = 1000;

/** Widened to whole seconds: a second that was touched counts. */
export function inWholeSeconds({ from, to }: Span): Span {
  return { from: floorSecond(from), to: ceilSecond(to) };
}

export function floorSecond(at: Instant): Instant {
  return Math.floor(at / SECOND) * SECOND;
}

export function ceilSecond(at: Instant): Instant {
  return Math.ceil(at / SECOND) * SECOND;
}
