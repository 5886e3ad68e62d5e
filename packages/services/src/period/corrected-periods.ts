import type { Handle } from '@upheld/db/database.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Interval } from '@upheld/domain/time/interval.ts';
import { parseInstant } from '@upheld/domain/time/zoned.ts';
import { componentsOf } from '../components.ts';
import type { Actor, Context } from '../context.ts';
import { coverOf, referenceOf } from '../read/facts.ts';
import { readFactsOf, type FactsQuery } from '../read/read-statement.ts';
import { addRevision } from './add-revision.ts';
import { carryOver } from './carry-over.ts';
import { currentTouching, type ClosedRow } from './closed.ts';
import type { Frozen } from './document.ts';
import { published } from './published.ts';

/** What a correction does, or would do, to what is recorded. */
export interface CorrectionEffect {
  componentId: string;
  /** What it says something about. */
  touched: Interval;
  /** The corrections without it and with it; by default those that are recorded. */
  before?: FactsQuery['suppose'];
  after?: FactsQuery['suppose'];
  now: Instant;
}

/** A closed period of which a correction makes a new revision, and what will be in it. */
export interface CorrectedPeriod {
  row: ClosedRow;
  frozen: Frozen;
}

// A cap counts the windows of a calendar month, so work can change what is said of the month after it.
const REACH_MS = 62 * 86_400_000;

/**
 * The closed periods whose facts a correction changes. Each is judged by the agreement that was frozen with
 * it; one that the configuration no longer knows stays as it is.
 */
export async function correctedPeriods(
  ctx: Context,
  h: Handle,
  { componentId, touched, before, after, now }: CorrectionEffect,
): Promise<CorrectedPeriod[]> {
  const component = componentsOf(ctx.config()).get(componentId);
  if (!component) return [];
  const cover = coverOf(component, ctx.agreements());
  const near = { from: touched.from - REACH_MS, to: touched.to + REACH_MS };
  const found: CorrectedPeriod[] = [];
  for (const row of await currentTouching(h, componentId, near)) {
    const current = cover.find((one) => referenceOf(one) === row.agreement);
    if (!current) continue;
    const { document, agreement } = published(row);
    const { facts, agreementText } = document;
    const covered = { ...current, agreement };
    const span = { from: row.spanFrom, to: row.spanTo };
    const asOf = parseInstant(document.statement.asOf);
    const asked = { period: facts.period, span, asOf, knownAt: now };
    const read = async (suppose: FactsQuery['suppose']) =>
      (await readFactsOf(ctx, h, { covered, asked, now, suppose })).facts;
    const corrected = carryOver(facts, await read(before), await read(after));
    if (JSON.stringify(corrected) !== JSON.stringify(carryOver(facts, facts, facts)))
      found.push({ row, frozen: { facts: corrected, agreementText } });
  }
  return found;
}

/**
 * Gives them their new revisions, for the reason of the correction. Call `auditRevision` with each of them
 * and the one before it, last in the transaction.
 */
export async function reviseCorrected(
  h: Handle,
  ctx: Pick<Context, 'ids'>,
  actor: Actor,
  periods: readonly CorrectedPeriod[],
  why: { reason: string; correctionId: string; now: Instant },
): Promise<{ added: ClosedRow; before: ClosedRow }[]> {
  const made: { added: ClosedRow; before: ClosedRow }[] = [];
  for (const { row, frozen } of periods) {
    const { componentId, agreement, period } = row;
    const added = await addRevision(h, ctx, actor, {
      key: { componentId, agreement, period },
      span: { from: row.spanFrom, to: row.spanTo },
      before: row,
      frozen,
      ...why,
    });
    made.push({ added, before: row });
  }
  return made;
}
