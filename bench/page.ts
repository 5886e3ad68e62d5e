/*
 * Requests per second and p99 of the status page beside a static file of the same size, both served
 * by one `upheld serve`, in turns so that both meet the same machine.
 */
import autocannon from 'autocannon';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serveUpheld } from '../test/support/upheld-process.ts';
import { freePort, quantile, report } from './support.ts';

const CLIENT = fileURLToPath(new URL('../apps/site/dist/client', import.meta.url));
const ROUNDS = 5;
const SECONDS = 2;

const data = mkdtempSync(join(tmpdir(), 'upheld-bench-'));
const port = await freePort();
const env = { PORT: String(port), UPHELD_DATA: data, UPHELD_CONFIG: join(data, 'upheld.yaml') };
const staticFile = join(CLIENT, 'bench.html');
// The static server may read its folder once, at start: the file must be there before.
writeFileSync(staticFile, 'x'.repeat(20_000));
const upheld = await serveUpheld(env);
try {
  const page = await fetch(`${upheld.url}/`);
  const size = (await page.text()).length;
  writeFileSync(staticFile, 'x'.repeat(size));
  console.log(
    `the page is ${size} bytes, ${ROUNDS} rounds of ${SECONDS} s with 20 connections each`,
  );
  const rates: Record<'page' | 'file', number[]> = { page: [], file: [] };
  const p99s: Record<'page' | 'file', number[]> = { page: [], file: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, path] of [
      ['page', '/'],
      ['file', '/bench.html'],
    ] as const) {
      const result = await autocannon({
        url: upheld.url + path,
        connections: 20,
        duration: SECONDS,
      });
      if (result.non2xx > 0 || result.errors > 0)
        throw new Error(`${path}: ${result.non2xx} answers were not good, ${result.errors} errors`);
      rates[name].push(result.requests.average);
      p99s[name].push(result.latency.p99);
    }
  }
  report(
    'status page, requests per second',
    quantile(rates.page, 0.5),
    quantile(rates.file, 0.5),
    '/s',
    'ratio >= 0.50',
  );
  report(
    'status page, p99',
    quantile(p99s.page, 0.5),
    quantile(p99s.file, 0.5),
    'ms',
    'ratio <= 2.00',
  );
} finally {
  await upheld.stop();
  rmSync(staticFile, { force: true });
  rmSync(data, { recursive: true, force: true });
}
