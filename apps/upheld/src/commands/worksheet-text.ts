import type { Agreement } from '@upheld/domain/sla/agreement.ts';
import type { Statement, StatementAvailability } from '@upheld/domain/sla/statement-types.ts';
import type {
  Worksheet,
  WorksheetAlternative,
  WorksheetPart,
  WorksheetReason,
  WorksheetRow,
} from '@upheld/domain/sla/worksheet.ts';
import { formatInstant } from '@upheld/domain/time/zoned.ts';

/** A worksheet as text for people: periods in UTC, durations in hours, minutes and seconds. */
export function worksheetText(worksheet: Worksheet, agreement: Agreement): string {
  const { statement, parts, alternatives } = worksheet;
  const lines = [
    `${agreement.name}: ${statement.component}${statement.customer ? ` for ${statement.customer}` : ''}`,
    `From ${statement.period.from} to ${statement.period.to}, as of ${statement.asOf}`,
    ...readingLines(statement, agreement),
    ...worksheet.leading.map(
      ({ of, address, clause }) =>
        `  the figures of ${address} lead${of === null ? ', these are for information' : ` for ${of}`} (${clause})`,
    ),
    ...statement.availability.flatMap((figure, index) => partLines(figure, parts[index])),
    ...maintenanceLines(worksheet),
    ...clockLines(statement),
    ...otherLines(statement),
    ...alternativeLines(alternatives),
  ];
  return `${lines.join('\n')}\n`;
}

function readingLines(statement: Statement, agreement: Agreement): string[] {
  const { readings } = agreement.document;
  return Object.entries(statement.readings).map(([id, option]) => {
    const reading = readings[id];
    return `  reading ${id}: ${option} (${reading?.question.en ?? ''}; ${reading?.clause ?? ''})`;
  });
}

function partLines(figure: StatementAvailability, part: WorksheetPart | undefined): string[] {
  const { seconds } = figure;
  return [
    '',
    `Availability, ${figure.part} (${part?.clause ?? ''})`,
    ...(part?.rows ?? []).map(rowLine),
    ...Object.entries(seconds).map(
      ([bucket, length]) => `  ${bucket.padEnd(12)}${inHours(length)}`,
    ),
    `  ${part?.formula ?? ''} = ${figure.percent === null ? 'no figure' : `${figure.percent} %`}`,
    `  measured ${figure.coveragePercent ?? 'nothing'} %; lowest ${figure.lowestPercent ?? '-'} %, highest ${figure.highestPercent ?? '-'} %`,
    figure.norm === null
      ? `  the agreement sets no norm: ${figure.verdict}`
      : `  norm ${figure.norm} %: ${figure.verdict}; ${budget(figure)}`,
  ];
}

function budget({ budgetSeconds }: StatementAvailability): string {
  if (budgetSeconds === null) return 'no budget';
  return budgetSeconds < 0
    ? `${inHours(-budgetSeconds)} more than may be down`
    : `${inHours(budgetSeconds)} may still be down`;
}

function rowLine(row: WorksheetRow): string {
  const span = `${formatInstant(row.from)} to ${formatInstant(row.to)}`;
  const why = row.reasons.map(reasonText).join('; ');
  return `  ${span}  ${inHours((row.to - row.from) / 1000)}  ${row.bucket}: ${why}`;
}

function reasonText(reason: WorksheetReason): string {
  const clause = reason.clause === null || reason.clause === '-' ? '' : ` (${reason.clause})`;
  switch (reason.kind) {
    case 'outage':
      return `outage ${reason.id ?? ''}, ${reason.level ?? ''}, ${reason.cause ?? ''}${clause}`;
    case 'maintenance':
      return `maintenance ${reason.id ?? ''}, ${reason.verdict ?? ''}${clause}`;
    case 'unmeasured':
      return 'nobody measured';
  }
}

function maintenanceLines({ statement, places }: Worksheet): string[] {
  const maintenances = statement.maintenances.filter(({ id }) => places.get(id) !== 'elsewhere');
  if (maintenances.length === 0) return [];
  return [
    '',
    'Maintenance',
    ...maintenances.map((one) => {
      const last = one.lastValidAnnouncement;
      const term = last === null ? 'no term' : `to be announced by ${last}`;
      const outside = inHours(one.outsidePreferredSeconds);
      if (places.get(one.id) === 'same-month')
        return `  ${one.id}: ${one.verdict}; outside the period, and counted among those of its month`;
      return `  ${one.id}: ${one.verdict}; ${term}; ${inHours(one.qualifyingSeconds)} taken as maintenance; ${outside} outside the preferred hours`;
    }),
  ];
}

function clockLines({ clocks }: Statement): string[] {
  if (clocks.length === 0) return [];
  return [
    '',
    'Clocks',
    ...clocks.map((one) => {
      const due = one.dueAt === null ? 'no target' : `due ${one.dueAt}`;
      const elapsed = one.elapsedSeconds === null ? 'not started' : inHours(one.elapsedSeconds);
      const end = one.stoppedAt === null ? 'still running' : `stopped ${one.stoppedAt}`;
      return `  ${one.ticket} ${one.clock}: ${one.verdict}; ${due}; ${elapsed}, ${inHours(one.pausedSeconds)} paused; ${end}`;
    }),
  ];
}

function otherLines(statement: Statement): string[] {
  const { interruptions, attainment, performance, compensation } = statement;
  return [
    ...interruptions.map(
      ({ month, count, limit, verdict }) =>
        `Interruptions in ${month}: ${count}${limit === null ? '' : ` of at most ${limit}`}: ${verdict}`,
    ),
    ...attainment.map(
      ({ group, clock, within, of, norm, verdict }) =>
        `Within target, ${group}, ${clock}: ${within} of ${of}, norm ${norm} %: ${verdict}`,
    ),
    ...(performance
      ? [`Within ${performance.limitMs} ms: ${performance.within} of ${performance.of}`]
      : []),
    ...(compensation
      ? [
          `Compensation: ${compensation.due ? 'due' : 'not due'}, ${compensation.amount} ${compensation.currency} (the formula gives ${compensation.formulaValue})`,
        ]
      : []),
  ];
}

function alternativeLines(alternatives: readonly WorksheetAlternative[]): string[] {
  if (alternatives.length === 0) return [];
  return [
    '',
    'Other readings that change a verdict',
    ...alternatives.map((other) => {
      const figures = other.availability.map(
        ({ part, percent, verdict }) => `${part} ${percent ?? 'no figure'} %: ${verdict}`,
      );
      const maintenances = other.maintenances.map(({ id, verdict }) => `${id}: ${verdict}`);
      const money = other.compensation === null ? [] : [`compensation ${other.compensation}`];
      return `  ${other.reading} ${other.option}: ${[...figures, ...maintenances, ...money].join('; ')}`;
    }),
  ];
}

/** Seconds as "17 h 12 min 5 s". */
function inHours(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = seconds % 60;
  const parts = [
    hours > 0 ? `${hours} h` : '',
    minutes > 0 ? `${minutes} min` : '',
    rest > 0 || seconds === 0 ? `${rest} s` : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}
