import type { z } from '@hono/zod-openapi';
import type { DeskClock, Left } from '@upheld/domain/desk/clocks.ts';
import type { Notice } from '@upheld/domain/desk/notices.ts';
import type { Duty } from '@upheld/domain/desk/duties.ts';
import type { TicketEntry } from '@upheld/domain/desk/ticket.ts';
import type { AlertView } from '@upheld/services/alert/alert-view.ts';
import type { TicketView } from '@upheld/services/ticket/ticket-view.ts';
import { isoInstant, isoInstantOrNull } from '../http/instants.ts';
import type * as schemas from './ticket-schemas.ts';

type TicketOut = z.infer<typeof schemas.ticket>;

/** A ticket as the API and the command write it. */
export function ticketOut(view: TicketView): TicketOut {
  const { component, clocks, duties, events, at: _at, ...rest } = view;
  return {
    ...rest,
    componentId: component.id,
    reportedAt: isoInstant(view.reportedAt),
    recordedAt: isoInstant(view.recordedAt),
    respondedAt: isoInstantOrNull(view.respondedAt),
    recoveredAt: isoInstantOrNull(view.recoveredAt),
    closedAt: isoInstantOrNull(view.closedAt),
    clocks: clocks.map((one) => clockOut(one)),
    duties: duties.map((one) => dutyOut(one)),
    events: events.map((event) => entryOut(event)),
  };
}

function entryOut(event: TicketEntry): TicketOut['events'][number] {
  const { id, kind, at, type, severity, text, senderProof = null, recordedAt, recordedBy } = event;
  return {
    id,
    kind,
    at: isoInstant(at),
    type,
    severity,
    text,
    senderProof,
    recordedAt: isoInstant(recordedAt),
    recordedBy,
  };
}

/** One clock of a ticket. */
export function clockOut(clock: DeskClock): TicketOut['clocks'][number] {
  const { agreement, clause, name, verdict, paused, elapsedMs, pausedMs } = clock;
  return {
    agreement,
    clause,
    clock: name,
    verdict,
    startedAt: isoInstantOrNull(clock.startedAt),
    dueAt: isoInstantOrNull(clock.dueAt),
    lateFrom: isoInstantOrNull(clock.lateFrom),
    stoppedAt: isoInstantOrNull(clock.stoppedAt),
    elapsedSeconds: elapsedMs === null ? null : elapsedMs / 1000,
    pausedSeconds: pausedMs / 1000,
    paused,
    left: leftOut(clock.left),
    halfTimeUpdateDueAt: isoInstantOrNull(clock.halfTimeAt),
  };
}

export function dutyOut(duty: Duty): z.infer<typeof schemas.duty> {
  const { key, agreement, clause, what, subject, state, evidence, inTime } = duty;
  return {
    key,
    agreement,
    clause,
    what,
    about: { ...subject, componentIds: [...subject.componentIds] },
    since: isoInstant(duty.since),
    dueAt: isoInstantOrNull(duty.due),
    atOnce: duty.atOnce,
    left: leftOut(duty.left),
    state,
    doneAt: isoInstantOrNull(duty.doneAt),
    evidence,
    inTime,
  };
}

export function noticeOut({ ways, byHand, ...rest }: Notice): z.infer<typeof schemas.notice> {
  return {
    ...rest,
    ways: ways.map(({ channel, told }) => ({
      channel,
      told: told && { ...told, firstAt: isoInstantOrNull(told.firstAt) },
    })),
    byHand: byHand && { ...byHand, at: isoInstant(byHand.at) },
  };
}

export function alertOut(view: AlertView): z.infer<typeof schemas.alert> {
  return {
    ...view,
    raisedAt: isoInstant(view.raisedAt),
    next: view.next && { at: isoInstant(view.next.at), people: [...view.next.people] },
    acknowledgedAt: isoInstantOrNull(view.acknowledgedAt),
    closedAt: isoInstantOrNull(view.closedAt),
  };
}

function leftOut(left: Left | null) {
  return (
    left && {
      clockSeconds: Math.floor(left.clockMs / 1000),
      serviceSeconds: Math.floor(left.serviceMs / 1000),
    }
  );
}
