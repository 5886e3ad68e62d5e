import { DomainError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import type { Calendar } from '../time/calendar.ts';
import type { Agreement } from './agreement.ts';
import { termsOf } from './agreement-check.ts';
import { termsSchema, type Terms } from './agreement-schema.ts';
import { calendarsOf } from './calendars.ts';
import { replaced } from './replace.ts';

/** An agreement under one choice of readings, for one customer or for the public. */
export interface Rules {
  readonly agreement: Agreement;
  /** Every reading of the agreement with the option used. */
  readonly readings: Readonly<Record<string, string>>;
  readonly terms: Terms;
  readonly downLevels: ReadonlySet<string>;
  /** A calendar of the agreement by name, or `always`. */
  calendar(name: string): Calendar;
}

const made = new WeakMap<Agreement, Map<string, Rules>>();

/**
 * The rules under the given readings; those not given take their default. Throws
 * DomainError('invalid-input') for a reading or an option that the agreement does not have.
 */
export function rulesUnder(
  agreement: Agreement,
  given: Readonly<Record<string, string>> = {},
  customer?: string,
): Rules {
  const readings = chosen(agreement, given);
  const own = customer === undefined ? undefined : agreement.document.customers[customer];
  const key = `${Object.values(readings).join(' ')}|${own ? (customer ?? '') : ''}`;
  const cache = made.get(agreement) ?? new Map<string, Rules>();
  made.set(agreement, cache);
  let rules = cache.get(key);
  if (!rules) {
    rules = makeRules(agreement, readings, own?.replaces ?? {});
    cache.set(key, rules);
  }
  return rules;
}

function chosen(
  agreement: Agreement,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  for (const [id, option] of Object.entries(given)) {
    const fault = faultOfReading(agreement, id, option);
    if (fault !== null) throw new DomainError('invalid-input', `reading ${id} ${fault}`);
  }
  return Object.fromEntries(
    agreement.readings.map(({ id, options }) => [id, given[id] ?? options[0] ?? '']),
  );
}

/** What is wrong with a choice of reading; null when nothing is. */
export function faultOfReading(agreement: Agreement, id: string, option: string): string | null {
  const reading = agreement.readings.find((known) => known.id === id);
  if (!reading) {
    const ids = agreement.readings.map((known) => known.id);
    return `is no reading of ${agreement.id}; ${advice(id, ids)}`;
  }
  if (reading.options.includes(option)) return null;
  return `has no option "${option}"; ${advice(option, reading.options)}`;
}

function advice(word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  if (meant !== null) return `did you mean "${meant}"?`;
  return known.length === 0 ? 'it has none' : `known are ${known.join(', ')}`;
}

function makeRules(
  agreement: Agreement,
  readings: Readonly<Record<string, string>>,
  own: Readonly<Record<string, unknown>>,
): Rules {
  let tree = termsOf(agreement.source);
  for (const [id, option] of Object.entries(readings))
    tree = replaced(tree, agreement.document.readings[id]?.options[option]?.replaces ?? {});
  const terms = termsSchema.parse(replaced(tree, own));
  const down = terms.severity.filter((level) => level.countsAsDown);
  return {
    agreement,
    readings,
    terms,
    downLevels: new Set(down.map(({ id }) => id)),
    calendar: calendarsOf(terms),
  };
}
