import type { Kit } from '../kit.ts';

/** What managers settle: periods that are closed, and versions of agreements that were adopted here. */
export function agreementTables(k: Kit) {
  // Append-only, held by a trigger: a correction is a new revision beside it, never an overwrite.
  const closedPeriods = k.table(
    'closed_periods',
    {
      id: k.id('id').primaryKey(),
      componentId: k.id('component_id').notNull(),
      /** As the public knows the agreement. */
      agreement: k.text('agreement').notNull(),
      /** In one word, as `periodText` writes it. */
      period: k.text('period').notNull(),
      spanFrom: k.instant('span_from').notNull(),
      spanTo: k.instant('span_to').notNull(),
      /** 1, 2, 3 … of one period. */
      revision: k.int('revision').notNull(),
      /** Facts, agreement and statement as one text; what is published of the period. */
      document: k.text('document').notNull(),
      /** SHA-256 of `document`, which names the hash of the revision before it. */
      hash: k.text('hash').notNull(),
      /** Why there is a revision after the first one. */
      reason: k.text('reason'),
      /** The correction that made it, where one did. */
      correctionId: k.id('correction_id'),
      closedAt: k.instant('closed_at').notNull(),
      closedBy: k.text('closed_by').notNull(),
    },
    (t) => [
      k.uniqueIndex('closed_periods_revision').on(t.componentId, t.agreement, t.period, t.revision),
      k.index('closed_periods_span').on(t.componentId, t.spanFrom),
    ],
  );

  // What was agreed later than the file of an agreement says. Withdrawn only before it is in force.
  const agreementVersions = k.table(
    'agreement_versions',
    {
      id: k.id('id').primaryKey(),
      /** As the public knows the agreement: a file that is moved keeps its versions. */
      agreement: k.text('agreement').notNull(),
      label: k.text('label').notNull(),
      /** YYYY-MM-DD in the zone of the agreement. */
      validFrom: k.text('valid_from').notNull(),
      /** YAML of one item of `versions`, as somebody wrote it. */
      source: k.text('source').notNull(),
      reason: k.text('reason').notNull(),
      adoptedAt: k.instant('adopted_at').notNull(),
      adoptedBy: k.text('adopted_by').notNull(),
      withdrawnAt: k.instant('withdrawn_at'),
      withdrawnBy: k.text('withdrawn_by'),
      withdrawnReason: k.text('withdrawn_reason'),
      /** 'yes', or null once withdrawn: two that hold never begin on one day. */
      holds: k.text('holds'),
      version: k.int('version').notNull(),
    },
    (t) => [k.uniqueIndex('agreement_versions_day').on(t.agreement, t.validFrom, t.holds)],
  );

  return { closedPeriods, agreementVersions };
}
