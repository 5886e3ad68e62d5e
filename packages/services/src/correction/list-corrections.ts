import type { Interval } from '@upheld/domain/time/interval.ts';
import { and, desc, eq, gt, isNull, lt, ne, or } from '@upheld/db/query.ts';
import type { Context } from '../context.ts';
import { after, type Place } from '../read/place.ts';
import { correctionView } from './correct-outage.ts';
import { correctionViews, type CorrectionView } from './correction-view.ts';

/** A page and the one row too many that tells of the next. */
const MOST_ROWS = 201;

export interface CorrectionList {
  /** Of one component; absent: of all. */
  componentId?: string | undefined;
  /** Of one outage. */
  outageId?: string | undefined;
  /** Of outages that touch it. */
  span?: Interval | undefined;
  limit: number;
  /** Where the page before ended: when the last one was recorded, and its id. */
  after?: Place | undefined;
}

/** The corrections so far, latest first; those that no longer hold are among them. */
export async function listCorrections(
  ctx: Context,
  query: CorrectionList,
): Promise<CorrectionView[]> {
  const h = ctx.db.read;
  const { corrections: c, outages: o } = h.t;
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
        after({ at: c.recordedAt, id: c.id }, query.after),
      ),
    )
    .orderBy(desc(c.recordedAt), desc(c.id))
    .limit(Math.min(Math.max(Math.trunc(query.limit), 0), MOST_ROWS));
  return correctionViews(
    h,
    found.map(({ correction }) => correction),
  );
}

/** One correction. Throws DomainError('not-found'). */
export function readCorrection(ctx: Context, id: string): Promise<CorrectionView> {
  return correctionView(ctx.db.read, id);
}
