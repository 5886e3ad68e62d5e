import { AsyncLocalStorage } from 'node:async_hooks';

const inside = new AsyncLocalStorage<true>();

/** Runs `work` unless a transaction of this call chain is open: nesting would wait for itself. */
export function notNested<T>(work: () => Promise<T>): Promise<T> {
  if (inside.getStore()) return Promise.reject(new Error('transact called inside transact'));
  return inside.run(true, work);
}
