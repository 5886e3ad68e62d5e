/*
 * A measuring process for crash.test.ts: probes two products on the database file that it is given, on
 * the machine's own clock, and says so when something was stored. It knows no way to stop but a signal.
 */
import { loadAgreementBook } from '@upheld/config/agreements.ts';
import { openDatabase } from '@upheld/db/open.ts';
import { resumeMeasuring } from '@upheld/services/check/resume.ts';
import { fixedShelf } from '@upheld/services/agreement/shelf.ts';
import type { Context } from '@upheld/services/context.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { countingIds } from '@upheld/testkit/ids.ts';
import { recordingLog } from '@upheld/testkit/log.ts';
import { setTimeout as timer } from 'node:timers/promises';
import { startProbing } from './start-probing.ts';

const [file = '', life = '', steadyUrl = '', shakyUrl = ''] = process.argv.slice(2);

const monitor = (id: string, url: string) => ({
  id,
  name: id,
  agreements: [{ agreement: 'standard' }],
  monitors: [
    {
      id: `${id}-web`,
      kind: 'http' as const,
      url,
      interval: '100ms',
      retryInterval: '30ms',
      timeout: '2s',
      confirm: { failures: 3, successes: 2 },
    },
  ],
});
const config = testConfig({
  groups: [
    {
      id: 'all',
      name: 'All',
      components: [monitor('steady', steadyUrl), monitor('shaky', shakyUrl)],
    },
  ],
  probing: { allow: ['127.0.0.0/8'] },
});
const book = loadAgreementBook();
const ctx: Context = {
  db: await openDatabase({ kind: 'sqlite', file }),
  clock: {
    now: () => Date.now(),
    sleep: (ms, signal) =>
      timer(ms, undefined, { signal }).catch((error: unknown) => {
        if (!(error instanceof Error && error.name === 'AbortError')) throw error;
      }),
  },
  ids: countingIds(`life-${life.padStart(3, '0')}`),
  log: recordingLog(),
  config: () => config,
  agreements: () => book,
  shelf: fixedShelf(book),
};
await resumeMeasuring(ctx, `worker-${life}`);
startProbing(ctx, {
  workerId: `worker-${life}`,
  onRecorded: () => process.send?.('recorded'),
});
process.send?.('started');
