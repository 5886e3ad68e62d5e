import { DomainError } from '@upheld/domain/errors.ts';
import type { Statement } from '@upheld/domain/sla/statement-types.ts';
import { statement } from '@upheld/domain/sla/statement.ts';
import type { Interval } from '@upheld/domain/time/interval.ts';
import type { Context } from '../context.ts';
import { factsOf } from '../read/facts.ts';
import { askedOf, cappedFrom } from '../read/read-statement.ts';
import { recordedWithin } from '../read/recorded-within.ts';
import { nothingRecorded, readRecorded } from '../read/recorded.ts';
import { currentRevision, type ClosedRow, type RevisionRow } from './closed.ts';
import { readDocument } from './document.ts';
import { closableAsked, reckon, type ClosableAsked } from './reckon.ts';

/**
 * Whether what is recorded now would give another statement than the one that is published; null where the
 * configuration no longer knows the component, its agreement, or when its contract began.
 */
export async function isChanged(ctx: Context, row: ClosedRow): Promise<boolean | null> {
  const asked = orNull(() => closableAsked(ctx, row));
  const published = orNull(() => readDocument(row.document).statement);
  if (!asked || !published) return null;
  const now = await reckon(ctx, ctx.db.read, asked);
  return !saysTheSame(now.statement, published);
}

/**
 * The same of many published revisions, by their id. What is recorded of a component is read once for all of
 * its periods; only one whose statement then differs is read by itself.
 */
export async function changedAmong(
  ctx: Context,
  rows: readonly RevisionRow[],
): Promise<ReadonlyMap<string, boolean | null>> {
  const changed = new Map<string, boolean | null>();
  for (const own of Map.groupBy(rows, (row) => row.componentId).values()) {
    const now = await statementsNow(ctx, own);
    for (const row of own) {
      const whole = await currentRevision(ctx.db.read, row);
      const published = whole && orNull(() => readDocument(whole.document).statement);
      const again = now.get(row.id);
      const isKept = again && published && saysTheSame(again, published);
      changed.set(row.id, isKept ? false : whole && (await isChanged(ctx, whole)));
    }
  }
  return changed;
}

/** The statements that periods of one component would have now, by the id of the revision. */
async function statementsNow(
  ctx: Context,
  rows: readonly RevisionRow[],
): Promise<ReadonlyMap<string, Statement>> {
  const asked = rows.flatMap((row) => {
    const one = orNull(() => closableAsked(ctx, row));
    return one ? [{ id: row.id, reach: reachOf(one), ...one }] : [];
  });
  const componentId = asked[0]?.key.componentId;
  if (componentId === undefined) return new Map();
  const now = ctx.clock.now();
  const from = Math.min(...asked.map(({ reach }) => reach.from));
  const to = Math.max(...asked.map(({ reach }) => reach.to));
  const query = { span: { from, to }, now, componentId };
  const found = await readRecorded(ctx, ctx.db.read, query);
  const recorded = found.get(componentId) ?? nothingRecorded(query);
  return new Map(
    asked.map(({ id, covered, period, reach }) => {
      const own = recordedWithin(recorded, reach);
      const facts = factsOf(own, covered, askedOf(covered, { period }, now));
      return [id, statement(facts, covered.agreement)];
    }),
  );
}

function reachOf({ covered, span }: ClosableAsked): Interval {
  return { from: cappedFrom(span.from, covered.agreement.document.zone), to: span.to };
}

/** Null for what cannot be made of the configuration, or of a document, as it is now. */
function orNull<T>(make: () => T): T | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}

function saysTheSame(one: Statement, other: Statement): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
