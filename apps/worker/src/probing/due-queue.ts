import type { Instant } from '@upheld/domain/ports.ts';

interface Waiting<T> {
  due: Instant;
  item: T;
}

/** What is due when: a binary heap, so that ten thousand monitors cost a few comparisons each. */
export class DueQueue<T> {
  #heap: Waiting<T>[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** When the first one is due; null when there is none. */
  get nextDue(): Instant | null {
    return this.#heap[0]?.due ?? null;
  }

  push(item: T, due: Instant): void {
    this.#heap.push({ due, item });
    this.#rise(this.#heap.length - 1);
  }

  /** Takes the first one that is due by `now`; undefined when none is. */
  takeDue(now: Instant): Waiting<T> | undefined {
    const first = this.#heap[0];
    if (!first || first.due > now) return undefined;
    const last = this.#heap.pop();
    if (last && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink();
    }
    return first;
  }

  /** Gives every item another moment, or takes it out (null). */
  reschedule(dueOf: (item: T, due: Instant) => Instant | null): void {
    const all = this.#heap;
    this.#heap = [];
    for (const { item, due } of all) {
      const next = dueOf(item, due);
      if (next !== null) this.push(item, next);
    }
  }

  #rise(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfEarlier(index, parent)) return;
      index = parent;
    }
  }

  #sink(): void {
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const leftDue = this.#heap[left]?.due ?? Infinity;
      const rightDue = this.#heap[left + 1]?.due ?? Infinity;
      const child = rightDue < leftDue ? left + 1 : left;
      if (!this.#swapIfEarlier(child, index)) return;
      index = child;
    }
  }

  #swapIfEarlier(lower: number, upper: number): boolean {
    const [below, above] = [this.#heap[lower], this.#heap[upper]];
    if (!below || !above || below.due >= above.due) return false;
    this.#heap[lower] = above;
    this.#heap[upper] = below;
    return true;
  }
}
