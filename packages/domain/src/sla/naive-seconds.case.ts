import type { MadeAgreement } from './agreement-arbitrary.case.ts';
import type { Facts, FactsOutage } from './facts.ts';
import { calendarNamed, momentOf, type NaiveCalendar } from './naive-calendar.case.ts';
import { isHit, judgedAll, type Setting, type Taken } from './naive-notice.case.ts';

/*
 * A statement by walking through the period second by second, with the agreement file read here, rule by
 * rule as the documentation of the language has them.
 */

const SECOND = 1000;
const ms = (text: string): number => Date.parse(text);

export type NaiveBucket = 'excluded' | 'maintenance' | 'down' | 'degraded' | 'unmeasured' | 'up';

export interface NaiveFigure {
  part: string;
  seconds: Record<'total' | NaiveBucket, number>;
  percent: string | null;
  verdict: string;
}

export interface NaiveJudgement {
  id: string;
  verdict: string;
  last: number | null;
  qualifyingSeconds: number;
}

/** The figures and the verdicts on maintenances; the period must be a range. */
export function naiveStatement(
  facts: Facts,
  agreement: MadeAgreement,
): { figures: NaiveFigure[]; maintenances: NaiveJudgement[] } {
  if (facts.period.kind !== 'range') throw new Error('this walk knows only ranges');
  const [from, to] = [ms(facts.period.from), ms(facts.period.to)];
  const asOf = facts.asOf === undefined ? to : ms(facts.asOf);
  const end = Math.min(to, asOf);
  const file = inForce(agreement, facts, end);
  const calendars = new Map<string, NaiveCalendar>();
  const calendar = (name: string): NaiveCalendar => {
    const found = calendars.get(name) ?? calendarNamed(name, file.calendars, file.zone);
    calendars.set(name, found);
    return found;
  };
  const setting = { file, facts, from, end, asOf, calendar };
  const judged = judgedAll(setting);
  const figures = walk(setting, judged);
  const maintenances = judged.map(({ id, verdict, last, taken }) => ({
    id,
    verdict,
    last,
    qualifyingSeconds: taken.size,
  }));
  return { figures, maintenances };
}

/** The file with the version that holds in the last second, the readings and the customer's own terms. */
function inForce(agreement: MadeAgreement, facts: Facts, end: number): MadeAgreement {
  const file = structuredClone(agreement);
  const put = (pieces: Record<string, unknown> | undefined): void => {
    for (const [path, piece] of Object.entries(pieces ?? {})) {
      const steps = path.split('.');
      const last = steps.pop() ?? '';
      let place = file as unknown as Record<string, unknown>;
      for (const step of steps) place = place[step] as Record<string, unknown>;
      place[last] = piece ?? undefined;
    }
  };
  for (const { validFrom, replaces } of agreement.versions)
    if (momentOf(validFrom, 0, agreement.zone) < end) put(replaces);
  for (const [id, { options }] of Object.entries(agreement.readings))
    put(options[facts.readings?.[id] ?? Object.keys(options)[0] ?? '']?.replaces);
  put(agreement.customers[facts.customer ?? '']?.replaces);
  return file;
}

function walk(setting: Setting, judged: readonly Taken[]): NaiveFigure[] {
  const { file, from, end, calendar } = setting;
  const taken = judged.filter((one) => one.counts).map((one) => one.taken);
  const parts = Object.entries(file.availability.parts).map(([part, { within, norm }]) => ({
    part,
    norm: norm ?? null,
    open: calendar(within ?? 'always').open,
    seconds: { total: 0, excluded: 0, maintenance: 0, down: 0, degraded: 0, unmeasured: 0, up: 0 },
  }));
  for (let at = from; at < end; at += SECOND) {
    const bucket = bucketAt(setting, taken, at);
    for (const { open, seconds } of parts) {
      if (!open(at)) continue;
      seconds[bucket] += 1;
      seconds.total += 1;
    }
  }
  return parts.map(({ part, norm, seconds }) => {
    const figure = figureOf(file, seconds, norm);
    return { part, seconds, ...figure };
  });
}

function bucketAt(
  { file, facts, asOf }: Setting,
  maintenance: readonly ReadonlySet<number>[],
  at: number,
): NaiveBucket {
  const on = (facts.outages ?? [])
    .filter((one) => isHit(facts, one.customers))
    .filter((one) => ms(one.from) <= at && at < (one.to === undefined ? asOf : ms(one.to)));
  const down = on.filter((one) => isDown(file, one, at));
  if (down.some(({ cause }) => file.causes.excluded[cause ?? 'internal'])) return 'excluded';
  if (maintenance.some((seconds) => seconds.has(at))) return 'maintenance';
  if (down.length > 0) return 'down';
  if (on.length > 0) return 'degraded';
  const gaps = facts.unmeasured ?? [];
  return gaps.some((gap) => ms(gap.from) <= at && at < ms(gap.to)) ? 'unmeasured' : 'up';
}

function isDown(file: MadeAgreement, { severity }: FactsOutage, at: number): boolean {
  const level =
    typeof severity === 'string'
      ? severity
      : severity.filter((change) => ms(change.from) <= at).at(-1)?.level;
  return file.severity.some(({ id, countsAsDown }) => id === level && countsAsDown);
}

function figureOf(
  { availability }: MadeAgreement,
  seconds: NaiveFigure['seconds'],
  norm: string | null,
): Pick<NaiveFigure, 'percent' | 'verdict'> {
  let [both, up] = [0, 0];
  const add = (amount: number, treated: string): void => {
    if (treated !== 'left-out') both += amount;
    if (treated === 'as-up') up += amount;
  };
  add(seconds.up + seconds.degraded, 'as-up');
  add(seconds.down, 'as-down');
  add(seconds.excluded, availability.excluded ?? 'left-out');
  add(seconds.maintenance, availability.maintenance ?? 'left-out');
  if (both === 0) return { percent: null, verdict: 'no-data' };
  const millionths = (BigInt(up) * 100_000_000n) / BigInt(both);
  const digits = String(millionths).padStart(7, '0');
  const percent = `${digits.slice(0, -6)}.${digits.slice(-6)}`;
  if (norm === null) return { percent, verdict: 'no-norm' };
  // Norms have two decimals at most: in hundredths of a percent both sides are whole.
  const wanted = Math.round(Number(norm) * 100) * (both + seconds.unmeasured);
  if (up * 10_000 >= wanted) return { percent, verdict: 'met' };
  const best = (up + seconds.unmeasured) * 10_000;
  return { percent, verdict: best >= wanted ? 'not-proven' : 'missed' };
}
