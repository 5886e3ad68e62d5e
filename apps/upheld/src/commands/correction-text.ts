import { BUCKETS } from '@upheld/domain/sla/statement-types.ts';
import type { Context } from '@upheld/services/context.ts';
import type { CorrectionView } from '@upheld/services/correction/correction-view.ts';
import type { Effect, OutageEffect } from '@upheld/services/correction/outage-effects.ts';
import type {
  CorrectionPreview,
  PeriodPreview,
} from '@upheld/services/correction/preview-correction.ts';
import { localTime } from './moment.ts';
import { oneLine, table } from './tables.ts';

/** What a correction came to, in one line. */
export function correctedText(view: CorrectionView, what: 'corrected' | 'withdrawn'): string {
  const { outage } = view;
  const title = `${outage.incidentTitle.en} (${outage.id})`;
  return what === 'corrected'
    ? `${title} is corrected: ${matterText(view)} (${view.id}).`
    : `${title} is no longer corrected: ${matterText(view)} (${view.id}) is withdrawn.`;
}

function matterText({ kind, cause, agreement, severity, maintenance }: CorrectionView): string {
  const details = [cause, severity, agreement, maintenance?.title.en];
  return [kind, ...details.filter((detail) => typeof detail === 'string')].join(' ');
}

/** The corrections so far as a table. */
export function correctionList(ctx: Context, views: readonly CorrectionView[]): string {
  if (views.length === 0) return 'There is no such correction.';
  const zone = ctx.config().timezone;
  return table([
    ['ID', 'STANDING', 'RECORDED', 'BY', 'COMPONENT', 'OUTAGE', 'WHAT', 'REASON'],
    ...views.map((view) => [
      view.id,
      view.standing,
      localTime(view.recordedAt, zone),
      view.recordedBy,
      view.outage.componentId,
      view.outage.id,
      matterText(view),
      oneLine(view.reason),
    ]),
  ]);
}

/** The outages of a period as a table. */
export function outageList(ctx: Context, views: readonly OutageEffect[]): string {
  if (views.length === 0) return 'There was no outage in this period.';
  const zone = ctx.config().timezone;
  return table([
    ['ID', 'FROM', 'TO', 'AS RECORDED', 'AS CORRECTED', 'INCIDENT'],
    ...views.map((view) => [
      view.id,
      localTime(view.startedAt, zone),
      view.endedAt === null ? 'goes on' : localTime(view.endedAt, zone),
      effectText(view.recorded),
      view.corrected === null ? 'a false alarm' : effectText(view.corrected),
      oneLine(view.incident.title.en),
    ]),
  ]);
}

function effectText({ seconds }: Effect): string {
  const parts = BUCKETS.flatMap((bucket) => {
    const count = seconds[bucket] ?? 0;
    return count === 0 ? [] : [`${count} s ${bucket}`];
  });
  return parts.length === 0 ? '-' : parts.join(', ');
}

/** Every figure that a correction touches, before and after. */
export function previewText({ agreements }: CorrectionPreview): string {
  if (agreements.length === 0) return 'No agreement covers this component, so no figure changes.';
  const blocks = agreements.map(({ agreement, periods }) => {
    const rows = periods.flatMap(periodRows);
    return rows.length === 0
      ? `${agreement.name}: promises no availability.`
      : `${agreement.name}\n${table([['PERIOD', 'PART', 'BEFORE', 'AFTER', 'DOWN'], ...rows])}`;
  });
  return [...blocks, 'Nothing is changed yet.'].join('\n\n');
}

function periodRows({ period, closed, revision, before, after }: PeriodPreview): string[][] {
  return before.availability.flatMap((was, index) => {
    const is = after.availability[index];
    if (!is) return [];
    const figure = ({ percent, verdict }: typeof was): string => `${percent ?? '-'} ${verdict}`;
    const difference = is.seconds.down - was.seconds.down;
    return [
      [
        nameOf(period, closed, revision),
        was.part,
        figure(was),
        figure(is),
        `${difference > 0 ? '+' : ''}${difference} s`,
      ],
    ];
  });
}

function nameOf(period: string, isOver: boolean, revision: number | null): string {
  if (revision !== null) return `${period} (closed: gets revision ${revision})`;
  return isOver ? `${period} (over)` : period;
}
