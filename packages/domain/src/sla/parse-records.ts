import { CAUSES } from '../incident/incident.ts';
import { MAINTENANCE_KINDS } from '../maintenance/maintenance.ts';
import type { Instant } from '../ports.ts';
import type { Agreement } from './agreement.ts';
import { PAUSE_REASONS, TICKET_EVENTS, TICKET_KINDS } from './facts.ts';
import type { Reader } from './reader.ts';

/** What the parts of the facts are judged against. */
export interface Setting {
  agreement: Agreement | null;
  levels: readonly string[] | null;
  /** Whether it was given at all, and what it is when it is sound. */
  asOf: { given: boolean; instant: Instant | null };
}

interface Span {
  from: Instant;
  /** null while it goes on. */
  to: Instant | null;
}

/** Whether a span has two sound ends in the right order. */
export function isSoundSpan(from: Reader, to: Reader): boolean {
  const start = from.instant();
  const end = to.instant();
  if (start === null || end === null) return false;
  if (end > start) return true;
  to.fault(`is not after the start, ${String(from.value)}`);
  return false;
}

/** A span whose end may be missing: then it still goes on at `asOf`. */
export function readSpan(span: Reader, { asOf }: Setting): Span | null {
  const to = span.at('to');
  if (to.isGiven) {
    if (!isSoundSpan(span.at('from'), to)) return null;
    return { from: span.at('from').instant() ?? 0, to: to.instant() };
  }
  const from = span.at('from').instant();
  if (!asOf.given) to.fault('is missing; without asOf nothing can still go on');
  else if (from !== null && asOf.instant !== null && from > asOf.instant)
    span.at('from').fault('is after asOf, so it cannot still go on then; give its to');
  return from === null ? null : { from, to: null };
}

export function readOutage(outage: Reader, setting: Setting): void {
  if (!outage.hasKeys(['id', 'from', 'severity'], ['to', 'cause', 'customers', 'incident'])) return;
  outage.at('id').text();
  const span = readSpan(outage, setting);
  readSeverity(outage.at('severity'), setting, span);
  if (outage.at('cause').isGiven) outage.at('cause').oneOf(CAUSES, 'cause');
  readCustomers(outage.at('customers'));
  if (outage.at('incident').isGiven) outage.at('incident').text();
}

/** A level, or its changes in order; those of an outage begin with it and lie within it. */
function readSeverity(severity: Reader, setting: Setting, span: Span | null): void {
  if (!Array.isArray(severity.value)) {
    readLevel(severity, setting);
    return;
  }
  const changes = severity.items();
  if (changes.length === 0) severity.fault('is empty; give at least one level');
  let previous: Instant | null = null;
  for (const [index, change] of changes.entries()) {
    if (!change.hasKeys(['from', 'level'])) continue;
    readLevel(change.at('level'), setting);
    const at = change.at('from');
    const from = at.instant();
    if (from === null) continue;
    if (index === 0 && span && from !== span.from) at.fault('is not the start of the outage');
    checkOrder(at, from, previous, span?.to ?? null);
    previous = from;
  }
}

function checkOrder(at: Reader, from: Instant, previous: Instant | null, to: Instant | null): void {
  if (previous !== null && from <= previous) at.fault('is not later than the change before it');
  if (to !== null && from >= to) at.fault('is not before the end of the outage');
}

function readLevel(level: Reader, { levels }: Setting): void {
  if (levels) level.oneOf(levels, 'level of this agreement');
  else level.text();
}

function readCustomers(customers: Reader): void {
  if (!customers.isGiven) return;
  const items = customers.items();
  for (const customer of items) customer.text();
  if (Array.isArray(customers.value) && items.length === 0)
    customers.fault('is empty; leave it out when everyone is hit');
}

export function readMaintenance(maintenance: Reader, setting: Setting): void {
  const optional = ['cancelledAt', 'work', 'reason', 'customers'];
  if (!maintenance.hasKeys(['id', 'kind', 'announcements'], optional)) return;
  maintenance.at('id').text();
  const kind = maintenance.at('kind').oneOf(MAINTENANCE_KINDS, 'kind of maintenance');
  const reason = maintenance.at('reason');
  if (reason.isGiven) reason.text();
  else if (kind === 'emergency') reason.fault('is missing; an emergency needs one');
  readCustomers(maintenance.at('customers'));
  const lastStart = readAnnouncements(maintenance.at('announcements'));
  const work = maintenance.at('work');
  if (work.isGiven) {
    if (work.hasKeys(['from'], ['to'])) readSpan(work, setting);
  } else if (lastStart === 'none') work.fault('is missing; nothing was announced');
  readCancelled(maintenance.at('cancelledAt'), lastStart, work);
}

/** The start of the last window: an instant, none when nothing was announced, unknown when unsound. */
function readAnnouncements(list: Reader): Instant | 'none' | 'unknown' {
  let previous = -Infinity;
  let last: Instant | 'none' | 'unknown' = Array.isArray(list.value) ? 'none' : 'unknown';
  for (const announcement of list.items()) {
    last = 'unknown';
    if (!announcement.hasKeys(['at', 'from', 'to'])) continue;
    const at = announcement.at('at').instant();
    if (at !== null && at < previous)
      announcement.at('at').fault('is before the announcement above it; write them in order');
    if (at !== null) previous = at;
    const from = announcement.at('from');
    if (isSoundSpan(from, announcement.at('to'))) last = from.instant() ?? 'unknown';
  }
  return last;
}

function readCancelled(
  cancelledAt: Reader,
  lastStart: Instant | 'none' | 'unknown',
  work: Reader,
): void {
  if (!cancelledAt.isGiven) return;
  const at = cancelledAt.instant();
  if (work.isGiven) cancelledAt.fault('cannot be beside work: what was cancelled was not done');
  if (lastStart === 'none') cancelledAt.fault('has nothing to cancel: nothing was announced');
  if (at !== null && typeof lastStart === 'number' && at >= lastStart)
    cancelledAt.fault('is not before the last announced window starts');
}

export function readTicket(ticket: Reader, setting: Setting): void {
  if (!ticket.hasKeys(['id', 'kind', 'events'], ['severity', 'pauses'])) return;
  ticket.at('id').text();
  const kind = ticket.at('kind').oneOf(TICKET_KINDS, 'kind of ticket');
  const severity = ticket.at('severity');
  if (severity.isGiven) readSeverity(severity, setting, null);
  else if (kind !== 'question') severity.fault('is missing; only a question has none');
  for (const event of ticket.at('events').items()) {
    if (!event.hasKeys(['at', 'event'])) continue;
    event.at('at').instant();
    event.at('event').oneOf(TICKET_EVENTS, 'event');
  }
  for (const pause of ticket.at('pauses').items()) {
    if (!pause.hasKeys(['from', 'reason'], ['to'])) continue;
    readSpan(pause, setting);
    pause.at('reason').oneOf(PAUSE_REASONS, 'reason to pause');
  }
}
