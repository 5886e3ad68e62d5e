import { z } from '@hono/zod-openapi';
import { DUTY_STATES, DUTY_SUBJECTS } from '@upheld/domain/desk/duties.ts';
import { TOLD_EVENTS } from '@upheld/domain/desk/report-events.ts';
import {
  SENDER_PROOFS,
  TICKET_EVENT_KINDS,
  TICKET_SOURCES,
  TICKET_STATES,
} from '@upheld/domain/desk/ticket.ts';
import { PAUSE_REASONS, TICKET_KINDS } from '@upheld/domain/sla/facts.ts';
import { CLOCKS } from '@upheld/domain/sla/statement-types.ts';
import { LANGUAGES } from '@upheld/domain/text.ts';
import { ALERT_STATES } from '@upheld/services/alert/alert-view.ts';
import { TOLD_BY_VERB } from '@upheld/services/ticket/preview-message.ts';
import { PROGRESS } from '@upheld/services/ticket/progress-ticket.ts';
import { instantIn, instantOut, localised } from './schemas.ts';

const instant = instantOut.nullable();
const left = z
  .strictObject({
    clockSeconds: z.int(),
    serviceSeconds: z.int().meta({ description: "In the clock's own calendar." }),
  })
  .nullable()
  .meta({ description: 'What is left; below 0 it is late; null where nothing is due.' });

const clock = z
  .strictObject({
    agreement: z.string(),
    clause: z.string(),
    clock: z.enum(CLOCKS),
    verdict: z.enum(['met', 'missed', 'running', 'no-target']),
    startedAt: instant,
    dueAt: instant.meta({ description: 'The moment by which the statement judges.' }),
    lateFrom: instant.meta({
      description:
        'Past the due moment and still in time, as service was closed since: when it opens again. Otherwise null.',
    }),
    stoppedAt: instant,
    elapsedSeconds: z.int().nullable(),
    pausedSeconds: z.int(),
    paused: z.boolean().meta({ description: 'Whether it stands still now.' }),
    left,
    halfTimeUpdateDueAt: instant,
  })
  .openapi('TicketClock');

export const duty = z
  .strictObject({
    key: z.string(),
    agreement: z.string(),
    clause: z.string(),
    what: localised,
    about: z.strictObject({
      kind: z.enum(DUTY_SUBJECTS),
      id: z.string(),
      title: localised,
      componentIds: z.array(z.string()),
    }),
    since: instantOut,
    dueAt: instant,
    atOnce: z.boolean().meta({ description: 'Due from the moment on at which it arose.' }),
    left,
    state: z.enum(DUTY_STATES),
    doneAt: instant,
    evidence: z.string().nullable(),
    inTime: z.boolean().nullable(),
  })
  .openapi('Duty');

const senderProof = z.enum(SENDER_PROOFS).nullable().meta({
  description:
    'Of mail: proven, its domain signed it; refuted, its domain refuses it, so that it is answered by nothing; null, nobody could tell.',
});

const entry = z.strictObject({
  id: z.string(),
  kind: z.enum(TICKET_EVENT_KINDS),
  at: instantOut,
  type: z.string().nullable(),
  severity: z.string().nullable(),
  text: z.string(),
  senderProof,
  recordedAt: instantOut,
  recordedBy: z.string(),
});

export const ticket = z
  .strictObject({
    id: z.string(),
    number: z.int(),
    componentId: z.string(),
    type: z.enum(TICKET_KINDS),
    severity: z.string().nullable(),
    title: z.string(),
    reporter: z.string(),
    reporterAddress: z.string().nullable(),
    senderProof,
    language: z.enum(LANGUAGES),
    source: z.enum(TICKET_SOURCES),
    incidentId: z.string().nullable(),
    state: z.enum(TICKET_STATES),
    waitsFor: z.enum(PAUSE_REASONS).nullable(),
    reportedAt: instantOut,
    recordedAt: instantOut,
    recordedBy: z.string(),
    respondedAt: instant,
    recoveredAt: instant,
    closedAt: instant,
    version: z.int(),
    clocks: z.array(clock),
    duties: z.array(duty),
    events: z.array(entry),
  })
  .openapi('Ticket');

export const notice = z
  .strictObject({
    key: z.string().meta({ description: 'By which it is recorded as done (completeDuty).' }),
    agreement: z.string(),
    clause: z.string(),
    event: z.string().meta({ description: 'What it asks to tell, in the words of its file.' }),
    audience: z.string(),
    ways: z.array(
      z.strictObject({
        channel: z.string(),
        told: z
          .strictObject({
            sent: z.int(),
            waiting: z.int(),
            failed: z.int(),
            firstAt: instant,
          })
          .nullable()
          .meta({ description: 'Null where only people can do it: a letter, a telephone call.' }),
      }),
    ),
    anyWay: z.boolean().meta({ description: 'The agreement names no way.' }),
    byHand: z.strictObject({ at: instantOut, evidence: z.string() }).nullable(),
  })
  .openapi('Notice');

export const alert = z
  .strictObject({
    id: z.string(),
    about: z.enum(['incident', 'duty']),
    subjectId: z.string(),
    title: localised,
    state: z.enum(ALERT_STATES),
    raisedAt: instantOut,
    calls: z.int(),
    next: z.strictObject({ at: instantOut, people: z.array(z.string()) }).nullable(),
    acknowledgedAt: instant,
    acknowledgedBy: z.string().nullable(),
    closedAt: instant,
    version: z.int(),
  })
  .openapi('Alert');

const text = z.string().meta({ description: 'In words; kept as evidence.' });
const at = instantIn
  .optional()
  .meta({ description: 'When it was; by default now. Both are kept.' });
const placed = {
  type: z.enum(TICKET_KINDS),
  severity: z.string().optional().meta({ description: 'A level of the agreement.' }),
};

export const newTicket = z
  .strictObject({
    componentId: z.string(),
    ...placed,
    title: z.string(),
    text,
    reporter: z.string(),
    reporterAddress: z.string().optional(),
    language: z.enum(LANGUAGES).optional(),
    reportedAt: at,
    incidentId: z.string().optional(),
  })
  .openapi('NewTicket');
export const said = z.strictObject({ text, at }).openapi('TicketSaid');
export const answer = z
  .strictObject({ text, at, workStarted: z.boolean().optional() })
  .openapi('TicketAnswer');
export const pause = z
  .strictObject({ text, at, reason: z.enum(PAUSE_REASONS) })
  .openapi('TicketPause');
export const place = z.strictObject({ ...placed, text, at }).openapi('TicketPlace');
export const askedPlace = z.strictObject({ ...placed, at }).openapi('AskedTicketPlace');
export const progress = z
  .strictObject({ text, at, step: z.enum(PROGRESS) })
  .openapi('TicketProgress');
export const happened = z
  .strictObject({ text, at, event: z.enum(TOLD_EVENTS) })
  .openapi('TicketHappened');
export const link = z
  .strictObject({ incidentId: z.string().nullable(), text: z.string().optional() })
  .openapi('TicketLink');
export const previewedClocks = z.strictObject({ now: z.array(clock), then: z.array(clock) });
export const dutyDone = z
  .strictObject({ key: z.string(), evidence: z.string(), doneAt: at })
  .openapi('DutyDone');

export const askedMessage = z
  .strictObject({
    message: z.enum(TOLD_BY_VERB),
    text,
    reason: z.enum(PAUSE_REASONS).optional().meta({ description: 'Of paused.' }),
    type: z.enum(TICKET_KINDS).optional().meta({ description: 'Of recategorised.' }),
    severity: z.string().optional(),
  })
  .openapi('AskedTicketMessage');
export const previewedMessage = z
  .strictObject({
    to: z.string().nullable().meta({ description: 'Null: nothing would be mailed.' }),
    language: z.enum(LANGUAGES),
    asked: z.array(
      z.strictObject({
        agreement: z.string(),
        word: z.string().meta({ description: 'The notification of the agreement.' }),
        clause: z.string(),
        channels: z.array(z.string()),
      }),
    ),
    mail: z.strictObject({ subject: z.string(), text: z.string(), html: z.string() }).nullable(),
  })
  .openapi('PreviewedTicketMessage');

const target = z.string().nullable().meta({ description: 'In English words.' });
export const places = z.strictObject({
  places: z.array(
    z
      .strictObject({
        type: z.enum(TICKET_KINDS),
        severity: z.string().nullable(),
        under: z.array(
          z.strictObject({
            agreement: z.string(),
            means: z.strictObject({ nl: z.string(), en: z.string() }).nullable(),
            targets: z.strictObject({ response: target, recovery: target }),
          }),
        ),
      })
      .openapi('TicketPlaceOption'),
  ),
});
