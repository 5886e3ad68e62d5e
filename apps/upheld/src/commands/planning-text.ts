import type { Context } from '@upheld/services/context.ts';
import type { MaintenancePlan, PlannedVerdict } from '@upheld/services/maintenance/plan.ts';
import type { Occurrence, SeriesView } from '@upheld/services/maintenance/series-view.ts';
import { duration, verdictsText, windowText } from './maintenance-text.ts';
import { localTime } from './moment.ts';
import { oneLine, table } from './tables.ts';

/** What a window means for every contract, as people read it. */
export function planText(ctx: Context, plan: MaintenancePlan): string {
  const zone = ctx.config().timezone;
  const { nextWindowForAll: next, overlaps } = plan;
  return [
    plan.verdicts.length === 0
      ? 'No agreement covers what it touches.'
      : plan.verdicts
          .map((one) => [verdictsText(ctx, [one]), ...costLines(one)].join('\n'))
          .join('\n\n'),
    '',
    ...overlaps.map((one) => `Overlaps ${one.title.en} (${one.id}), ${windowText(one, zone)}.`),
    next === null
      ? 'No window of this length suits every agreement within a year.'
      : `The next window that suits all: ${windowText(next, zone)}`,
  ].join('\n');
}

function costLines({ turn, figures }: PlannedVerdict): string[] {
  return [
    ...(turn ? [`  of its month: number ${turn.nth}, of ${turn.perMonth} allowed`] : []),
    ...figures.map((one) => {
      const part = figures.length > 1 ? ` (${one.part})` : '';
      const left =
        one.budgetAfter === null
          ? 'there is no norm'
          : one.budgetAfter < 0
            ? `${duration(-one.budgetAfter)} more than the ${one.norm ?? ''}% allows`
            : `${duration(one.budgetAfter)} are left`;
      return `  counts:       ${one.countedSeconds === 0 ? 'nothing' : duration(one.countedSeconds)}${part}; ${left}`;
    }),
  ];
}

/** One series with what is to come. */
export function seriesText(ctx: Context, view: SeriesView): string {
  const zone = ctx.config().timezone;
  return [
    `${view.title.en} (${view.id})`,
    `  rule:        ${view.rrule}, from ${view.localStart.replace('T', ' ')} (${view.zone})`,
    `  takes:       ${duration(view.durationSeconds)}`,
    `  announced:   ${duration(view.announceSeconds)} before, by ${view.createdBy}`,
    `  components:  ${view.componentIds.join(', ')}`,
    ...(view.endedAt === null ? [] : [`  ended:       ${localTime(view.endedAt, zone)}`]),
    ...view.next.map((one) => `  ${windowText(one, zone)}  ${standing(one, zone)}`),
  ].join('\n');
}

function standing({ maintenance, skipped, announceAt }: Occurrence, zone: string): string {
  if (maintenance) return `${maintenance.status} (${maintenance.id})`;
  if (skipped) return `skipped by ${skipped.by}: ${oneLine(skipped.reason)}`;
  return `to be announced ${localTime(announceAt, zone)}`;
}

/** Series, a line each. */
export function seriesListText(ctx: Context, list: readonly SeriesView[]): string {
  if (list.length === 0) return 'Nothing comes back by itself.';
  const zone = ctx.config().timezone;
  return table([
    ['ID', 'RULE', 'NEXT', 'COMPONENTS', 'TITLE'],
    ...list.map((one) => [
      one.id,
      one.rrule,
      one.next[0] ? localTime(one.next[0].from, zone) : 'ended',
      one.componentIds.join(', '),
      one.title.en,
    ]),
  ]);
}
