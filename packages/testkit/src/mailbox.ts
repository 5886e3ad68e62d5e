interface Waiter<T> {
  matches: (item: T) => boolean;
  take: (item: T) => void;
}

/** What arrived, in order, and a way to wait for what is still to come. */
export class Arrivals<T> {
  readonly all: T[] = [];
  #waiters: Waiter<T>[] = [];

  add(item: T): void {
    this.all.push(item);
    const [met, others] = [[] as Waiter<T>[], [] as Waiter<T>[]];
    for (const waiter of this.#waiters) (waiter.matches(item) ? met : others).push(waiter);
    this.#waiters = others;
    for (const { take } of met) take(item);
  }

  /** The first that arrives after this call and matches. */
  next(matches: (item: T) => boolean = () => true): Promise<T> {
    return new Promise((take) => this.#waiters.push({ matches, take }));
  }
}
