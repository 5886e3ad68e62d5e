import { DomainError } from '@upheld/domain/errors.ts';
import { ceilSecond, floorSecond } from '@upheld/domain/page/whole-seconds.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Agreement } from '@upheld/domain/sla/agreement.ts';
import type { Facts, FactsPeriod } from '@upheld/domain/sla/facts.ts';
import { spanOf } from '@upheld/domain/sla/period.ts';
import type { Statement } from '@upheld/domain/sla/statement-types.ts';
import { statement } from '@upheld/domain/sla/statement.ts';
import { localDate, localMonth, startOfDate } from '@upheld/domain/time/zoned.ts';
import { knownComponent } from '../components.ts';
import type { Context } from '../context.ts';
import { invalidInput } from '../input.ts';
import { coverOf, factsOf, referenceOf, rollingYear, type Asked, type Covered } from './facts.ts';
import { nothingRecorded, readRecorded, type Recorded } from './recorded.ts';

export interface FactsQuery {
  componentId: string;
  /** By default the leading agreement. */
  agreement?: string | undefined;
  /** By default the one of the agreement that `asOf` is in, or the twelve months up to it. */
  period?: FactsPeriod | undefined;
  /** By default now, or the end of a period that is over; what was announced later is not known then. */
  asOf?: Instant | undefined;
}

/**
 * The recorded facts of one component under one of its agreements: what a customer can feed to
 * `upheld statement`. Throws DomainError: 'not-found', 'invalid-input'.
 */
export async function readFacts(ctx: Context, query: FactsQuery): Promise<Facts> {
  return (await readCovered(ctx, query)).facts;
}

/** The same with the statement that these facts make under that agreement. */
export async function readStatement(
  ctx: Context,
  query: FactsQuery,
): Promise<{ facts: Facts; statement: Statement; agreement: Agreement }> {
  const { facts, covered } = await readCovered(ctx, query);
  const { agreement } = covered;
  return { facts, statement: statement(facts, agreement), agreement };
}

/** The same with all that the facts were made from. */
export async function readCovered(
  ctx: Context,
  query: FactsQuery,
): Promise<{ facts: Facts; recorded: Recorded; covered: Covered; asked: Asked }> {
  const now = ctx.clock.now();
  const covered = coveredBy(ctx, query);
  const asked = askedOf(covered.agreement, query, now);
  const { zone } = covered.agreement.document;
  const wanted = {
    // Caps of maintenance count by calendar month, so the first one is needed whole.
    span: { from: startOfMonth(asked.span.from, zone), to: asked.span.to },
    now,
    componentId: covered.component.id,
  };
  const recorded = await readRecorded(ctx, ctx.db.read, wanted);
  const known = recorded.get(covered.component.id) ?? nothingRecorded(wanted);
  return { facts: factsOf(known, covered, asked), recorded: known, covered, asked };
}

function askedOf(agreement: Agreement, query: FactsQuery, now: Instant): Asked {
  const knownAt = floorSecond(query.asOf ?? now);
  if (knownAt > now)
    throw invalidInput([{ path: 'asOf', message: 'is in the future; leave it out for now' }]);
  const { zone } = agreement.document;
  const period = query.period ?? defaultPeriod(agreement, knownAt);
  const span = spanOf(period, zone);
  if (!(span.from < span.to))
    throw invalidInput([{ path: 'period', message: 'does not end after it begins' }]);
  if (span.from >= knownAt)
    throw invalidInput([{ path: 'period', message: 'has not begun at the moment asked for' }]);
  // A period that is over has one statement, whenever it is printed.
  const asOf = query.asOf === undefined ? Math.min(knownAt, ceilSecond(span.to)) : knownAt;
  return { period, span, asOf, knownAt };
}

/** The period that the agreement means when none is asked for. Contract years need a start: then twelve months. */
function defaultPeriod(agreement: Agreement, at: Instant): FactsPeriod {
  const { zone, availability } = agreement.document;
  const date = localDate(at, zone);
  switch (availability.defaultPeriod) {
    case 'calendar-month':
      return { kind: 'calendar-month', month: date.slice(0, 7) };
    case 'calendar-year':
      return { kind: 'calendar-year', year: Number(date.slice(0, 4)) };
    case 'rolling-12-months':
    case 'contract-year':
    case 'range':
      return rollingYear(at);
  }
}

function startOfMonth(at: Instant, zone: string): Instant {
  return startOfDate(`${localMonth(at, zone)}-01`, zone) ?? at;
}

/** The agreement that a query means. Throws DomainError('not-found'). */
export function agreementFor(
  ctx: Context,
  query: Pick<FactsQuery, 'componentId' | 'agreement'>,
): Agreement {
  return coveredBy(ctx, query).agreement;
}

function coveredBy(ctx: Context, { componentId, agreement }: FactsQuery): Covered {
  const cover = coverOf(knownComponent(ctx.config(), componentId), ctx.agreements());
  const found = cover.find(
    (one) =>
      agreement === undefined ||
      [one.use.agreement, one.agreement.id, referenceOf(one)].includes(agreement),
  );
  if (found) return found;
  throw new DomainError(
    'not-found',
    cover.length === 0
      ? `${componentId} has no agreement`
      : `"${agreement ?? ''}" does not cover ${componentId}; write one of ${cover.map(referenceOf).join(', ')}`,
  );
}
