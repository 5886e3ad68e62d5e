import type { Handle } from '@upheld/db/database.ts';
import type { ReadAs } from '@upheld/domain/correction/correction.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { ceilSecond, floorSecond } from '@upheld/domain/page/whole-seconds.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Agreement } from '@upheld/domain/sla/agreement.ts';
import type { Facts, FactsPeriod } from '@upheld/domain/sla/facts.ts';
import { contractYearAt, spanOf, type ContractYear } from '@upheld/domain/sla/period.ts';
import type { Statement } from '@upheld/domain/sla/statement-types.ts';
import { statement } from '@upheld/domain/sla/statement.ts';
import { addLocalMonths, localDate, localMonth, startOfDate } from '@upheld/domain/time/zoned.ts';
import { knownComponent } from '../components.ts';
import type { Context } from '../context.ts';
import { invalidInput } from '../input.ts';
import { publishedOf, type Published } from '../period/published.ts';
import { coverOf, factsOf, referenceOf, rollingYear, type Asked, type Covered } from './facts.ts';
import type { CorrectionsQuery } from './corrections.ts';
import type { Recorded } from './recorded-types.ts';
import { nothingRecorded, readRecorded } from './recorded.ts';

export interface FactsQuery {
  componentId: string;
  /** By default the leading agreement. */
  agreement?: string | undefined;
  /** By default the one of the agreement that `asOf` is in, or the twelve months up to it. */
  period?: FactsPeriod | undefined;
  /** By default now, or the end of a period that is over; what was announced later is not known then. */
  asOf?: Instant | undefined;
  /** By default with what was put right afterwards. */
  as?: ReadAs | undefined;
  /** What the corrections would be; by default what they are. */
  suppose?: CorrectionsQuery['suppose'];
  /** What is recorded now, also of a period that is closed. */
  live?: boolean | undefined;
}

/**
 * The facts of one component under one of its agreements: what a customer can feed to
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
  const { facts, covered, closed } = await readCovered(ctx, query);
  const { agreement } = covered;
  const made = isShown(closed, query) ? closed.document.statement : statement(facts, agreement);
  return { facts, statement: made, agreement };
}

/** Whether what a query gives is what was frozen when its period was closed. */
export function isShown<C extends Published>(
  closed: C | null,
  { as }: Pick<FactsQuery, 'as'>,
): closed is C {
  return closed !== null && as !== 'recorded';
}

export interface CoveredFacts {
  facts: Facts;
  recorded: Recorded;
  covered: Covered;
  asked: Asked;
  /** The facts of the other truth; null where nobody corrected anything in them. */
  otherFacts: Facts | null;
  /** Where the period is closed: what is published of it, and what is recorded of it now. */
  closed: (Published & { live: { facts: Facts; agreement: Agreement } }) | null;
}

/** The same with all that the facts were made from. */
export function readCovered(ctx: Context, query: FactsQuery): Promise<CoveredFacts> {
  return readCoveredIn(ctx, ctx.db.read, query);
}

/**
 * The same as a transaction sees it. The one place where a closed period is given as it was frozen: for
 * exactly its period, at no moment in between, with nothing supposed.
 */
export async function readCoveredIn(
  ctx: Context,
  h: Handle,
  query: FactsQuery,
): Promise<CoveredFacts> {
  const read = await readLive(ctx, h, query);
  const isFrozen = !query.live && query.asOf === undefined && query.suppose === undefined;
  const published = isFrozen ? await publishedOf(h, read.covered, read.asked) : null;
  if (published === null) return read;
  const { facts } = published.document;
  const isRecorded = query.as === 'recorded';
  const live = {
    facts: (isRecorded ? read.otherFacts : null) ?? read.facts,
    agreement: read.covered.agreement,
  };
  return {
    ...read,
    covered: { ...read.covered, agreement: published.agreement },
    ...(isRecorded ? {} : { facts }),
    ...(isRecorded && read.otherFacts !== null ? { otherFacts: facts } : {}),
    closed: { ...published, live },
  };
}

function readLive(ctx: Context, h: Handle, query: FactsQuery): Promise<CoveredFacts> {
  const now = ctx.clock.now();
  const covered = coveredBy(ctx, query);
  const { as, suppose } = query;
  const asked = askedOf(covered, query, now);
  return readFactsOf(ctx, h, { covered, asked, now, as, suppose });
}

/** What is recorded of a period, whether it is closed or not. */
export async function readFactsOf(
  ctx: Context,
  h: Handle,
  {
    covered,
    asked,
    now,
    as,
    suppose,
  }: Pick<FactsQuery, 'as' | 'suppose'> & { covered: Covered; asked: Asked; now: Instant },
): Promise<CoveredFacts> {
  const { zone } = covered.agreement.document;
  const wanted = {
    span: { from: cappedFrom(asked.span.from, zone), to: asked.span.to },
    now,
    componentId: covered.component.id,
    suppose,
  };
  const found = await readRecorded(ctx, h, wanted);
  const corrected = found.get(covered.component.id) ?? nothingRecorded(wanted);
  const { asRecorded = null } = corrected;
  const facts = factsOf(corrected, covered, asked);
  const own = { facts, recorded: corrected, covered, asked, otherFacts: null, closed: null };
  if (asRecorded === null) return own;
  const first = factsOf(asRecorded, covered, asked);
  return as === 'recorded'
    ? { ...own, facts: first, recorded: asRecorded, otherFacts: facts }
    : { ...own, otherFacts: first };
}

/** What a query is about. Throws DomainError('invalid-input') for what has not begun, or ends before it does. */
export function askedOf(
  covered: Covered,
  query: Pick<FactsQuery, 'period' | 'asOf'>,
  now: Instant,
): Asked {
  const knownAt = floorSecond(query.asOf ?? now);
  if (knownAt > now)
    throw invalidInput([{ path: 'asOf', message: 'is in the future; leave it out for now' }]);
  const { zone } = covered.agreement.document;
  const period = query.period ?? defaultPeriod(covered, knownAt);
  const span = spanOf(period, zone);
  if (!(span.from < span.to))
    throw invalidInput([{ path: 'period', message: 'does not end after it begins' }]);
  if (span.from >= knownAt)
    throw invalidInput([{ path: 'period', message: 'has not begun at the moment asked for' }]);
  // A period that is over has one statement, whenever it is printed.
  const asOf = query.asOf === undefined ? Math.min(knownAt, ceilSecond(span.to)) : knownAt;
  return { period, span, asOf, knownAt };
}

/**
 * The period that the agreement means when none is asked for. Where nobody said when the contract began,
 * the last twelve months stand for its contract year.
 */
export function defaultPeriod({ agreement, use }: Covered, at: Instant): FactsPeriod {
  const { zone, availability } = agreement.document;
  const date = localDate(at, zone);
  switch (availability.defaultPeriod) {
    case 'calendar-month':
      return { kind: 'calendar-month', month: date.slice(0, 7) };
    case 'calendar-year':
      return { kind: 'calendar-year', year: Number(date.slice(0, 4)) };
    case 'contract-year':
      return contractYearOf({ agreement, use }, at) ?? rollingYear(at);
    case 'rolling-12-months':
    case 'range':
      return rollingYear(at);
  }
}

/** The contract year that goes on at an instant; null where nobody said when the contract began. */
export function contractYearOf(
  { agreement, use }: Pick<Covered, 'agreement' | 'use'>,
  at: Instant,
): ContractYear | null {
  const { contractStart: start } = use;
  return start === undefined ? null : contractYearAt(start, at, agreement.document.zone);
}

/**
 * From when maintenance must be known to judge a period that begins at an instant: a cap counts the windows
 * that start in one calendar month, and what goes on at the instant may have started in the month before.
 */
export function cappedFrom(at: Instant, zone: string): Instant {
  const month = startOfDate(`${localMonth(at, zone)}-01`, zone) ?? at;
  return addLocalMonths(month, -1, zone);
}

/** The agreement that a query means. Throws DomainError('not-found'). */
export function agreementFor(
  ctx: Context,
  query: Pick<FactsQuery, 'componentId' | 'agreement'>,
): Agreement {
  return coveredBy(ctx, query).agreement;
}

/** The component and the agreement that a query means. Throws DomainError('not-found'). */
export function coveredBy(
  ctx: Context,
  { componentId, agreement }: Pick<FactsQuery, 'componentId' | 'agreement'>,
): Covered {
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
