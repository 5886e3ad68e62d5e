import { adoptVersion } from '@upheld/services/agreement/adopt-version.ts';
import { testContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { agreedRevision } from './web-role.ts';

eachDatabase('the revision that pages are made for', (databases) => {
  it('is given only when what was adopted by then is known', async () => {
    const db = await databases.open();
    const [here, there] = [testContext(db), testContext(db, { idPrefix: 'there' })];
    const revision = agreedRevision(there);
    const before = await revision();
    await adoptVersion(
      here,
      { name: 'Mia' },
      {
        agreement: 'spotonmedics',
        source: 'label: x\nvalidFrom: 2027-01-01\nreplaces: { zone: UTC }\n',
        reason: 'agreed',
      },
    );
    assert.equal(there.agreements().get('spotonmedics').document.versions.length, 0);
    assert.ok((await revision()) > before);
    assert.equal(there.agreements().get('spotonmedics').document.versions.length, 1);
  });
});
