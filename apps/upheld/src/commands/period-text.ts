import type { StatementAvailability } from '@upheld/domain/sla/statement-types.ts';
import type { Context } from '@upheld/services/context.ts';
import type { Periods } from '@upheld/services/period/list-periods.ts';
import type { RevisionView } from '@upheld/services/period/period-view.ts';
import type { PeriodPreview } from '@upheld/services/period/preview-period.ts';
import { localTime } from './moment.ts';
import { oneLine, table } from './tables.ts';

/** What a period was closed or revised with, in one line. */
export function revisionText(view: RevisionView): string {
  const { componentId, agreement, period, revision, hash } = view;
  return `${period} of ${componentId} under ${agreement} is closed, revision ${revision}: ${hash}`;
}

/** What can be closed and what is, as two tables. */
export function periodsText(ctx: Context, { open, closed }: Periods): string {
  const zone = ctx.config().timezone;
  const first =
    open.length === 0
      ? 'Every period that is over is closed.'
      : table([
          ['NOT CLOSED', 'COMPONENT', 'AGREEMENT', 'ENDED'],
          ...open.map(({ period, component, agreement, to }) => [
            ...[period, component.id, agreement.reference, localTime(to, zone)],
          ]),
        ]);
  if (closed.length === 0) return `${first}\n\nNo period is closed yet.`;
  const second = table([
    ['CLOSED', 'COMPONENT', 'AGREEMENT', 'REVISION', 'OF', 'BY', 'CHANGED SINCE', 'HASH'],
    ...closed.map(({ current, changedSince }) => [
      ...[current.period, current.componentId, current.agreement, String(current.revision)],
      ...[localTime(current.closedAt, zone), current.closedBy, sinceText(changedSince)],
      current.hash,
    ]),
  ]);
  return `${first}\n\n${second}`;
}

function sinceText(changedSince: boolean | null): string {
  if (changedSince === null) return 'unknown';
  return changedSince ? 'yes' : 'no';
}

/** Every revision of one period. */
export function revisionsText(
  ctx: Context,
  revisions: readonly RevisionView[],
  changedSince: boolean | null,
): string {
  const zone = ctx.config().timezone;
  const rows = revisions.map(({ revision, closedAt, closedBy, hash, reason }) => [
    ...[String(revision), localTime(closedAt, zone), closedBy, hash],
    oneLine(reason ?? '-'),
  ]);
  const lines = [table([['REVISION', 'MADE', 'BY', 'HASH', 'REASON'], ...rows])];
  if (changedSince)
    lines.push('What is recorded now would give another statement; see "upheld period preview".');
  return lines.join('\n');
}

/** What somebody signs, and what can still change it. */
export function previewText(ctx: Context, seen: PeriodPreview): string {
  const { component, agreement, period, current, statement, unmeasuredSeconds } = seen;
  const { outages, tickets } = seen.unfinished;
  const figures = statement.availability.map((one) => [one.part, ...figureOf(one)]);
  const state =
    current === null
      ? 'It is not closed yet.'
      : seen.differs
        ? `It is closed with revision ${current.revision}, which says something else.`
        : `It is closed with revision ${current.revision}, which says the same.`;
  return [
    `${component.name.en}, ${agreement.name}, ${period}`,
    figures.length === 0
      ? 'The agreement promises no availability.'
      : table([['PART', 'FIGURE', 'VERDICT', 'DOWN'], ...figures]),
    `Not measured: ${unmeasuredSeconds} s.`,
    ...outages.map(({ title, incidentId }) => `Still going on: ${title.en} (${incidentId}).`),
    ...tickets.map(
      ({ number, title, reportedAt }) =>
        `Not closed: ticket ${number} of ${localTime(reportedAt, ctx.config().timezone)}, ${title}.`,
    ),
    state,
    `Fingerprint: ${seen.fingerprint}`,
    'Nothing is frozen yet.',
  ].join('\n');
}

function figureOf({ percent, verdict, seconds }: StatementAvailability): string[] {
  return [percent ?? '-', verdict, `${seconds.down} s`];
}
