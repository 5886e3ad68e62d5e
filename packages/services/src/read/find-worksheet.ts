import type { Config } from '@upheld/config/schema.ts';
import type { ReadAs } from '@upheld/domain/correction/correction.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { FactsPeriod } from '@upheld/domain/sla/facts.ts';
import { parsePeriod } from '@upheld/domain/sla/period-text.ts';
import { spanOf } from '@upheld/domain/sla/period.ts';
import { addLocalDays, formatInstant, startOfDate } from '@upheld/domain/time/zoned.ts';
import type { Context } from '../context.ts';
import { visibleComponents } from '../visible-components.ts';
import { rollingYear } from './facts.ts';
import { agreementFor } from './read-statement.ts';
import { readWorksheet } from './read-worksheet.ts';
import type { WorksheetView } from './worksheet-view.ts';

/** What a visitor asks of the site, as it stands in the address. */
export interface WorksheetWish {
  componentId: string;
  /** Null: the leading one. */
  agreement: string | null;
  /**
   * In one word (see parsePeriod), or two local days as `2026-10-01/2026-10-31`, both included. Null:
   * the twelve months of the figure on the page.
   */
  period: string | null;
  /** By default with what was put right afterwards. */
  as?: ReadAs | undefined;
}

/** `unknown`: no page shows such a component, or it has no such agreement. */
export type WorksheetAnswer =
  | {
      ok: true;
      view: WorksheetView;
      /** The first page that shows the component; null for the main page. */
      pageId: string | null;
    }
  | { ok: false; reason: 'unknown' | 'period' };

const MINUTE_MS = 60_000;

/** The worksheet that a visitor asks for, as of the last whole minute: as the figures of the page are. */
export async function findWorksheet(ctx: Context, wish: WorksheetWish): Promise<WorksheetAnswer> {
  const { componentId } = wish;
  if (!visibleComponents(ctx.config()).has(componentId)) return { ok: false, reason: 'unknown' };
  const minute = Math.floor(ctx.clock.now() / MINUTE_MS) * MINUTE_MS;
  const agreement = wish.agreement ?? undefined;
  try {
    const { zone } = agreementFor(ctx, { componentId, agreement }).document;
    const period = periodOf(wish.period, zone, minute);
    if (!period) return { ok: false, reason: 'period' };
    const isOver = spanOf(period, zone).to <= minute;
    const asOf = isOver ? undefined : minute;
    const asked = { componentId, agreement, period, asOf, as: wish.as };
    const view = await readWorksheet(ctx, asked);
    return { ok: true, view, pageId: pageOf(ctx.config(), componentId) };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.code === 'not-found') return { ok: false, reason: 'unknown' };
    if (error.code === 'invalid-input') return { ok: false, reason: 'period' };
    throw error;
  }
}

function pageOf(config: Config, componentId: string): string | null {
  const group = config.groups.find(({ components }) =>
    components.some(({ id }) => id === componentId),
  );
  const shows = ({ groups }: Config['pages'][number]): boolean =>
    groups === undefined || (group !== undefined && groups.includes(group.id));
  const index = config.pages.findIndex(shows);
  return index > 0 ? (config.pages[index]?.id ?? null) : null;
}

function periodOf(text: string | null, zone: string, minute: Instant): FactsPeriod | null {
  if (text === null) return rollingYear(minute);
  return parsePeriod(daysAsMoments(text, zone) ?? text);
}

/** Two local days with all that lies between them, as two moments; null for another text. */
function daysAsMoments(text: string, zone: string): string | null {
  const [, first = '', last = ''] = /^(\d{4}-\d{2}-\d{2})\/(\d{4}-\d{2}-\d{2})$/.exec(text) ?? [];
  const from = startOfDate(first, zone);
  const lastDay = startOfDate(last, zone);
  if (from === null || lastDay === null) return null;
  return `${formatInstant(from)}/${formatInstant(addLocalDays(lastDay, 1, zone))}`;
}
