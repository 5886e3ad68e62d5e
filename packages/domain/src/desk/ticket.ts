import { ceilSecond, floorSecond } from '../page/whole-seconds.ts';
import type { Instant } from '../ports.ts';
import {
  PAUSE_REASONS,
  TICKET_KINDS,
  type FactsTicket,
  type PauseReason,
  type TicketEvent,
  type TicketKind,
} from '../sla/facts.ts';
import { formatInstant } from '../time/zoned.ts';

/** What can be recorded of a ticket. */
export const TICKET_EVENT_KINDS = [
  'reported',
  'responded',
  'work-started',
  'root-cause-found',
  'workaround-delivered',
  'updated',
  'customer-said',
  'happened',
  'linked',
  'paused',
  'resumed',
  'recategorised',
  'recovered',
  'reopened',
  'closed',
] as const;
export type TicketEventKind = (typeof TICKET_EVENT_KINDS)[number];

export const TICKET_SOURCES = ['console', 'api', 'cli', 'mail'] as const;
export type TicketSource = (typeof TICKET_SOURCES)[number];

/** How a ticket stands. */
export const TICKET_STATES = ['open', 'waiting', 'recovered', 'closed'] as const;
export type TicketState = (typeof TICKET_STATES)[number];

/** Of mail: whether its domain signed it, or refuses it. */
export const SENDER_PROOFS = ['proven', 'refuted'] as const;
export type SenderProof = (typeof SENDER_PROOFS)[number];

/** One thing that was done or said. */
export interface TicketEntry {
  id: string;
  kind: TicketEventKind;
  /** When it held; `recordedAt` is when we knew. */
  at: Instant;
  /** The type after it; why it waits; what happened. */
  type: string | null;
  severity: string | null;
  text: string;
  /** Message-ID of the mail that it came by. */
  messageId?: string | null;
  /** Of that mail; null where nobody could tell. */
  senderProof?: SenderProof | null;
  recordedAt: Instant;
  recordedBy: string;
}

/** What is known of a ticket that its clocks depend on. */
export interface TicketRecord {
  id: string;
  reportedAt: Instant;
  recordedAt: Instant;
  /** When the probes saw what it is about, where they did. */
  detectedAt: Instant | null;
  /** In the order in which they were recorded. */
  events: readonly TicketEntry[];
}

const STOPS: Partial<Record<TicketEventKind, TicketEvent>> = {
  responded: 'responded',
  'work-started': 'work-started',
  'root-cause-found': 'root-cause-found',
  'workaround-delivered': 'workaround-delivered',
  updated: 'status-update',
  recovered: 'resolved',
};

/**
 * A ticket as facts of a statement `asOf`, for an agreement with these levels, as far as it was known at
 * `knownAt`; null where it says nothing to that agreement: it was not known yet, or is a fault of a level
 * that is not on its scale.
 * What starts a clock is cut to the second and what stops one carried to the next; a pause is taken within
 * whole seconds: nothing is in time by rounding. A recovery that was taken back by reopening is none.
 */
export function ticketFacts(
  record: TicketRecord,
  levels: readonly string[],
  { knownAt, asOf = knownAt }: { knownAt: Instant; asOf?: Instant },
): FactsTicket | null {
  if (floorSecond(record.recordedAt) > knownAt || floorSecond(record.reportedAt) > asOf)
    return null;
  const known = record.events.filter((event) => floorSecond(event.recordedAt) <= knownAt);
  const kind = kindOf(known);
  const severity = severityOf(known, levels);
  if (severity === null || (severity === undefined && kind !== 'question')) return null;
  const pauses = pausesOf(known, asOf);
  return {
    id: record.id,
    kind,
    ...(severity === undefined ? {} : { severity }),
    events: eventsOf(record, known, knownAt),
    ...(pauses.length === 0 ? {} : { pauses }),
  };
}

function eventsOf(
  record: TicketRecord,
  known: readonly TicketEntry[],
  knownAt: Instant,
): FactsTicket['events'] {
  const { reportedAt, recordedAt, detectedAt } = record;
  const starts: FactsTicket['events'] = [
    { at: formatInstant(floorSecond(reportedAt)), event: 'received' },
    { at: formatInstant(floorSecond(recordedAt)), event: 'registered' },
    ...(detectedAt === null || detectedAt > knownAt
      ? []
      : [{ at: formatInstant(floorSecond(detectedAt)), event: 'detected' as const }]),
  ];
  return [
    ...starts,
    ...standing(known).flatMap(({ kind, at }) => {
      const event = STOPS[kind];
      if (event === undefined) return [];
      // The root cause starts a clock; everything else here ends one.
      const second = kind === 'root-cause-found' ? floorSecond(at) : ceilSecond(at);
      return [{ at: formatInstant(second), event }];
    }),
  ];
}

/** What is left of the events when recoveries and workarounds that a reopening took back are left out. */
function standing(events: readonly TicketEntry[]): readonly TicketEntry[] {
  const reopened = events.findLastIndex(({ kind }) => kind === 'reopened');
  return events.filter(
    ({ kind }, index) =>
      index > reopened || (kind !== 'recovered' && kind !== 'workaround-delivered'),
  );
}

/** The type that it has now. */
export function kindOf(events: readonly TicketEntry[]): TicketKind {
  const said = events.findLast(({ type, kind }) => type !== null && saysType(kind))?.type;
  return TICKET_KINDS.find((kind) => kind === said) ?? 'question';
}

const saysType = (kind: TicketEventKind): boolean =>
  kind === 'reported' || kind === 'recategorised';

/** Its levels on this scale: undefined where it has none at all, null where the last is of another scale. */
function severityOf(
  events: readonly TicketEntry[],
  levels: readonly string[],
): FactsTicket['severity'] | null {
  const said = events.filter(({ kind }) => saysType(kind));
  const last = said.at(-1)?.severity ?? null;
  if (last === null) return undefined;
  if (!levels.includes(last)) return null;
  const own = spellsOf(said, levels);
  const [only] = own;
  if (own.length === 1 && only) return only.level;
  return own.map(({ from, level }) => ({ from: formatInstant(from), level }));
}

/** What is said later holds from then on, also when it is said to have held earlier. */
function spellsOf(
  said: readonly TicketEntry[],
  levels: readonly string[],
): { from: Instant; level: string }[] {
  const own: { from: Instant; level: string }[] = [];
  for (const { severity, at } of said) {
    if (severity === null || !levels.includes(severity)) continue;
    const from = floorSecond(at);
    while ((own.at(-1)?.from ?? -Infinity) >= from) own.pop();
    if (own.at(-1)?.level !== severity) own.push({ from, level: severity });
  }
  return own;
}

interface Pause {
  from: Instant;
  to: Instant | null;
  reason: PauseReason;
}

/** The stretches in which it waited, each with its reason; the last may go on. */
export function waits(events: readonly TicketEntry[]): Pause[] {
  const found: Pause[] = [];
  for (const { kind, at, type } of events) {
    const open = found.at(-1);
    const ends = ENDS_WAIT.has(kind) && open?.to === null;
    if (ends) open.to = Math.max(open.from, at);
    const reason = PAUSE_REASONS.find((known) => known === type);
    if (kind === 'paused' && reason) found.push({ from: at, to: null, reason });
  }
  return found;
}

const ENDS_WAIT: ReadonlySet<TicketEventKind> = new Set([
  'paused',
  'resumed',
  'recovered',
  'reopened',
  'closed',
]);

function pausesOf(
  events: readonly TicketEntry[],
  asOf: Instant,
): NonNullable<FactsTicket['pauses']> {
  return waits(events).flatMap(({ from, to, reason }) => {
    const start = ceilSecond(from);
    if (to === null) return start < asOf ? [{ from: formatInstant(start), reason }] : [];
    const end = floorSecond(to);
    return start < end ? [{ from: formatInstant(start), to: formatInstant(end), reason }] : [];
  });
}
