import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { bumpRevision, readRevision, revisionReader } from './revision.ts';

eachDatabase('the revision of what a page shows', (databases) => {
  it('begins at 0 and grows by one with every change, however it is read', async () => {
    const db = await databases.open();
    const read = revisionReader(db.read);
    assert.deepEqual([await readRevision(db.read), await read()], [0, 0]);
    for (let n = 1; n <= 3; n += 1) {
      await db.transact((h) => bumpRevision(h));
      assert.deepEqual([await readRevision(db.read), await read()], [n, n]);
    }
  });

  it('loses no change of two that come at once', async () => {
    const db = await databases.open();
    const other = await databases.again();
    await Promise.all([db, other, db, other].map((one) => one.transact((h) => bumpRevision(h))));
    assert.equal(await readRevision(db.read), 4);
  });
});
