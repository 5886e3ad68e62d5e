import type { Kit } from '../kit.ts';

export function auditTables(k: Kit) {
  // Append-only, held by a trigger, and chained: each row's hash covers the hash of the row before it.
  const auditLog = k.table(
    'audit_log',
    {
      /** 1, 2, 3 …: a missing row shows. */
      seq: k.int('seq').primaryKey(),
      at: k.instant('at').notNull(),
      actor: k.text('actor').notNull(),
      /** 'console', 'api', 'cli' or 'product'. */
      via: k.text('via').notNull(),
      /** The network address that it came from, of a command user@host; null for the product itself. */
      address: k.text('address'),
      action: k.text('action').notNull(),
      subject: k.text('subject').notNull(),
      before: k.json<unknown>('before'),
      after: k.json<unknown>('after'),
      previousHash: k.text('previous_hash').notNull(),
      hash: k.text('hash').notNull(),
    },
    (t) => [k.index('audit_log_subject').on(t.subject, t.seq)],
  );
  return { auditLog };
}
