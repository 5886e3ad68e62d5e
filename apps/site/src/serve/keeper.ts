/** Keeps what was used last, up to a number of bytes. */
export interface Keeper<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
}

export function keeper<T>(maxBytes: number, sizeOf: (value: T) => number): Keeper<T> {
  const kept = new Map<string, T>();
  let bytes = 0;
  const drop = (key: string): void => {
    const old = kept.get(key);
    if (old === undefined) return;
    bytes -= sizeOf(old);
    kept.delete(key);
  };
  return {
    get(key) {
      const found = kept.get(key);
      // A Map keeps the order of insertion: what is used goes to its end.
      if (found !== undefined) {
        kept.delete(key);
        kept.set(key, found);
      }
      return found;
    },
    set(key, value) {
      drop(key);
      bytes += sizeOf(value);
      kept.set(key, value);
      for (const oldest of kept.keys()) {
        if (bytes <= maxBytes || oldest === key) break;
        drop(oldest);
      }
    },
  };
}
