import { DomainError } from '@upheld/domain/errors.ts';
import type { Interval } from '@upheld/domain/time/interval.ts';
import { and, desc, eq, gt, isNull, lt, ne, or } from '@upheld/db/query.ts';
import type { Context } from '../context.ts';
import { correctionViews, type CorrectionView } from './correction-view.ts';
import { correctionView } from './correct-outage.ts';

const MOST_ROWS = 200;

export interface CorrectionList {
  /** Of one component; absent: of all. */
  componentId?: string | undefined;
  /** Of one outage. */
  outageId?: string | undefined;
  /** Of outages that touch it. */
  span?: Interval | undefined;
  /** At most two hundred. */
  limit: number;
  /** The `next` of the page before. */
  after?: string | undefined;
}

export interface CorrectionPage {
  /** Latest first, those that no longer hold among them. */
  corrections: readonly CorrectionView[];
  /** What to ask for as `after`; null on the last page. */
  next: string | null;
}

/** The corrections so far. Throws DomainError('invalid-input') on an `after` that no page gave. */
export async function listCorrections(
  ctx: Context,
  query: CorrectionList,
): Promise<CorrectionPage> {
  const h = ctx.db.read;
  const { corrections: c, outages: o } = h.t;
  const limit = Math.min(Math.max(Math.trunc(query.limit), 1), MOST_ROWS);
  const { componentId, outageId, span } = query;
  const found = await h.q
    .select({ correction: c })
    .from(c)
    .innerJoin(o, eq(o.id, c.outageId))
    .where(
      and(
        ne(c.kind, 'withdrawn'),
        componentId === undefined ? undefined : eq(o.componentId, componentId),
        outageId === undefined ? undefined : eq(o.id, outageId),
        span && and(lt(o.startedAt, span.to), or(isNull(o.endedAt), gt(o.endedAt, span.from))),
        await beyond(ctx, query.after),
      ),
    )
    .orderBy(desc(c.recordedAt), desc(c.id))
    .limit(limit + 1);
  const rows = found.map(({ correction }) => correction);
  const shown = rows.slice(0, limit);
  return {
    corrections: await correctionViews(h, shown),
    next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
  };
}

/** One correction. Throws DomainError('not-found'). */
export function readCorrection(ctx: Context, id: string): Promise<CorrectionView> {
  return correctionView(ctx.db.read, id);
}

async function beyond(ctx: Context, after: string | undefined) {
  if (after === undefined) return undefined;
  const { q, t } = ctx.db.read;
  const { corrections: c } = t;
  const [last] = await q.select({ at: c.recordedAt }).from(c).where(eq(c.id, after));
  if (!last)
    throw new DomainError('invalid-input', `"${after}" is no place in the list; begin without it`, [
      { path: 'after', message: 'is no place in the list; begin without it' },
    ]);
  return or(lt(c.recordedAt, last.at), and(eq(c.recordedAt, last.at), lt(c.id, after)));
}
