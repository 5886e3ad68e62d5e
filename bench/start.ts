/*
 * Time from process start to the first served page with 1,000 monitors, beside the floor: the time in
 * which the same Node starts and serves one line. Then: that every monitor was checked within one interval.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveUpheld } from '../test/support/upheld-process.ts';
import { freePort, report } from './support.ts';

const MONITORS = 1000;
const INTERVAL_S = 20;

const seen = new Set<string>();
const all = Promise.withResolvers<number>();
const product = createServer((request, response) => {
  response.end('ok');
  seen.add(request.url ?? '');
  if (seen.size === MONITORS) all.resolve(performance.now());
}).listen(0, '127.0.0.1');
await once(product, 'listening');
const target = (product.address() as AddressInfo).port;

const data = mkdtempSync(join(tmpdir(), 'upheld-bench-'));
const port = await freePort();
const config = join(data, 'upheld.yaml');
writeFileSync(config, configOf(target));

const floor = await bareStart();
const began = performance.now();
const upheld = await serveUpheld({ PORT: String(port), UPHELD_DATA: data, UPHELD_CONFIG: config });
try {
  const response = await fetch(`${upheld.url}/`);
  await response.text();
  if (!response.ok) throw new Error(`the page answered ${response.status}`);
  report(
    `first page with ${MONITORS} monitors`,
    performance.now() - began,
    floor,
    'ms',
    'under 2000 ms',
  );
  const scheduled = await all.promise;
  report(
    'every monitor checked once',
    (scheduled - began) / 1000,
    INTERVAL_S,
    's',
    `within one interval after the start`,
  );
} finally {
  await upheld.stop();
  product.close();
  product.closeAllConnections();
  rmSync(data, { recursive: true, force: true });
}

async function bareStart(): Promise<number> {
  const bare = await freePort();
  const code = `require('node:http').createServer((q,r)=>r.end('x')).listen(${bare},'127.0.0.1',()=>console.log('up'))`;
  const start = performance.now();
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  await (await fetch(`http://127.0.0.1:${bare}/`)).text();
  const took = performance.now() - start;
  child.kill();
  return took;
}

function configOf(targetPort: number): string {
  const component = (n: number): object => ({
    id: `c${n}`,
    name: `Component ${n}`,
    monitors: [
      {
        id: `m${n}`,
        kind: 'http',
        url: `http://127.0.0.1:${targetPort}/${n}`,
        interval: `${INTERVAL_S}s`,
        timeout: '5s',
      },
    ],
  });
  // JSON is YAML.
  return JSON.stringify({
    organisation: { name: 'Bench' },
    pages: [{ id: 'main', title: 'Bench' }],
    groups: [
      {
        id: 'all',
        name: 'All',
        components: Array.from({ length: MONITORS }, (_, n) => component(n)),
      },
    ],
    probing: { allow: ['127.0.0.0/8'], concurrency: 200 },
  });
}
