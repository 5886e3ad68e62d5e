import { publicReference } from '@upheld/config/agreements.ts';
import type { AgreementUse, ComponentConfig } from '@upheld/config/schema.ts';
import type { Cause } from '@upheld/domain/incident/incident.ts';
import { ticketFacts } from '@upheld/domain/desk/ticket.ts';
import { historyIn, type Said } from '@upheld/domain/incident/history.ts';
import { ceilSecond, floorSecond, inWholeSeconds } from '@upheld/domain/page/whole-seconds.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { detectorSeverity, type Agreement } from '@upheld/domain/sla/agreement.ts';
import type {
  Facts,
  FactsInterval,
  FactsMaintenance,
  FactsOutage,
  FactsPeriod,
} from '@upheld/domain/sla/facts.ts';
import { clip, setOf, type Interval } from '@upheld/domain/time/interval.ts';
import { formatInstant } from '@upheld/domain/time/zoned.ts';
import type { ChangeRow, MaintenanceRow, OutageRow, Recorded } from './recorded-types.ts';

/** The name under which the measuring process records. */
const DETECTOR = 'detector';

// The same instants are written on every reading of a page; writing one takes longer than finding it.
const written = new Map<Instant, string>();
const MOST_WRITTEN = 100_000;

function iso(at: Instant): string {
  let text = written.get(at);
  if (text === undefined) {
    text = formatInstant(at);
    if (written.size >= MOST_WRITTEN) written.clear();
    written.set(at, text);
  }
  return text;
}

/** One component as one agreement sees it. */
export interface Covered {
  component: ComponentConfig;
  use: AgreementUse;
  agreement: Agreement;
}

/** By what name the public knows the agreement. */
export function referenceOf({ use, agreement }: Pick<Covered, 'use' | 'agreement'>): string {
  return publicReference(use.agreement, agreement);
}

/** What a statement is asked about. */
export interface Asked {
  period: FactsPeriod;
  /** The time that `period` means to the agreement. */
  span: Interval;
  /** The moment of the statement, on a whole second; after the start of the period. */
  asOf: Instant;
  /** What was announced or cancelled later is not known yet. */
  knownAt: Instant;
}

/**
 * What was recorded, as the facts from which a statement is made: the one place where records become
 * facts. Starts are cut to the second and ends carried to the next, so that no second of an outage is
 * lost; the moment of an announcement is carried on too, so that none is in time by rounding.
 *
 * A component with several monitors is down while one of them finds it down: each watches a way in which
 * customers use it, and a way that fails is a promise broken. Their outages are facts side by side, of one
 * incident; a second that two of them share is one second.
 */
export function factsOf(recorded: Recorded, covered: Covered, asked: Asked): Facts {
  const { component, use, agreement } = covered;
  const looked = { from: asked.span.from, to: Math.min(asked.span.to, asked.asOf) };
  const { outages, maintenances } = counted(recorded, covered, looked);
  const { merges } = recorded;
  const changes = changesOf(recorded);
  return {
    agreement: referenceOf(covered),
    component: use.component ?? namedIn(agreement, component.id),
    period: asked.period,
    asOf: iso(asked.asOf),
    outages: outages.flatMap((outage) =>
      outageFacts(outage, changes(outage.incidentId), covered, looked).map((facts) => ({
        ...facts,
        incident: merges.rootOf(outage.incidentId),
      })),
    ),
    maintenances: maintenances.flatMap((row) => maintenanceFacts(row, asked)),
    unmeasured: unmeasuredFacts(recorded.unmeasured, looked),
    ...ticketsOf(recorded, agreement, asked),
  };
}

/** The agreement's own name of a component for which the configuration gives none. */
function namedIn({ components }: Agreement, id: string): string {
  return components.some((one) => one.id === id) ? id : (components[0]?.id ?? id);
}

/** What customers reported, where the agreement speaks of reports. */
function ticketsOf(
  { tickets = [] }: Recorded,
  agreement: Agreement,
  { asOf, knownAt }: Asked,
): Pick<Facts, 'tickets'> {
  if (!agreement.document.tickets) return {};
  const levels = agreement.severityLevels.map(({ id }) => id);
  const facts = tickets.flatMap((record) => ticketFacts(record, levels, { knownAt, asOf }) ?? []);
  return facts.length === 0 ? {} : { tickets: facts };
}

/** What was said that holds for an outage recorded under an incident, in the order in which it was said. */
function changesOf({ changes, merges }: Recorded): (incidentId: string) => readonly ChangeRow[] {
  const own = Map.groupBy(changes, (change) => change.incidentId);
  return (incidentId) => {
    const heard = merges.heardBy(incidentId);
    if (heard.length === 1) return own.get(incidentId) ?? [];
    return changes.filter((change) =>
      heard.some(({ id, from }) => id === change.incidentId && change.recordedAt >= from),
    );
  };
}

/**
 * What the facts tell of: what lies in the time looked at and, where an agreement counts interruptions, what
 * tells whether one of them began before it.
 */
function counted(
  { outages, maintenances, before, merges }: Recorded,
  { agreement }: Covered,
  looked: Interval,
): Pick<Recorded, 'outages' | 'maintenances'> {
  const inTime = outages.filter((row) => {
    const { from, to } = inSeconds(row);
    return from < looked.to && (to === null || to > Math.max(from, looked.from));
  });
  if (!agreement.document.interruptions) return { outages: inTime, maintenances };
  const incidents = new Set(inTime.map((row) => merges.rootOf(row.incidentId)));
  const earlier = [...(before?.outages ?? []), ...outages].filter((row) => {
    const { from, to } = inSeconds(row);
    if (to === null || to > looked.from || to <= from) return false;
    // What ended as the time began can be one stretch with what follows it.
    return to === looked.from || incidents.has(merges.rootOf(row.incidentId));
  });
  return {
    outages: [...earlier, ...inTime],
    maintenances: [...(before?.maintenances ?? []), ...maintenances],
  };
}

function inSeconds({ startedAt, endedAt }: OutageRow): { from: Instant; to: Instant | null } {
  return { from: floorSecond(startedAt), to: endedAt === null ? null : ceilSecond(endedAt) };
}

// A cause holds for a whole outage in facts, so one that changes midway makes two outages of one incident.
function outageFacts(
  row: OutageRow,
  own: readonly ChangeRow[],
  covered: Covered,
  looked: Interval,
): FactsOutage[] {
  const span = inSeconds(row);
  const causes = row.putRight?.cause
    ? [{ value: row.putRight.cause, from: span.from }]
    : historyIn<Cause>(causesSaid(own), span, 'internal');
  return causes.flatMap(({ value: cause, from }, index) => {
    // What begins after the moment of the statement is not yet part of it.
    if (from >= looked.to) return [];
    const to = causes[index + 1]?.from ?? span.to;
    return {
      id: index === 0 ? row.id : `${row.id}/${index + 1}`,
      from: iso(from),
      ...(to === null ? {} : { to: iso(to) }),
      severity: severityFacts(row, own, covered, { from, to }),
      ...(cause === 'internal' ? {} : { cause }),
      incident: row.incidentId,
    };
  });
}

function causesSaid(changes: readonly ChangeRow[]): Said<Cause>[] {
  return changes.flatMap(({ cause, effectiveFrom }) =>
    cause === null ? [] : [{ value: cause, from: floorSecond(effectiveFrom) }],
  );
}

/**
 * The levels of one outage: what the detector gave it when it began, then what people said. What the
 * detector said of another outage of the same incident does not touch this one.
 */
function severityFacts(
  row: OutageRow,
  changes: readonly ChangeRow[],
  { use, agreement }: Covered,
  span: { from: Instant; to: Instant | null },
): FactsOutage['severity'] {
  const { severity: corrected } = row.putRight ?? {};
  const level = corrected?.get(use.agreement) ?? corrected?.get(agreement.id);
  if (level !== undefined) return level;
  const mine = changes.filter(
    (change) => change.agreement === use.agreement || change.agreement === agreement.id,
  );
  const first = detectedLevel(row, mine, agreement);
  const started = floorSecond(row.startedAt);
  const said: Said<string>[] = [
    // What people opened has no level of the detector's: only what they said.
    ...(row.monitorId === null ? [] : [{ value: first, from: started }]),
    ...mine.flatMap(({ severity, effectiveFrom, recordedBy }) =>
      severity === null || recordedBy === DETECTOR
        ? []
        : [{ value: severity, from: floorSecond(effectiveFrom) }],
    ),
  ];
  const levels = historyIn(said, span, first);
  const [only] = levels;
  if (levels.length === 1 && only) return only.value;
  return levels.map(({ value, from }) => ({ from: iso(from), level: value }));
}

function detectedLevel(
  row: OutageRow,
  changes: readonly ChangeRow[],
  agreement: Agreement,
): string {
  const down = row.state === 'down';
  const counts = new Map(agreement.severityLevels.map((level) => [level.id, level.countsAsDown]));
  const given = changes.filter(
    (change) => change.recordedBy === DETECTOR && change.effectiveFrom === row.startedAt,
  );
  // Two monitors can fail at the same moment in different ways: each outage keeps its own level.
  const own = given.find(({ severity }) => severity !== null && counts.get(severity) === down);
  return (own ?? given.at(-1))?.severity ?? detectorSeverity(agreement, down ? 'down' : 'degraded');
}

/** A maintenance as far as it was known; nothing when it was not. */
function maintenanceFacts(row: MaintenanceRow, { asOf, knownAt }: Asked): FactsMaintenance[] {
  const announcements = row.announcements.filter(({ at }) => floorSecond(at) <= knownAt);
  if (announcements.length === 0) return [];
  const cancelled = row.cancelledAt !== null && row.cancelledAt <= knownAt;
  const work = cancelled ? null : workOf(row, asOf);
  return [
    {
      id: row.id,
      kind: row.kind,
      announcements: announcements.map(({ at, from, to }) => ({
        at: iso(at),
        from: iso(from),
        to: iso(to),
      })),
      ...(cancelled && row.cancelledAt !== null ? { cancelledAt: iso(row.cancelledAt) } : {}),
      ...(work ? { work } : {}),
      ...(row.reason === null ? {} : { reason: row.reason }),
    },
  ];
}

function workOf(row: MaintenanceRow, asOf: Instant): FactsMaintenance['work'] | null {
  if (row.workStartedAt === null || row.workStartedAt >= asOf) return null;
  const from = iso(row.workStartedAt);
  if (row.workEndedAt === null) return { from };
  return { from, to: iso(ceilSecond(row.workEndedAt)) };
}

function unmeasuredFacts(unmeasured: readonly Interval[], looked: Interval): FactsInterval[] {
  return clip(setOf(unmeasured.map(inWholeSeconds)), looked).map(({ from, to }) => ({
    from: iso(from),
    to: iso(to),
  }));
}

/** Every agreement of a component that the configuration names, the leading one first. */
export function coverOf(
  component: ComponentConfig,
  book: { get(reference: string): Agreement },
): Covered[] {
  return component.agreements.map((use) => ({
    component,
    use,
    agreement: book.get(use.agreement),
  }));
}

/** Rolling twelve months up to an instant, the period of the public page. */
export function rollingYear(endingAt: Instant): FactsPeriod {
  return { kind: 'rolling-12-months', endingAt: iso(endingAt) };
}
