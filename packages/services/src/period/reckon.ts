import { publicTextOf } from '@upheld/config/agreement-text.ts';
import type { Handle } from '@upheld/db/database.ts';
import type { DomainError } from '@upheld/domain/errors.ts';
import type { Facts } from '@upheld/domain/sla/facts.ts';
import { parsePeriod, periodText } from '@upheld/domain/sla/period-text.ts';
import { spanOf } from '@upheld/domain/sla/period.ts';
import type { Statement } from '@upheld/domain/sla/statement-types.ts';
import { statement } from '@upheld/domain/sla/statement.ts';
import { lengthOf, type Interval } from '@upheld/domain/time/interval.ts';
import { formatInstant, localDate, parseInstant } from '@upheld/domain/time/zoned.ts';
import type { Context } from '../context.ts';
import { invalidInput } from '../input.ts';
import { referenceOf, type Covered } from '../read/facts.ts';
import { coveredBy, readCoveredIn } from '../read/read-statement.ts';
import { isClosable, type ClosablePeriod, type PeriodKey } from './closed.ts';
import { agreementOf, hashOf, type Frozen } from './document.ts';

/** A period that can be closed, of a component and an agreement that are known. */
export interface ClosableAsked {
  covered: Covered;
  period: ClosablePeriod;
  span: Interval;
  key: PeriodKey;
}

export interface PeriodQuery {
  componentId: string;
  /** By default the leading agreement. */
  agreement?: string | undefined;
  /** In one word, such as 2026-10. */
  period: string;
}

/**
 * What a period means that somebody wants to close. Throws DomainError: 'not-found'; 'invalid-input' for one
 * that is not over, or that no two people would count alike.
 */
export function closableAsked(ctx: Context, query: PeriodQuery): ClosableAsked {
  const covered = coveredBy(ctx, query);
  const { zone } = covered.agreement.document;
  const period = parsePeriod(query.period);
  if (!period || !isClosable(period))
    throw fault(
      'is none that can be closed; write a month (2026-10), a year (2026) or a contract year (contract-year:2024-03-01:2)',
    );
  if (period.kind === 'contract-year' && period.start !== covered.use.contractStart)
    throw fault(otherStart(covered));
  const span = spanOf(period, zone);
  if (span.to > ctx.clock.now())
    throw fault(
      `is not over; it ends on ${localDate(span.to, zone)} at midnight (${formatInstant(span.to)})`,
    );
  const agreement = referenceOf(covered);
  const key = { componentId: covered.component.id, agreement, period: periodText(period) };
  return { covered, period, span, key };
}

function otherStart({ component, use }: Covered): string {
  return use.contractStart === undefined
    ? `is unknown: nobody configured when the contract of ${component.id} began (contractStart)`
    : `counts from another day; the contract of ${component.id} began on ${use.contractStart}`;
}

function fault(message: string): DomainError {
  return invalidInput([{ path: 'period', message }]);
}

/** What a period would be closed with at this moment. */
export interface Reckoned extends Frozen {
  statement: Statement;
  unmeasuredSeconds: number;
  /** Of facts, agreement and statement: who signs them can name what was seen. */
  fingerprint: string;
}

/** What is recorded now of a period, and what follows from it. */
export async function reckon(
  ctx: Context,
  h: Handle,
  { covered, period }: Pick<ClosableAsked, 'covered' | 'period'>,
): Promise<Reckoned> {
  const { facts } = await readCoveredIn(ctx, h, {
    componentId: covered.component.id,
    agreement: referenceOf(covered),
    period,
    live: true,
  });
  const agreementText = publicTextOf(covered.agreement);
  // From the text alone, as whoever has the document will make it.
  const made = statement(facts, agreementOf(facts.agreement, agreementText));
  if (JSON.stringify(made) !== JSON.stringify(statement(facts, covered.agreement)))
    throw new Error(`the text of ${facts.agreement} gives another statement than is shown`);
  return {
    facts,
    agreementText,
    statement: made,
    unmeasuredSeconds: unmeasuredIn(facts),
    fingerprint: hashOf(JSON.stringify([facts, agreementText, made])),
  };
}

function unmeasuredIn({ unmeasured = [] }: Facts): number {
  const set = unmeasured.map(({ from, to }) => ({
    from: parseInstant(from),
    to: parseInstant(to),
  }));
  return lengthOf(set) / 1000;
}

/**
 * Refuses a period of which nothing is known: nobody measured, and nobody said anything. Throws
 * DomainError('invalid-input').
 */
export function mustBeKnown({ span }: ClosableAsked, { facts, unmeasuredSeconds }: Reckoned): void {
  const said = (facts.outages?.length ?? 0) + (facts.tickets?.length ?? 0);
  if (said === 0 && unmeasuredSeconds * 1000 >= span.to - span.from)
    throw fault('cannot be closed: nothing was measured in it and nobody reported anything');
}
