import type { MaintenanceVerdict } from '@upheld/domain/sla/statement-types.ts';
import type { Context } from '@upheld/services/context.ts';
import type { ComponentVerdict } from '@upheld/services/maintenance/judge.ts';
import type { MaintenanceView } from '@upheld/services/read/page-view.ts';
import { localTime } from './moment.ts';
import { table } from './tables.ts';

const VERDICTS: Readonly<Record<MaintenanceVerdict, string>> = {
  qualifies: 'announced in time',
  'not-required': 'needs no notice',
  'late-notice': 'announced too late',
  'over-cap': 'one too many for this month',
  unannounced: 'not announced',
  emergency: 'an emergency',
  counts: 'counts like any other time',
  'shown-apart': 'shown apart in the figure',
  cancelled: 'cancelled',
};

/** A maintenance by its title and id. */
export function maintenanceTitle(view: MaintenanceView): string {
  return `${view.title.en} (${view.id})`;
}

/** What announcing, moving or cancelling came to. */
export function announcedText(
  ctx: Context,
  what: string,
  {
    maintenance,
    verdicts,
  }: { maintenance: MaintenanceView; verdicts: readonly ComponentVerdict[] },
): string {
  const zone = ctx.config().timezone;
  const at = maintenance.announcements[0]?.at ?? maintenance.updatedAt;
  return [
    `${maintenanceTitle(maintenance)} is ${what} at ${localTime(at, zone)} (${zone}).`,
    `  ${windowText(maintenance, zone)}`,
    '',
    verdictsText(ctx, verdicts),
  ].join('\n');
}

/** What each agreement says. */
export function verdictsText(ctx: Context, verdicts: readonly ComponentVerdict[]): string {
  if (verdicts.length === 0) return 'No agreement covers what it touches.';
  const zone = ctx.config().timezone;
  return verdicts.map((verdict) => verdictText(verdict, zone)).join('\n\n');
}

function verdictText(verdict: ComponentVerdict, zone: string): string {
  const { lastValidAnnouncement: last, nextWindow: next, outsidePreferredSeconds } = verdict;
  const clause = verdict.clause === null ? '' : `, clause ${verdict.clause}`;
  const lines = [
    `${verdict.componentId}, ${verdict.agreement}${clause}: ${VERDICTS[verdict.verdict]} (${verdict.verdict})`,
    `  rule:         ${verdict.term.en}`,
    `  last moment:  ${last === null ? 'no term applies' : localTime(last, zone)}`,
  ];
  if (next !== null) lines.push(`  next window:  ${windowText(next, zone)}`);
  if (outsidePreferredSeconds > 0)
    lines.push(`  preference:   ${duration(outsidePreferredSeconds)} outside the preferred hours`);
  return lines.join('\n');
}

/** A duration to the minute, never less than it is. */
export function duration(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes} min` : `${hours} h ${minutes % 60} min`;
}

export function windowText({ from, to }: { from: number; to: number }, zone: string): string {
  return `${localTime(from, zone)} to ${localTime(to, zone)}`;
}

export function maintenanceList(ctx: Context, list: readonly MaintenanceView[]): string {
  if (list.length === 0) return 'There is no such maintenance.';
  const zone = ctx.config().timezone;
  return table([
    ['ID', 'STATUS', 'FROM', 'TO', 'COMPONENTS', 'TITLE'],
    ...list.map((one) => [
      one.id,
      one.status,
      localTime(one.from, zone),
      localTime(one.to, zone),
      one.componentIds.join(', '),
      one.title.en,
    ]),
  ]);
}

export function maintenanceText(ctx: Context, view: MaintenanceView): string {
  const zone = ctx.config().timezone;
  return [
    maintenanceTitle(view),
    `  status:      ${view.status}`,
    `  kind:        ${view.kind}`,
    `  window:      ${windowText(view, zone)}`,
    `  components:  ${view.componentIds.join(', ')}`,
    '',
    'Announcements, newest first:',
    ...view.announcements.flatMap((one) => [
      `  ${localTime(one.at, zone)}  ${windowText(one, zone)}`,
      `    nl: ${one.body.nl}`,
      `    en: ${one.body.en}`,
    ]),
  ].join('\n');
}
