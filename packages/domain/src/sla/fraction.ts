/** An exact fraction; the denominator is more than 0. */
export interface Fraction {
  readonly n: bigint;
  readonly d: bigint;
}

export const ZERO: Fraction = { n: 0n, d: 1n };

/** `n / d` of whole numbers, `d` more than 0. */
export function fraction(n: number | bigint, d: number | bigint = 1): Fraction {
  return { n: BigInt(n), d: BigInt(d) };
}

export function add(a: Fraction, b: Fraction): Fraction {
  if (a.d === b.d) return { n: a.n + b.n, d: a.d };
  return reduced({ n: a.n * b.d + b.n * a.d, d: a.d * b.d });
}

export function minus(a: Fraction, b: Fraction): Fraction {
  return add(a, { n: -b.n, d: b.d });
}

export function times(a: Fraction, b: Fraction): Fraction {
  return reduced({ n: a.n * b.n, d: a.d * b.d });
}

/** Below 0, 0 or above 0, as `a` is less than, equal to or more than `b`. */
export function compare(a: Fraction, b: Fraction): number {
  const difference = a.n * b.d - b.n * a.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The greatest whole number that is not more. */
export function floor(a: Fraction): bigint {
  const quotient = a.n / a.d;
  return a.n % a.d < 0n ? quotient - 1n : quotient;
}

/** The least whole number that is not less. */
export function ceil(a: Fraction): bigint {
  return -floor({ n: -a.n, d: a.d });
}

/** The exact value of a decimal text such as "99.5" or "-0.25". Throws RangeError for another text. */
export function decimal(text: string): Fraction {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) throw new RangeError(`"${text}" is no decimal number`);
  const [, sign, whole = '', part = ''] = match;
  const n = BigInt(whole + part);
  return { n: sign === '-' ? -n : n, d: 10n ** BigInt(part.length) };
}

/** A decimal text of so many places, cut toward zero, never rounded; no sign on a zero. */
export function cutTo(places: number, a: Fraction): string {
  const scaled = (a.n * 10n ** BigInt(places)) / a.d;
  const digits = String(scaled < 0n ? -scaled : scaled).padStart(places + 1, '0');
  const split = digits.length - places;
  const part = places === 0 ? '' : `.${digits.slice(split)}`;
  return `${scaled < 0n ? '-' : ''}${digits.slice(0, split)}${part}`;
}

/** `part / whole` in percent, cut to six decimals; null when `whole` is 0. */
export function percent(part: number, whole: number): string | null {
  return whole === 0 ? null : cutTo(6, { n: BigInt(part) * 100n, d: BigInt(whole) });
}

/** Whether `part / whole` reaches so many percent, exactly. `whole` is more than 0. */
export function reaches(part: number, whole: number, norm: Fraction): boolean {
  return BigInt(part) * 100n * norm.d >= norm.n * BigInt(whole);
}

function reduced(a: Fraction): Fraction {
  let x = a.n < 0n ? -a.n : a.n;
  let y = a.d;
  while (y > 0n) [x, y] = [y, x % y];
  return x <= 1n ? a : { n: a.n / x, d: a.d / x };
}
