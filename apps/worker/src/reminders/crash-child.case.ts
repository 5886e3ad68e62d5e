/*
 * A reminding process for crash.test.ts: reminds on the database file that it is given, at the moment
 * that it is given, and says so just before. It knows no way to stop but a signal.
 */
import { loadAgreementBook } from '@upheld/config/agreements.ts';
import { openDatabase } from '@upheld/db/open.ts';
import { fixedShelf } from '@upheld/services/agreement/shelf.ts';
import type { Context } from '@upheld/services/context.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { countingIds } from '@upheld/testkit/ids.ts';
import { recordingLog } from '@upheld/testkit/log.ts';
import { startReminders } from './start-reminders.ts';

const [file = '', life = '', now = ''] = process.argv.slice(2);
const config = testConfig();
const book = loadAgreementBook();
const ctx: Context = {
  db: await openDatabase({ kind: 'sqlite', file }),
  clock: {
    now: () => Number(now),
    sleep: () => new Promise((resolve) => setTimeout(resolve, 1000)),
  },
  ids: countingIds(`life-${life.padStart(3, '0')}`),
  log: recordingLog(),
  config: () => config,
  agreements: () => book,
  shelf: fixedShelf(book),
};
process.send?.('begins');
startReminders(ctx, { onWritten: () => process.send?.('written') });
