import type { Cause } from '../incident/incident.ts';
import type { MaintenanceKind } from '../maintenance/maintenance.ts';
import type { Instant } from '../ports.ts';
import type { Interval } from '../time/interval.ts';
import { parseInstant } from '../time/zoned.ts';
import type {
  Facts,
  FactsMaintenance,
  FactsOutage,
  FactsSeverity,
  FactsTicket,
  PauseReason,
  TicketEvent,
  TicketKind,
} from './facts.ts';
import { spanOf } from './period.ts';

/** Facts as numbers: instants instead of texts, and an end to what still goes on. */
export interface Ledger {
  /** The whole period. */
  readonly period: Interval;
  readonly asOf: Instant;
  /** The part of the period that is looked at; empty when it has only just begun. */
  readonly looked: Interval;
  /** Those that are part of this statement: of everyone, or of its customer. */
  readonly outages: readonly LedgerOutage[];
  readonly maintenances: readonly LedgerMaintenance[];
  readonly unmeasured: readonly Interval[];
  readonly tickets: readonly LedgerTicket[];
}

export interface LedgerOutage {
  readonly id: string;
  readonly incident: string;
  readonly cause: Cause;
  /** Its levels, each for the time that it held. */
  readonly spells: readonly (Interval & { readonly level: string })[];
}

export interface Announcement extends Interval {
  readonly at: Instant;
}

export interface LedgerMaintenance {
  readonly id: string;
  readonly kind: MaintenanceKind;
  readonly announcements: readonly Announcement[];
  readonly cancelled: boolean;
  /** When the work went on: recorded, or else the last announced window. */
  readonly work: Interval | null;
  /** Whether it is part of this statement. */
  readonly counts: boolean;
}

export interface LedgerTicket {
  readonly id: string;
  readonly kind: TicketKind;
  /** The last one. */
  readonly level: string | undefined;
  /** When the level last changed; null when it never did. */
  readonly changedAt: Instant | null;
  /** The first of each event. */
  readonly events: ReadonlyMap<TicketEvent, Instant>;
  readonly pauses: readonly (Interval & { readonly reason: PauseReason })[];
}

/** Puts sound facts into numbers; days and months are those of `zone`. */
export function ledgerOf(facts: Facts, zone: string): Ledger {
  const period = spanOf(facts.period, zone);
  const asOf = facts.asOf === undefined ? period.to : parseInstant(facts.asOf);
  const looked = { from: period.from, to: Math.min(period.to, asOf) };
  const isPart = (hit: readonly string[] | undefined): boolean =>
    hit === undefined || (facts.customer !== undefined && hit.includes(facts.customer));
  return {
    period,
    asOf,
    looked,
    outages: (facts.outages ?? [])
      .filter((outage) => isPart(outage.customers))
      .map((outage) => outageOf(outage, asOf)),
    maintenances: (facts.maintenances ?? []).map((maintenance) => ({
      ...maintenanceOf(maintenance, asOf),
      counts: isPart(maintenance.customers),
    })),
    unmeasured: (facts.unmeasured ?? []).map((gap) => spanBetween(gap, asOf)),
    tickets: (facts.tickets ?? []).map((ticket) => ticketOf(ticket, asOf)),
  };
}

function spanBetween(span: { from: string; to?: string }, asOf: Instant): Interval {
  const to = span.to === undefined ? asOf : parseInstant(span.to);
  return { from: parseInstant(span.from), to };
}

function outageOf(outage: FactsOutage, asOf: Instant): LedgerOutage {
  return {
    id: outage.id,
    incident: outage.incident ?? outage.id,
    cause: outage.cause ?? 'internal',
    spells: spellsOf(outage.severity, spanBetween(outage, asOf)),
  };
}

function spellsOf(severity: FactsSeverity, span: Interval): LedgerOutage['spells'] {
  if (typeof severity === 'string') return [{ ...span, level: severity }];
  const starts = severity.map((change) => parseInstant(change.from));
  return severity.map(({ level }, index) => ({
    from: starts[index] ?? span.from,
    to: Math.min(starts[index + 1] ?? span.to, span.to),
    level,
  }));
}

function maintenanceOf(
  maintenance: FactsMaintenance,
  asOf: Instant,
): Omit<LedgerMaintenance, 'counts'> {
  const announcements = maintenance.announcements.map(({ at, from, to }) => ({
    at: parseInstant(at),
    from: parseInstant(from),
    to: parseInstant(to),
  }));
  const last = announcements.at(-1);
  const announced = last ? { from: last.from, to: last.to } : null;
  return {
    id: maintenance.id,
    kind: maintenance.kind,
    announcements,
    cancelled: maintenance.cancelledAt !== undefined,
    work: maintenance.work ? spanBetween(maintenance.work, asOf) : announced,
  };
}

/** One ticket in numbers; a pause that goes on ends at `asOf`. */
export function ticketOf(ticket: FactsTicket, asOf: Instant): LedgerTicket {
  const events = new Map<TicketEvent, Instant>();
  for (const { at, event } of ticket.events) {
    const instant = parseInstant(at);
    events.set(event, Math.min(events.get(event) ?? Infinity, instant));
  }
  return {
    id: ticket.id,
    kind: ticket.kind,
    ...levelOf(ticket.severity),
    events,
    pauses: (ticket.pauses ?? []).map((pause) => ({
      ...spanBetween(pause, asOf),
      reason: pause.reason,
    })),
  };
}

function levelOf(severity: FactsSeverity | undefined): Pick<LedgerTicket, 'level' | 'changedAt'> {
  if (typeof severity !== 'object') return { level: severity, changedAt: null };
  const change = severity.findLast(
    ({ level }, index) => index > 0 && level !== severity[index - 1]?.level,
  );
  return {
    level: severity.at(-1)?.level,
    changedAt: change ? parseInstant(change.from) : null,
  };
}
