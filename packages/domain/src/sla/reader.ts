import type { Fault } from '../errors.ts';
import { nearest } from '../nearest.ts';
import type { Instant } from '../ports.ts';
import { tryParseInstant, wallOfDate } from '../time/zoned.ts';

/** Beyond these a calendar has no years to look in; a "for ever" in a document is left out instead. */
const EARLIEST = Date.UTC(1900, 0, 1);
const LATEST = Date.UTC(9000, 0, 1);

/** A value somewhere in a JSON document, read with every fault noted under its path. */
export class Reader {
  readonly value: unknown;
  readonly #faults: Fault[];
  readonly #parent: Reader | null;
  readonly #key: string | number;

  constructor(
    value: unknown,
    faults: Fault[],
    parent: Reader | null = null,
    key: string | number = '',
  ) {
    this.value = value;
    this.#faults = faults;
    this.#parent = parent;
    this.#key = key;
  }

  /** Where it stands, as people write it: outages[0].from. */
  get path(): string {
    if (this.#parent === null) return '';
    const above = this.#parent.path;
    if (typeof this.#key === 'number') return `${above}[${this.#key}]`;
    return above === '' ? this.#key : `${above}.${this.#key}`;
  }

  fault(message: string): null {
    this.#faults.push({ path: this.path === '' ? '(document)' : this.path, message });
    return null;
  }

  get isGiven(): boolean {
    return this.value !== undefined;
  }

  /** What stands under a key; a reader of undefined when nothing does. */
  at(key: string): Reader {
    const { value } = this;
    const inner = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    return new Reader(inner, this.#faults, this, key);
  }

  /** Whether it is an object with all of the required keys and none that is not known. */
  hasKeys(required: readonly string[], optional: readonly string[] = []): boolean {
    if (!isRecord(this.value)) {
      this.#wrong('an object');
      return false;
    }
    const known = [...required, ...optional];
    for (const key of Object.keys(this.value))
      if (!known.includes(key)) this.at(key).fault(`is no known key; ${advice(key, known)}`);
    let whole = true;
    for (const key of required)
      if (!this.at(key).isGiven) {
        this.at(key).fault('is missing');
        whole = false;
      }
    return whole;
  }

  /** The keys of an object whose keys are free. */
  keys(): readonly string[] {
    if (isRecord(this.value)) return Object.keys(this.value);
    this.#wrong('an object');
    return [];
  }

  /** The items of a list; none when it is not given, or is no list, which is a fault. */
  items(): readonly Reader[] {
    if (!this.isGiven) return [];
    if (!Array.isArray(this.value)) {
      this.#wrong('a list');
      return [];
    }
    return this.value.map((item: unknown, index) => new Reader(item, this.#faults, this, index));
  }

  /** A text that is not empty. */
  text(): string | null {
    if (typeof this.value !== 'string') return this.#wrong('a text');
    return this.value === '' ? this.fault('is empty') : this.value;
  }

  /** A text of the right form. */
  matching(pattern: RegExp, right: string): string | null {
    if (typeof this.value === 'string' && pattern.test(this.value)) return this.value;
    return this.fault(`is ${inWords(this.value)}; write ${right}`);
  }

  whole(least: number, most: number): number | null {
    const { value } = this;
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most)
      return value;
    return this.fault(`is ${inWords(value)}; write a whole number from ${least} to ${most}`);
  }

  oneOf<T extends string>(known: readonly T[], what: string): T | null {
    const found = known.find((option) => option === this.value);
    if (found !== undefined) return found;
    if (typeof this.value !== 'string') return this.#wrong('a text');
    return this.fault(`"${this.value}" is no ${what}; ${advice(this.value, known)}`);
  }

  instant(): Instant | null {
    const { value } = this;
    const instant = typeof value === 'string' ? tryParseInstant(value) : null;
    if (instant !== null && instant >= EARLIEST && instant < LATEST) return instant;
    if (instant !== null)
      return this.fault(`is ${inWords(value)}; write an instant from the years 1900 to 8999`);
    const nearly = typeof value === 'string' ? faultOfInstant(value) : null;
    return this.fault(
      nearly === null
        ? `is ${inWords(value)}; write an instant with an offset, such as 2026-10-24T19:00:00+02:00`
        : `is ${inWords(value)}, ${nearly}`,
    );
  }

  #wrong(right: string): null {
    return this.fault(this.isGiven ? `is ${inWords(this.value)}; write ${right}` : 'is missing');
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function inWords(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return 'missing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** What is wrong with a text that is almost an instant; null for one that is far from it. */
function faultOfInstant(text: string): string | null {
  const match =
    /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2})([.,]\d+)?)?([Zz]|[+-]\d{2}:?\d{2})?$/.exec(
      text,
    );
  if (!match) return null;
  const [, date = '', hour = '', minute = '', second, fraction, offset] = match;
  if (wallOfDate(date) === null) return 'a day that is not in the calendar';
  if (Number(hour) > 23) return 'whose hour is past 23; midnight is 00:00:00 of the day after';
  if (Number(minute) > 59) return 'whose minutes are past 59';
  if (second === undefined) return 'without seconds; write them, such as 19:00:00';
  if (Number(second) > 59) return 'whose seconds are past 59';
  if (fraction !== undefined) return `with a fraction of a second; leave ${fraction} out`;
  if (offset === undefined) return 'without an offset; write Z or one such as +02:00 behind it';
  return 'whose offset is not right; write Z or one such as +02:00';
}

function advice(word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  return meant === null ? `known are ${known.join(', ')}` : `did you mean "${meant}"?`;
}
