import type { Instant } from '../ports.ts';

/** A half-open span of time `[from, to)`, never empty. */
export interface Interval {
  readonly from: Instant;
  readonly to: Instant;
}

/** Spans in order that neither overlap nor touch: the one way to write a set of instants. */
export type IntervalSet = readonly Interval[];

/** The set of what any of the spans holds; empty and reversed spans hold nothing. */
export function setOf(spans: readonly Interval[]): IntervalSet {
  const ordered = spans.filter((span) => span.from < span.to).sort((a, b) => a.from - b.from);
  const set: { from: Instant; to: Instant }[] = [];
  for (const { from, to } of ordered) {
    const last = set.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else set.push({ from, to });
  }
  return set;
}

/** What both sets hold. */
export function intersect(a: IntervalSet, b: IntervalSet): IntervalSet {
  const set: Interval[] = [];
  let i = 0;
  let j = 0;
  for (;;) {
    const [left, right] = [a[i], b[j]];
    if (!left || !right) return set;
    const from = Math.max(left.from, right.from);
    const to = Math.min(left.to, right.to);
    if (from < to) set.push({ from, to });
    if (left.to < right.to) i += 1;
    else j += 1;
  }
}

/** What `a` holds and `b` does not. */
export function subtract(a: IntervalSet, b: IntervalSet): IntervalSet {
  const set: Interval[] = [];
  let j = 0;
  for (const span of a) {
    let from = span.from;
    for (;;) {
      const hole = b[j];
      if (!hole || hole.from >= span.to) break;
      if (hole.from > from) set.push({ from, to: hole.from });
      from = Math.max(from, hole.to);
      if (hole.to > span.to) break;
      j += 1;
    }
    if (from < span.to) set.push({ from, to: span.to });
  }
  return set;
}

/** What either set holds. */
export function union(a: IntervalSet, b: IntervalSet): IntervalSet {
  if (a.length === 0) return b;
  return b.length === 0 ? a : setOf([...a, ...b]);
}

/** The part of a set within one span. */
export function clip(set: IntervalSet, within: Interval): IntervalSet {
  return intersect(set, within.from < within.to ? [within] : []);
}

/** How long a set is, in milliseconds. */
export function lengthOf(set: IntervalSet): number {
  let length = 0;
  for (const span of set) length += span.to - span.from;
  return length;
}
