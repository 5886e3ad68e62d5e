import type { ComponentConfig, Config } from '@upheld/config/schema.ts';
import type { Database } from '@upheld/db/database.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { AgreementBook } from '@upheld/domain/sla/book.ts';
import { spanOf } from '@upheld/domain/sla/period.ts';
import type { StatementAvailability } from '@upheld/domain/sla/statement-types.ts';
import { statement } from '@upheld/domain/sla/statement.ts';
import type { Interval } from '@upheld/domain/time/interval.ts';
import { addLocalMonths } from '@upheld/domain/time/zoned.ts';
import type { Context } from '../context.ts';
import { coverOf, factsOf, rollingYear } from './facts.ts';
import type { AvailabilityView } from './page-view.ts';
import type { Recorded } from './recorded-types.ts';

const MINUTE_MS = 60_000;

/** The figures of one component from what was recorded of it. */
export type AvailabilityReader = (
  component: ComponentConfig,
  recorded: Recorded,
) => readonly AvailabilityView[];

// Twelve, and two more: caps of maintenance need the first calendar month whole, in any zone.
const MONTHS_READ = 14;

/** What has to be read for the figures of a page at a moment, including what begins exactly then. */
export function figureSpan(now: Instant): Interval {
  return { from: addLocalMonths(now, -MONTHS_READ, 'UTC'), to: now + 1 };
}

function wholeMinute(now: Instant): Instant {
  return Math.floor(now / MINUTE_MS) * MINUTE_MS;
}

interface Kept {
  config: Config;
  book: AgreementBook;
  key: string;
  views: Map<string, readonly AvailabilityView[]>;
}

// A figure is the same for every reader of one minute and one state of the facts.
const kept = new WeakMap<Database, Kept>();

/**
 * Availability in the twelve months up to the last whole minute, under the leading agreement of each
 * component: one entry a part, none where the agreement promises none.
 */
export function availabilityReader(
  ctx: Context,
  { revision, now }: { revision: number; now: Instant },
): AvailabilityReader {
  const asOf = wholeMinute(now);
  const views = viewsOf(ctx, `${revision}:${asOf}`);
  return (component, recorded) => {
    const found = views.get(component.id);
    if (found) return found;
    const made = figures(ctx, component, recorded, asOf);
    views.set(component.id, made);
    return made;
  };
}

function viewsOf(ctx: Context, key: string): Kept['views'] {
  const config = ctx.config();
  const book = ctx.agreements();
  const found = kept.get(ctx.db);
  if (found?.key === key && found.config === config && found.book === book) return found.views;
  const views: Kept['views'] = new Map();
  kept.set(ctx.db, { config, book, key, views });
  return views;
}

function figures(
  ctx: Context,
  component: ComponentConfig,
  recorded: Recorded,
  asOf: Instant,
): AvailabilityView[] {
  const [covered] = coverOf(component, ctx.agreements());
  if (!covered) return [];
  const period = rollingYear(asOf);
  const span = spanOf(period, covered.agreement.document.zone);
  const asked = { period, span, asOf, knownAt: asOf };
  const made = statement(factsOf(recorded, covered, asked), covered.agreement);
  const { measuredSince, asRecorded } = recorded;
  const before = asRecorded && statement(factsOf(asRecorded, covered, asked), covered.agreement);
  return made.availability.map((part, index) => ({
    agreement: made.agreement,
    part: part.part,
    from: span.from,
    to: span.to,
    measuredSince: measuredSince !== null && measuredSince > span.from ? measuredSince : null,
    percent: part.percent,
    coveragePercent: part.coveragePercent,
    lowestPercent: part.lowestPercent,
    highestPercent: part.highestPercent,
    norm: part.norm,
    verdict: part.verdict,
    downSeconds: part.seconds.down,
    budgetSeconds: part.budgetSeconds,
    recorded: differing(part, before?.availability[index]),
  }));
}

/** The figure before it was corrected, where that shows in it. */
function differing(
  { percent, seconds }: StatementAvailability,
  before: StatementAvailability | undefined,
): AvailabilityView['recorded'] {
  if (!before) return null;
  const { percent: first, seconds: lost } = before;
  return first === percent && lost.down === seconds.down
    ? null
    : { percent: first, downSeconds: lost.down };
}
