import type { Database } from '@upheld/db/database.ts';
import { eq, gt, sql, type SQL } from '@upheld/db/query.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { beforeEach, describe, it } from 'node:test';
import { announceMaintenance } from '../maintenance/announce-maintenance.ts';
import { cancelMaintenance } from '../maintenance/change-maintenance.ts';
import { openIncident } from '../incident/open-incident.ts';
import { postUpdate } from '../incident/post-update.ts';
import { addSubscriber, removeSubscriber } from '../subscriber/subscribers.ts';
import { linkHash } from './chain.ts';
import { readHead, writeHead } from './head.ts';
import { auditCsv } from './csv.ts';
import { exportAudit, listAudit } from './list.ts';
import { recordAudit } from './record.ts';
import { verifyAudit } from './verify.ts';

const ann = { name: 'Ann', id: 'person-1', via: 'console', address: '203.0.113.7' } as const;
const text = (en: string) => ({ nl: `${en} (nl)`, en });

/** Says something to the database that no verb can. */
async function raw(db: Database, statement: SQL): Promise<void> {
  await db.transact(async ({ q }) => {
    const all = q as unknown as { run(s: SQL): unknown; execute(s: SQL): Promise<unknown> };
    if (db.dialect === 'sqlite') all.run(statement);
    else await all.execute(statement);
  });
}

async function dropTriggers(db: Database): Promise<void> {
  if (db.dialect === 'postgres')
    return raw(db, sql.raw('drop trigger audit_log_append_only on audit_log'));
  await raw(db, sql.raw('drop trigger audit_log_no_update'));
  await raw(db, sql.raw('drop trigger audit_log_no_delete'));
}

eachDatabase('the audit log', (databases) => {
  let ctx: TestContext;
  beforeEach(async () => {
    ctx = testContext(await databases.open());
  });
  const record = (subject: string) =>
    ctx.db.transact((h) =>
      recordAudit(h, ctx, ann, {
        action: 'thing.change',
        subject,
        before: { z: 1, a: 'é\n"', at: null },
        after: { nested: [{ b: 2, a: 1 }], n: 1.5 },
      }),
    );
  const rows = () => listAudit(ctx, { limit: 100 });

  describe('keeps what people changed', () => {
    it('of an incident: by whom, from where, how it was and how it is', async () => {
      const { id } = await openIncident(ctx, ann, {
        title: text('Slow'),
        componentIds: ['fysioone'],
        body: text('We look.'),
      });
      await ctx.clock.advance(1000);
      await postUpdate(ctx, ann, { incidentId: id, status: 'resolved', body: text('It works.') });
      const [update, opened] = await rows();
      assert.equal(opened?.action, 'incident.open');
      const after = update?.after as { status: string; text: object };
      assert.deepEqual([after.status, after.text], ['resolved', text('It works.')]);
      assert.deepEqual(
        { ...update, after, hash: '' },
        {
          seq: 2,
          at: ctx.clock.now(),
          actor: 'Ann',
          via: 'console',
          address: '203.0.113.7',
          action: 'incident.update',
          subject: id,
          before: { status: 'investigating' },
          after,
          hash: '',
        },
      );
    });

    it('and nothing of what was refused', async () => {
      const { maintenance } = await announceMaintenance(ctx, ann, {
        componentIds: ['fysioone'],
        from: ctx.clock.now() + 3_600_000,
        to: ctx.clock.now() + 7_200_000,
        text: text('Upgrade'),
      });
      const cancel = () =>
        cancelMaintenance(ctx, ann, { maintenanceId: maintenance.id, text: text('Not today') });
      await cancel();
      await assert.rejects(cancel());
      assert.deepEqual(
        (await rows()).map(({ action }) => action),
        ['maintenance.cancel', 'maintenance.announce'],
      );
    });

    it('but no address of a subscriber', async () => {
      const address = 'johan.jansen@example.com';
      const { id } = await addSubscriber(ctx, ann, { channel: 'email', address });
      await removeSubscriber(ctx, ann, id);
      const kept = await rows();
      assert.deepEqual(
        kept.map(({ action, subject }) => [action, subject]),
        [
          ['subscriber.remove', id],
          ['subscriber.add', id],
        ],
      );
      assert.ok(!JSON.stringify(kept).includes('jansen'));
    });

    it('and gives it a page at a time, by subject and by who did it', async () => {
      for (const subject of ['a', 'b', 'a', 'a']) await record(subject);
      const seqs = async (query: Parameters<typeof listAudit>[1]) =>
        (await listAudit(ctx, query)).map(({ seq }) => seq);
      assert.deepEqual(await seqs({ subject: 'a', limit: 2 }), [4, 3]);
      assert.deepEqual(await seqs({ subject: 'a', limit: 2, before: 3 }), [1]);
      assert.deepEqual(await seqs({ actor: 'Bob', limit: 2 }), []);
    });

    it('and by what was done, from where and when', async () => {
      const add = (action: string, address?: string) =>
        ctx.db.transact((h) =>
          recordAudit(
            h,
            ctx,
            { ...ann, ...(address ? { address } : {}) },
            { action, subject: 's' },
          ),
        );
      const start = ctx.clock.now();
      for (const action of ['token.create', 'token.revoke', 'tokens.other', 'ticket.close']) {
        await add(action);
        await ctx.clock.advance(1000);
      }
      await add('token.create', '198.51.100.7');
      const seqs = async (filter: object) =>
        (await listAudit(ctx, { ...filter, limit: 9 })).map(({ seq }) => seq);
      assert.deepEqual(await seqs({ action: 'token' }), [5, 2, 1]);
      assert.deepEqual(await seqs({ action: 'token.create' }), [5, 1]);
      for (const action of ['%', 'tok', '_oken', 'Token'])
        assert.deepEqual(await seqs({ action }), [], action);
      assert.deepEqual(await seqs({ address: '198.51.100.7' }), [5]);
      assert.deepEqual(await seqs({ from: start + 1000, to: start + 3000 }), [3, 2]);
      assert.deepEqual(await seqs({ action: 'token', to: start + 1000 }), [1]);
    });

    it('and gives all that fits as a table, in which nothing is a formula', async () => {
      for (let n = 0; n < 1003; n += 1) await record(n % 2 === 0 ? 'a' : 'b');
      await ctx.db.transact((h) =>
        recordAudit(
          h,
          ctx,
          { ...ann, name: '=HYPERLINK("x")' },
          {
            ...{ action: 'thing.change', subject: '+1', after: { title: '@SUM(1)' } },
          },
        ),
      );
      assert.equal((await exportAudit(ctx, { subject: 'a' })).length, 502);
      const all = await exportAudit(ctx, {});
      assert.deepEqual(
        all.map(({ seq }) => seq),
        Array.from({ length: 1004 }, (_, n) => 1004 - n),
      );
      const lines = auditCsv(all).split('\r\n');
      assert.equal(lines.length, 1006);
      assert.equal(lines[0], 'number,at,actor,via,address,action,subject,before,after,hash');
      assert.match(
        lines[1] ?? '',
        /^1004,20[^,]+Z,"'=HYPERLINK\(""x""\)",console,[^,]+,thing\.change,'\+1,,"\{""title"":/,
      );
    });

    it('for ever: the database refuses to change or delete a row', async () => {
      await record('a');
      for (const statement of ["update audit_log set actor = 'x'", 'delete from audit_log'])
        await assert.rejects(raw(ctx.db, sql.raw(statement)), (error: Error) =>
          /append-only/.test(inspect(error)),
        );
    });
  });

  describe('is verified from its start', () => {
    it('also when it is empty, and over more rows than fit in one read', async () => {
      assert.deepEqual(await verifyAudit(ctx), {
        ok: true,
        rows: 0,
        head: { seq: 0, hash: '0'.repeat(64) },
      });
      await ctx.db.transact(async (h) => {
        for (let n = 0; n < 1203; n += 1)
          await recordAudit(h, ctx, ann, { action: 'thing.change', subject: `s${n}` });
      });
      const verdict = await verifyAudit(ctx);
      assert.deepEqual([verdict.ok, verdict.rows], [true, 1203]);
    });

    it('while others add to it', async () => {
      await record('a');
      const adding = Promise.all(Array.from({ length: 20 }, (_, n) => record(`s${n}`)));
      for (let n = 0; n < 5; n += 1) assert.equal((await verifyAudit(ctx)).ok, true);
      await adding;
      assert.equal((await verifyAudit(ctx)).rows, 21);
    });
  });

  describe('betrays', () => {
    type Change = (db: Database) => Promise<unknown>;
    const put =
      (seq: number, values: object): Change =>
      (db) =>
        db.transact(({ q, t }) =>
          q.update(t.auditLog).set(values).where(eq(t.auditLog.seq, seq)).returning(),
        );
    const drop =
      (condition: (db: Database) => SQL): Change =>
      (db) =>
        db.transact(({ q, t }) => q.delete(t.auditLog).where(condition(db)).returning());
    const cases: [what: string, change: Change, seq: number, fault: object][] = [
      ['a changed word', put(3, { after: { n: 2 } }), 3, { kind: 'changed' }],
      ['another name', put(1, { actor: 'Bob' }), 1, { kind: 'changed' }],
      ['another moment', put(6, { at: 1 }), 6, { kind: 'changed' }],
      [
        'a row that was written anew, with a hash that fits it',
        async (db) => {
          const { q, t } = db.read;
          const [row] = await q.select().from(t.auditLog).where(eq(t.auditLog.seq, 3));
          const hash = linkHash({ ...row!, actor: 'Bob' });
          await put(3, { actor: 'Bob', hash })(db);
        },
        4,
        { kind: 'unlinked' },
      ],
      ['a missing row', drop((db) => eq(db.read.t.auditLog.seq, 4)), 4, { kind: 'missing' }],
      ['a missing first row', drop((db) => eq(db.read.t.auditLog.seq, 1)), 1, { kind: 'missing' }],
      [
        'rows in another order',
        async (db) => {
          await put(2, { seq: 99 })(db);
          await put(5, { seq: 2 })(db);
          await put(99, { seq: 5 })(db);
        },
        2,
        { kind: 're-ordered', was: 5 },
      ],
      [
        'rows that were cut off at the end',
        drop((db) => gt(db.read.t.auditLog.seq, 4)),
        5,
        { kind: 'cut-off', last: 6 },
      ],
      [
        'that all of it is gone',
        drop((db) => gt(db.read.t.auditLog.seq, 0)),
        1,
        { kind: 'cut-off', last: 6 },
      ],
      [
        'a head that was set back',
        (db) =>
          db.transact(async (h) => {
            const [row] = await h.q.select().from(h.t.auditLog).where(eq(h.t.auditLog.seq, 4));
            await writeHead(h, { seq: 4, hash: row!.hash });
          }),
        5,
        { kind: 'other-head' },
      ],
      [
        'a head that is gone',
        (db) =>
          db.transact(({ q, t }) =>
            q.delete(t.settings).where(eq(t.settings.key, 'audit-head')).returning(),
          ),
        6,
        { kind: 'no-head' },
      ],
    ];
    for (const [what, change, seq, fault] of cases)
      it(what, async () => {
        for (let n = 1; n <= 6; n += 1) await record(`s${n}`);
        assert.equal((await verifyAudit(ctx)).ok, true);
        await dropTriggers(ctx.db);
        await change(ctx.db);
        const verdict = await verifyAudit(ctx);
        assert.deepEqual(verdict.ok ? verdict : { seq: verdict.seq, fault: verdict.fault }, {
          seq,
          fault,
        });
      });

    it('a chain that is whole and new, to who noted the head of the old one', async () => {
      for (let n = 1; n <= 3; n += 1) await record(`s${n}`);
      const noted = (await readHead(ctx.db.read))!;
      await record('s4');
      assert.equal((await verifyAudit(ctx, noted)).ok, true);
      await dropTriggers(ctx.db);
      await drop(() => sql`true`)(ctx.db);
      await raw(ctx.db, sql.raw("delete from settings where key = 'audit-head'"));
      for (let n = 1; n <= 2; n += 1) await record(`other${n}`);
      assert.equal((await verifyAudit(ctx)).ok, true);
      assert.deepEqual(await verifyAudit(ctx, noted), {
        ...{ ok: false, rows: 2, seq: 3 },
        fault: { kind: 'cut-off', last: 3 },
      });
      await record('other3');
      assert.deepEqual(await verifyAudit(ctx, noted), {
        ...{ ok: false, rows: 2, seq: 3 },
        fault: { kind: 'other-than-noted' },
      });
    });
  });
});
