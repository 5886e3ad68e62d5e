import type { DeskClock, Left } from '@upheld/domain/desk/clocks.ts';
import type { Duty } from '@upheld/domain/desk/duties.ts';
import type { SenderProof } from '@upheld/domain/desk/ticket.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { TicketView } from '@upheld/services/ticket/ticket-view.ts';
import { localTime } from './moment.ts';
import { table } from './tables.ts';

/** One ticket for a person to read. */
export function ticketText(view: TicketView, zone: string): string {
  return [
    `Ticket ${view.number}: ${view.title} (${view.id})`,
    `  state:     ${view.state}${view.waitsFor === null ? '' : ` (${view.waitsFor})`}`,
    `  type:      ${view.type}${view.severity === null ? '' : `, ${view.severity}`}`,
    `  component: ${view.component.id}`,
    `  reporter:  ${view.reporter}${view.reporterAddress === null ? '' : ` <${view.reporterAddress}>`}`,
    ...(view.source === 'mail' ? [`  sender:    ${senderText(view.senderProof)}`] : []),
    `  reported:  ${localTime(view.reportedAt, zone)}`,
    '',
    'Clocks:',
    clocksText(view.clocks, zone),
    ...(view.duties.length === 0 ? [] : ['', 'Duties:', dutiesText(view.duties, zone)]),
    '',
    'What was recorded:',
    ...view.events.map(
      ({ at, kind, type, severity, text, recordedBy, messageId, senderProof = null }) =>
        `  ${localTime(at, zone)}  ${[kind, type, severity].filter(Boolean).join(' ')}, by ${recordedBy}${messageId ? ` (sender ${senderText(senderProof)})` : ''}\n    ${text.replaceAll('\n', '\n    ')}`,
    ),
  ].join('\n');
}

/** Whether a mail came from whom it names. */
function senderText(proof: SenderProof | null): string {
  if (proof === null) return 'not proven';
  return proof === 'proven' ? 'proven' : 'not from whom it says: nothing is mailed there';
}

/** The clocks of a ticket, a line each. */
export function clocksText(clocks: readonly DeskClock[], zone: string): string {
  if (clocks.length === 0) return '  None: no agreement of the component speaks of it.';
  return clocks
    .map((clock) => {
      const due = clock.dueAt === null ? 'no target' : `due ${localTime(clock.dueAt, zone)}`;
      const left =
        clock.lateFrom === null
          ? clock.left && `, ${leftText(clock.left)}`
          : `, late from ${localTime(clock.lateFrom, zone)}, when service opens`;
      const stands = clock.paused ? ', stands still' : '';
      return `  ${clock.agreement} ${clock.name} (${clock.clause}): ${clock.verdict}, ${due}${left ?? ''}${stands}`;
    })
    .join('\n');
}

/** Duties, a line each. */
export function dutiesText(duties: readonly Duty[], zone: string): string {
  if (duties.length === 0) return '  Nothing is asked for.';
  return duties
    .map((duty) => {
      const at = duty.due === null ? '' : localTime(duty.due, zone);
      const due = at === '' ? 'no term' : `${duty.atOnce ? 'at once since' : 'due'} ${at}`;
      const how = duty.state === 'done' ? `done: ${duty.evidence ?? ''}` : duty.state;
      const left = duty.left && `, ${leftText(duty.left)}`;
      return `  ${duty.what.en} (${duty.agreement} ${duty.clause}): ${how}, ${due}${left ?? ''}\n    about ${duty.subject.title.en}; key ${duty.key}`;
    })
    .join('\n');
}

function leftText({ clockMs, serviceMs }: Left): string {
  return clockMs < 0
    ? `late by ${spanText(-clockMs)} (${spanText(-serviceMs)} of service)`
    : `${spanText(clockMs)} left (${spanText(serviceMs)} of service)`;
}

function spanText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes} min` : `${hours} h ${minutes % 60} min`;
}

/** Tickets, a line each. */
export function ticketListText(list: readonly TicketView[], zone: string): string {
  if (list.length === 0) return 'There is no such ticket.';
  return table([
    ['NUMBER', 'STATE', 'TYPE', 'LEVEL', 'COMPONENT', 'REPORTED', 'NEXT DUE', 'TITLE'],
    ...list.map((view) => [
      String(view.number),
      view.state,
      view.type,
      view.severity ?? '-',
      view.component.id,
      localTime(view.reportedAt, zone),
      nextDue(view, zone),
      view.title,
    ]),
  ]);
}

function nextDue({ clocks }: TicketView, zone: string): string {
  const due = clocks.flatMap(({ left, dueAt }): Instant[] =>
    left === null || dueAt === null ? [] : [dueAt],
  );
  return due.length === 0 ? '-' : localTime(Math.min(...due), zone);
}
