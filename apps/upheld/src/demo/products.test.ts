import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { flapping, slow, startSimulated, steady } from './products.ts';

/** Answers of a product at seconds after its start. */
async function statuses(
  make: (now: () => number) => Parameters<typeof startSimulated>[0],
  seconds: readonly number[],
): Promise<number[]> {
  let now = 0;
  const product = await startSimulated(make(() => now));
  const seen: number[] = [];
  for (const second of seconds) {
    now = second * 1000;
    seen.push((await fetch(product.url)).status);
  }
  await product.close();
  return seen;
}

describe('a simulated product', () => {
  it('that is steady always answers', async () => {
    assert.deepEqual(await statuses(() => steady, [0, 30, 300]), [200, 200, 200]);
  });

  it('that flaps is broken soon, and then again and again', async () => {
    const at = [0, 19, 20, 64, 65, 214, 215, 259, 260];
    const expected = [200, 200, 503, 503, 200, 200, 503, 503, 200];
    assert.deepEqual(await statuses(flapping, at), expected);
  });

  it('that is slow always answers in the end', async () => {
    assert.deepEqual(await statuses(slow, [0, 300]), [200, 200]);
  });
});
