import type { Instant } from '../ports.ts';
import type { Interval } from '../time/interval.ts';
import { floorSecond, inWholeSeconds } from './whole-seconds.ts';

/** What a day was, worst first. */
export const DAY_STATES = ['down', 'degraded', 'maintenance', 'unmeasured', 'up'] as const;
export type DayState = (typeof DAY_STATES)[number];

/** What happened to one component; each list in any order, stretches may overlap. */
export interface Happened {
  maintenance: readonly Interval[];
  down: readonly Interval[];
  degraded: readonly Interval[];
  unmeasured: readonly Interval[];
}

/** One local day in whole seconds, every second in at most one of the four. */
export interface DaySeconds {
  down: number;
  degraded: number;
  maintenance: number;
  unmeasured: number;
  /** Of the day so far. */
  total: number;
}

// Which of two things that go on at once a second shows. Maintenance that was announced before it began
// explains a failure; what fails is known, so it is not unmeasured.
const PRIORITY = ['maintenance', 'down', 'degraded', 'unmeasured'] as const;

/**
 * The seconds of each day, where `boundaries` are the starts of the days in order, closed by the end of
 * the last one, and nothing after `now` is looked at. One sweep over everything that happened, O(n log n).
 */
export function daySeconds(
  boundaries: readonly Instant[],
  now: Instant,
  happened: Happened,
): DaySeconds[] {
  const end = floorSecond(now);
  const days = boundaries.slice(0, -1).map((from, index) => ({
    from,
    to: Math.min(boundaries[index + 1] ?? from, end),
    seconds: { down: 0, degraded: 0, maintenance: 0, unmeasured: 0, total: 0 },
  }));
  for (const day of days) day.seconds.total = Math.max(0, (day.to - day.from) / 1000);

  let at = 0;
  for (const piece of pieces(happened)) {
    while (at < days.length && (days[at]?.to ?? 0) <= piece.from) at += 1;
    for (let index = at; index < days.length; index += 1) {
      const day = days[index];
      if (!day || day.from >= piece.to) break;
      const length = Math.min(piece.to, day.to) - Math.max(piece.from, day.from);
      if (length > 0) day.seconds[piece.kind] += length / 1000;
    }
  }
  return days.map((day) => day.seconds);
}

/** The worst of a day. `unmeasured` only when no second of it was measured; a little of that is not bad. */
export function dayState(day: DaySeconds): DayState {
  if (day.down > 0) return 'down';
  if (day.degraded > 0) return 'degraded';
  if (day.maintenance > 0) return 'maintenance';
  return day.unmeasured >= day.total ? 'unmeasured' : 'up';
}

type Kind = (typeof PRIORITY)[number];

interface Edge {
  at: Instant;
  rank: number;
  step: 1 | -1;
}

/** Stretches in order that do not overlap, each with the kind that wins there. */
function* pieces(happened: Happened): Generator<Interval & { kind: Kind }> {
  const edges = PRIORITY.flatMap((kind, rank) =>
    happened[kind].flatMap((span): Edge[] => {
      const { from, to } = inWholeSeconds(span);
      return [
        { at: from, rank, step: 1 },
        { at: to, rank, step: -1 },
      ];
    }),
  ).sort((a, b) => a.at - b.at);

  const going = PRIORITY.map(() => 0);
  let since = 0;
  for (const edge of edges) {
    const kind = PRIORITY[going.findIndex((count) => count > 0)];
    if (kind !== undefined && edge.at > since) yield { from: since, to: edge.at, kind };
    since = edge.at;
    going[edge.rank] = (going[edge.rank] ?? 0) + edge.step;
  }
}
