import { adoptVersion } from '@upheld/services/agreement/adopt-version.ts';
import { testContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { startAgreements } from './start-agreements.ts';

const SECONDS = 1000;
const AGREEMENT = 'spotonmedics';

eachDatabase('a process beside the one in which a version is adopted', (databases) => {
  it('judges by it within seconds, and says so once', async () => {
    const db = await databases.open();
    const [here, there] = [testContext(db), testContext(db, { idPrefix: 'there' })];
    const versions = (): number => there.agreements().get(AGREEMENT).document.versions.length;
    const loop = startAgreements(there);
    const asleep = async (): Promise<void> => {
      while (there.clock.sleepers === 0) await new Promise((resolve) => setImmediate(resolve));
    };
    await asleep();
    await adoptVersion(
      here,
      { name: 'Mia' },
      {
        agreement: AGREEMENT,
        source: 'label: x\nvalidFrom: 2027-01-01\nreplaces: { zone: UTC }\n',
        reason: 'agreed',
      },
    );
    assert.equal(versions(), 0);
    await there.clock.advance(2 * SECONDS);
    await asleep();
    await there.clock.advance(2 * SECONDS);
    await asleep();
    assert.equal(versions(), 1);
    assert.equal(there.log.lines.length, 1);
    await loop.stop();
  });
});
