import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** Prints one line of a benchmark: what, its figure, its floor, and the one over the other. */
export function report(
  what: string,
  figure: number,
  floor: number,
  unit: string,
  goal: string,
): void {
  const ratio = figure / floor;
  console.log(
    `${what.padEnd(44)} ${round(figure)} ${unit} | floor ${round(floor)} ${unit} | ratio ${ratio.toFixed(2)} | goal ${goal}`,
  );
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** A TCP port of this machine that nobody listens on now. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** The q-quantile of samples by nearest rank. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}
