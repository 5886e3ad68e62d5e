import { DomainError, type Fault } from '../errors.ts';
import { formatInstant, startOfDate } from '../time/zoned.ts';
import { covers, type Agreement } from './agreement.ts';
import type { AgreementBook } from './book.ts';
import { PERIOD_KINDS, type Facts, type FactsPeriod } from './facts.ts';
import {
  isSoundSpan,
  readMaintenance,
  readOutage,
  readSpan,
  readTicket,
  type Setting,
} from './parse-records.ts';
import { FIRST_YEAR, LAST_YEAR, spanOf } from './period.ts';
import { Reader } from './reader.ts';
import { faultOfReading } from './rules.ts';

export type ParsedFacts =
  { ok: true; facts: Facts; agreement: Agreement } | { ok: false; faults: readonly Fault[] };

/** Takes facts from the text of a file; a text that is no JSON is one fault. */
export function parseFactsText(text: string, book: AgreementBook): ParsedFacts {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ok: false, faults: [{ path: '(document)', message: `is no JSON: ${why}` }] };
  }
  return parseFacts(json, book);
}

/** Takes facts from a JSON document, or gives every fault in it with its path. */
export function parseFacts(json: unknown, book: AgreementBook): ParsedFacts {
  const faults: Fault[] = [];
  const root = new Reader(json, faults);
  root.hasKeys(['agreement', 'component', 'period'], OPTIONAL);
  const agreement = readAgreement(root.at('agreement'), book);
  readWhole(root, agreement);
  if (faults.length > 0 || !agreement) return { ok: false, faults };
  // Every key and every value of it has been read above.
  return { ok: true, facts: json as Facts, agreement };
}

const OPTIONAL = [
  'asOf',
  'customer',
  'readings',
  'outages',
  'maintenances',
  'unmeasured',
  'tickets',
  'feesPaid',
  'responseTimesMs',
];

function readAgreement(reader: Reader, book: AgreementBook): Agreement | null {
  if (!reader.isGiven) return null;
  const reference = reader.text();
  if (reference === null) return null;
  try {
    return book.get(reference);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    reader.fault(`names nothing to judge by: ${error.message}`);
    for (const fault of error.faults) reader.fault(`${fault.path} ${fault.message}`);
    return null;
  }
}

function readWhole(root: Reader, agreement: Agreement | null): void {
  readComponent(root.at('component'), agreement);
  const asOf = root.at('asOf');
  const setting: Setting = {
    agreement,
    levels: agreement?.severityLevels.map(({ id }) => id) ?? null,
    asOf: { given: asOf.isGiven, instant: asOf.isGiven ? asOf.instant() : null },
  };
  readPeriod(root.at('period'), asOf, setting);
  if (root.at('customer').isGiven) root.at('customer').text();
  readReadings(root.at('readings'), agreement);
  readAll(root.at('outages'), (outage) => readOutage(outage, setting));
  readAll(root.at('maintenances'), (maintenance) => readMaintenance(maintenance, setting));
  for (const gap of root.at('unmeasured').items())
    if (gap.hasKeys(['from', 'to'])) readSpan(gap, setting);
  readAll(root.at('tickets'), (ticket) => readTicket(ticket, setting));
  readFees(root.at('feesPaid'));
  for (const time of root.at('responseTimesMs').items()) readTime(time);
}

function readComponent(component: Reader, agreement: Agreement | null): void {
  if (!component.isGiven) return;
  const name = component.text();
  if (!agreement || name === null || covers(agreement, name)) return;
  const known = agreement.components.map(({ id }) => id);
  component.oneOf(known, `component of ${agreement.id}`);
}

function readTime(time: Reader): void {
  const { value } = time;
  if (typeof value !== 'number' || !(value >= 0 && value < Infinity))
    time.fault('is no time in milliseconds; write a number of at least 0');
}

/** Reads each item of a list whose items have an id of their own. */
function readAll(list: Reader, read: (item: Reader) => void): void {
  const seen = new Map<string, string>();
  for (const item of list.items()) {
    read(item);
    const id = item.at('id');
    if (typeof id.value !== 'string') continue;
    const other = seen.get(id.value);
    if (other !== undefined) id.fault(`"${id.value}" is already the id of ${other}`);
    else seen.set(id.value, item.path);
  }
}

const PERIOD_KEYS: Readonly<Record<FactsPeriod['kind'], readonly string[]>> = {
  'rolling-12-months': ['endingAt'],
  'calendar-year': ['year'],
  'calendar-month': ['month'],
  'contract-year': ['start', 'nth'],
  range: ['from', 'to'],
};

function readPeriod(period: Reader, asOf: Reader, setting: Setting): void {
  if (!period.isGiven) return;
  if (!period.at('kind').isGiven) {
    period.hasKeys(['kind'], Object.values(PERIOD_KEYS).flat());
    return;
  }
  const kind = period.at('kind').oneOf(PERIOD_KINDS, 'kind of period');
  if (kind === null || !period.hasKeys(['kind', ...PERIOD_KEYS[kind]])) return;
  if (!isSoundPeriod(period, kind)) return;
  const zone = setting.agreement?.document.zone;
  const { instant } = setting.asOf;
  if (zone === undefined || instant === null) return;
  const { from } = spanOf(period.value as FactsPeriod, zone);
  if (instant < from) asOf.fault(`is before the period, which starts at ${formatInstant(from)}`);
}

function isSoundPeriod(period: Reader, kind: FactsPeriod['kind']): boolean {
  switch (kind) {
    case 'rolling-12-months':
      return period.at('endingAt').instant() !== null;
    case 'calendar-year':
      return period.at('year').whole(FIRST_YEAR, LAST_YEAR) !== null;
    case 'calendar-month':
      return isSoundDate(period.at('month'), '-01', 'a month, such as 2026-05');
    case 'contract-year': {
      const nth = period.at('nth').whole(1, 500);
      return isSoundDate(period.at('start'), '', 'a date, such as 2026-03-01') && nth !== null;
    }
    case 'range':
      return isSoundSpan(period.at('from'), period.at('to'));
  }
}

function isSoundDate(reader: Reader, rest: string, right: string): boolean {
  const { value } = reader;
  const year = typeof value === 'string' ? Number(value.slice(0, 4)) : 0;
  if (
    typeof value === 'string' &&
    startOfDate(value + rest, 'UTC') !== null &&
    year >= FIRST_YEAR &&
    year <= LAST_YEAR
  )
    return true;
  reader.matching(/(?!)/, right);
  return false;
}

function readReadings(readings: Reader, agreement: Agreement | null): void {
  if (!readings.isGiven) return;
  for (const id of readings.keys()) {
    const option = readings.at(id).text();
    if (option === null || !agreement) continue;
    const wrong = faultOfReading(agreement, id, option);
    if (wrong !== null) readings.at(id).fault(wrong);
  }
}

function readFees(fees: Reader): void {
  if (!fees.isGiven || !fees.hasKeys(['amount', 'currency'])) return;
  fees.at('amount').matching(/^\d+\.\d{2}$/, 'an amount with two decimals, such as "6000.00"');
  fees.at('currency').matching(/^[A-Z]{3}$/, 'a currency by its three letters, such as "EUR"');
}
