import type { Instant } from '@upheld/domain/ports.ts';
import type { Statement } from '@upheld/domain/sla/statement-types.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { and, asc, eq, gte, isNull, lt, or } from '@upheld/db/query.ts';
import type { Context } from '../context.ts';
import { parseInput } from '../input.ts';
import { isSame, periodInput } from './close-period.ts';
import { currentRevision } from './closed.ts';
import { readDocument } from './document.ts';
import { revisionView, type RevisionView } from './period-view.ts';
import {
  closableAsked,
  mustBeKnown,
  reckon,
  type ClosableAsked,
  type PeriodQuery,
} from './reckon.ts';

/** What somebody signs who closes a period, or gives it a new revision. */
export interface PeriodPreview {
  component: { id: string; name: Localised };
  agreement: { reference: string; name: string };
  period: string;
  from: Instant;
  to: Instant;
  /** What is published of it; null while nobody closed it. */
  current: (RevisionView & { statement: Statement }) | null;
  /** From what is recorded now. */
  statement: Statement;
  unmeasuredSeconds: number;
  /** Give it back with the order, and nothing but this is frozen. */
  fingerprint: string;
  /** Whether a new revision would say something else than the current one; true where there is none. */
  differs: boolean;
  /** What is not over and touches the period: it can still change the figure. */
  unfinished: {
    outages: readonly { id: string; incidentId: string; title: Localised; startedAt: Instant }[];
    tickets: readonly { id: string; number: number; title: string; reportedAt: Instant }[];
  };
}

/** Writes nothing. Throws DomainError as `closePeriod` does, but for what is closed already. */
export async function previewPeriod(ctx: Context, input: PeriodQuery): Promise<PeriodPreview> {
  const asked = closableAsked(ctx, parseInput(periodInput, input));
  const reckoned = await reckon(ctx, ctx.db.read, asked);
  const row = await currentRevision(ctx.db.read, asked.key);
  if (!row) mustBeKnown(asked, reckoned);
  const { covered, key, span } = asked;
  const { statement, unmeasuredSeconds, fingerprint } = reckoned;
  return {
    component: { id: covered.component.id, name: covered.component.name },
    agreement: { reference: key.agreement, name: covered.agreement.name },
    period: key.period,
    ...span,
    current: row && { ...revisionView(row), statement: readDocument(row.document).statement },
    ...{ statement, unmeasuredSeconds, fingerprint },
    differs: row === null || !isSame(reckoned, row),
    unfinished: {
      outages: await outagesGoingOn(ctx, asked),
      tickets: await ticketsOpen(ctx, asked),
    },
  };
}

async function outagesGoingOn(
  ctx: Context,
  { key, span }: ClosableAsked,
): Promise<PeriodPreview['unfinished']['outages']> {
  const { q, t } = ctx.db.read;
  const { outages: o, incidents: i } = t;
  const rows = await q
    .select({ id: o.id, incidentId: i.id, startedAt: o.startedAt, nl: i.titleNl, en: i.titleEn })
    .from(o)
    .innerJoin(i, eq(i.id, o.incidentId))
    .where(and(eq(o.componentId, key.componentId), isNull(o.endedAt), lt(o.startedAt, span.to)))
    .orderBy(asc(o.startedAt), asc(o.id));
  return rows.map(({ nl, en, ...row }) => ({ ...row, title: { nl, en } }));
}

async function ticketsOpen(
  ctx: Context,
  { key, span }: ClosableAsked,
): Promise<PeriodPreview['unfinished']['tickets']> {
  const { q, t } = ctx.db.read;
  const { id, number, title, reportedAt, recoveredAt, closedAt, componentId } = t.tickets;
  return q
    .select({ id, number, title, reportedAt })
    .from(t.tickets)
    .where(
      and(
        eq(componentId, key.componentId),
        lt(reportedAt, span.to),
        isNull(closedAt),
        // What was solved before the period began has nothing to do with it.
        or(isNull(recoveredAt), gte(recoveredAt, span.from)),
      ),
    )
    .orderBy(asc(number));
}
