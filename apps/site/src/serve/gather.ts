/**
 * Answers all who ask in the same turn of the event loop with one question, put after the last of
 * them asked: nobody gets an answer older than their own asking.
 */
export function gather<T>(ask: () => T | Promise<T>): () => Promise<T> {
  let waiting: Promise<T> | null = null;
  return () =>
    (waiting ??= new Promise<void>((resolve) => {
      setImmediate(resolve);
    }).then(() => {
      waiting = null;
      return ask();
    }));
}

/** Rejects when the promise takes longer than `ms`; what it does is not stopped by that. */
export async function within<T>(ms: number, promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
