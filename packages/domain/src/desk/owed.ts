import { floorSecond } from '../page/whole-seconds.ts';
import type { Instant } from '../ports.ts';
import { runClock } from '../sla/clocks.ts';
import type { FactsTicket } from '../sla/facts.ts';
import { ticketOf, type LedgerTicket } from '../sla/ledger.ts';
import type { Rules } from '../sla/rules.ts';
import { closingOf, openDayFrom } from '../sla/working-days.ts';
import { addLocalDays, startOfLocalDay } from '../time/zoned.ts';
import { dueUnder, dutyKey, soonFrom, type DutySubject, type Owed, type Proof } from './duties.ts';
import { obligationsOn } from '../sla/incident-duties.ts';
import { waits, type TicketEntry } from './ticket.ts';
import { TOLD_EVENTS } from './report-events.ts';

/** What the duties of a ticket are made of. */
export interface DutyTicket {
  subject: DutySubject;
  facts: FactsTicket;
  registeredAt: Instant;
  closedAt: Instant | null;
  events: readonly TicketEntry[];
  /** Whether the reporter can be told by mail: then only what went out is told. */
  hasAddress: boolean;
  /** When what an event says went out to the reporter, by the id of the event. */
  sent: ReadonlyMap<string, Instant>;
  /** Of the incident that it is about. */
  incidentId: string | null;
  postmortemAt: Instant | null;
}

const HALF_TIME = {
  nl: 'Statusupdate op de helft van de hersteltijd',
  en: 'Status update at half of the recovery time',
};

/** All that an agreement asks for because of a ticket. */
export function owedForTicket(
  rules: Rules,
  agreement: string,
  ticket: DutyTicket,
  now: Instant,
): Owed[] {
  const ledger = ticketOf(ticket.facts, now);
  return [
    ...halfTime(rules, agreement, ticket, ledger, now),
    ...sameDay(rules, agreement, ticket, ledger),
    ...registered(rules, agreement, ticket, ledger),
    ...recategorised(rules, agreement, ticket),
    ...forceMajeure(rules, agreement, ticket),
    ...told(rules, agreement, ticket),
  ];
}

/** The half of a recovery that took longer; it is owed as long as the ticket is open. */
function halfTime(
  rules: Rules,
  agreement: string,
  ticket: DutyTicket,
  ledger: LedgerTicket,
  now: Instant,
): Owed[] {
  const { rule, run } = runClock(rules, ledger, 'recovery', now);
  if (!rule || !run || run.half === null || ticket.closedAt !== null) return [];
  if (run.stop !== null && run.stop <= run.half) return [];
  return [
    {
      key: dutyKey(agreement, 'half-time', ticket.subject.id),
      agreement,
      clause: rule.clause,
      what: HALF_TIME,
      subject: ticket.subject,
      since: run.start,
      due: run.half,
      atOnce: false,
      calendar: run.calendar,
      proof: firstTold(ticket, soonFrom(run.start, run.half)),
    },
  ];
}

/** A fault not restored on the day of its report: due when that day closes, or ends where it did not open. */
function sameDay(
  rules: Rules,
  agreement: string,
  ticket: DutyTicket,
  ledger: LedgerTicket,
): Owed[] {
  const received = ledger.events.get('received');
  if (ledger.kind !== 'incident' || received === undefined || ticket.closedAt !== null) return [];
  return obligationsOn(rules, 'not-restored-same-day').flatMap(([name, rule]): Owed[] => {
    const calendar = rules.calendar(rules.terms.tickets?.calendar ?? 'always');
    const due = endOfReportDay(rules, received);
    const resolved = ledger.events.get('resolved');
    if (resolved !== undefined && resolved <= due) return [];
    return [
      {
        key: dutyKey(agreement, name, ticket.subject.id),
        agreement,
        clause: rule.clause,
        what: rule.does,
        subject: ticket.subject,
        since: received,
        due,
        atOnce: false,
        calendar,
        proof: firstTold(ticket, soonFrom(received, due)),
      },
    ];
  });
}

function endOfReportDay(rules: Rules, received: Instant): Instant {
  const calendar = rules.calendar(rules.terms.tickets?.calendar ?? 'always');
  const midnight = startOfLocalDay(received, calendar.zone);
  const next = addLocalDays(midnight, 1, calendar.zone);
  const day = openDayFrom(calendar, midnight - 1, 1);
  const closes = day && day.from < next ? closingOf(calendar, day) : next;
  return received < closes ? closes : next;
}

function registered(
  rules: Rules,
  agreement: string,
  ticket: DutyTicket,
  ledger: LedgerTicket,
): Owed[] {
  // What the incident owes it does not owe again for each report of it.
  if (ledger.kind === 'question' || ticket.incidentId !== null) return [];
  return obligationsOn(rules, 'incident-registered', { level: ledger.level }).map(
    ([name, rule]) => ({
      key: dutyKey(agreement, name, ticket.subject.id),
      agreement,
      clause: rule.clause,
      what: rule.does,
      subject: ticket.subject,
      since: floorSecond(ticket.registeredAt),
      ...dueUnder(rules, rule.within, ticket.registeredAt),
      proof: null,
    }),
  );
}

function recategorised(rules: Rules, agreement: string, ticket: DutyTicket): Owed[] {
  return ticket.events
    .filter(({ kind }) => kind === 'recategorised')
    .flatMap((event) =>
      obligationsOn(rules, 'severity-changed').map(([name, rule]) => ({
        key: dutyKey(agreement, name, `${ticket.subject.id}/${event.id}`),
        agreement,
        clause: rule.clause,
        what: rule.does,
        subject: ticket.subject,
        since: event.recordedAt,
        ...dueUnder(rules, rule.within, event.recordedAt),
        proof: mailed(ticket, event) ?? firstTold(ticket, event.recordedAt),
      })),
    );
}

function forceMajeure(rules: Rules, agreement: string, ticket: DutyTicket): Owed[] {
  const first = waits(ticket.events).find(({ reason }) => reason === 'force-majeure');
  if (!first || ticket.incidentId !== null) return [];
  return obligationsOn(rules, 'cause-established', { cause: 'force-majeure' }).map(
    ([name, rule]) => ({
      key: dutyKey(agreement, name, ticket.subject.id),
      agreement,
      clause: rule.clause,
      what: rule.does,
      subject: ticket.subject,
      since: first.from,
      ...dueUnder(rules, rule.within, first.from),
      proof: firstTold(ticket, first.from),
    }),
  );
}

/** What follows from what somebody said that happened. */
function told(rules: Rules, agreement: string, ticket: DutyTicket): Owed[] {
  return ticket.events
    .filter(({ kind }) => kind === 'happened')
    .flatMap((event) => {
      const happened = TOLD_EVENTS.find((known) => known === event.type);
      if (happened === undefined) return [];
      return obligationsOn(rules, happened, { level: levelOf(ticket.facts) }).map(
        ([name, rule]) => ({
          key: dutyKey(agreement, name, `${ticket.subject.id}/${event.id}`),
          agreement,
          clause: rule.clause,
          what: rule.does,
          subject: ticket.subject,
          since: event.at,
          ...dueUnder(rules, rule.within, event.at),
          proof: rule.owes === 'rca-report' ? published(ticket.postmortemAt, event.at) : null,
        }),
      );
    });
}

function levelOf({ severity }: FactsTicket): string | undefined {
  return typeof severity === 'object' ? severity.at(-1)?.level : severity;
}

function published(at: Instant | null, since: Instant): Proof | null {
  return at === null || at < since ? null : { at, evidence: 'the published postmortem' };
}

/** The first message to the reporter from a moment on. */
function firstTold(ticket: DutyTicket, from: Instant): Proof | null {
  for (const event of ticket.events) {
    if (event.kind !== 'updated' && event.kind !== 'responded') continue;
    const proof = ticket.hasAddress ? mailed(ticket, event) : said(event);
    if (proof && proof.at >= from) return proof;
  }
  return null;
}

function mailed({ sent }: DutyTicket, event: TicketEntry): Proof | null {
  const at = sent.get(event.id);
  return at === undefined ? null : { at, evidence: `mail of ${event.kind} ${event.id}` };
}

const said = (event: TicketEntry): Proof => ({
  at: event.at,
  evidence: `${event.kind} ${event.id}, by ${event.recordedBy}`,
});
