import type { Handle } from '@upheld/db/database.ts';
import { and, asc, eq, gt, gte, isNull, lt, or } from '@upheld/db/query.ts';
import type { TicketRecord } from '@upheld/domain/desk/ticket.ts';
import type { Interval } from '@upheld/domain/time/interval.ts';
import { detectedAt, entriesOf, recordOf } from '../ticket/ticket-row.ts';

/**
 * What customers reported of one component and was not solved before the stretch, in the order of the
 * numbers. Nothing without a component.
 */
export async function ticketsIn(
  h: Handle,
  { span, componentId }: { span: Interval; componentId?: string },
): Promise<Map<string, TicketRecord[]>> {
  if (componentId === undefined) return new Map();
  const { tickets: t } = h.t;
  const rows = await h.q
    .select()
    .from(t)
    .where(
      and(
        eq(t.componentId, componentId),
        lt(t.reportedAt, span.to),
        or(gte(t.reportedAt, span.from), isNull(t.recoveredAt), gt(t.recoveredAt, span.from)),
      ),
    )
    .orderBy(asc(t.number));
  if (rows.length === 0) return new Map();
  const events = await entriesOf(
    h,
    rows.map(({ id }) => id),
  );
  const detected = await detectedAt(h, rows);
  const records = rows.map((row) => recordOf(row, events.get(row.id) ?? [], detected));
  return new Map([[componentId, records]]);
}
