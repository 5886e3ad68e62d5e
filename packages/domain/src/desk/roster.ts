import type { Instant } from '../ports.ts';
import { instantOf, wallOf, type Wall } from '../time/zoned.ts';

const DAY = 86_400_000;

/** Somebody is on call in the place of whoever has the turn, from `from` until `to`. */
export interface RosterOverride {
  from: Instant;
  to: Instant;
  person: string;
}

/** People who take turns at being on call. */
export interface Roster {
  zone: string;
  /** At least one; each has a turn, then the first one again. */
  people: readonly string[];
  /** The wall clock at which the first turn begins; every other handover is at the same time of day. */
  begins: Wall;
  /** How long a turn is, in days of the wall clock. */
  days: number;
  /** Where two hold at once, the later one in this list leads. */
  overrides: readonly RosterOverride[];
}

/** Somebody is on call, from the handover to them until the next one. */
export interface Turn {
  person: string;
  from: Instant;
  until: Instant;
  /** Whether it is in the place of whoever would have it. */
  isOverride: boolean;
}

/** Who is on call at an instant: one person, at every instant, also before the first turn began. */
export function personOnCall(roster: Roster, at: Instant): string {
  return overrideAt(roster, at)?.person ?? turnOfRotation(roster, at).person;
}

/**
 * The turn at an instant. A handover is at its local time also in the weeks in which the clocks change,
 * so that such a turn is an hour longer or shorter.
 */
export function turnAt(roster: Roster, at: Instant): Turn {
  const base = turnOfRotation(roster, at);
  const override = overrideAt(roster, at);
  const edges = [
    ...new Set([base.from, base.until, ...roster.overrides.flatMap(({ from, to }) => [from, to])]),
  ].sort((a, b) => a - b);
  const { person } = override ?? base;
  const own = (edge: Instant): boolean =>
    overrideAt(roster, edge) === override &&
    (override !== undefined || (edge >= base.from && edge < base.until));
  // What begins or ends beneath the override that leads changes nothing.
  const until = edges.find((edge) => edge > at && !own(edge)) ?? base.until;
  const before = edges.filter((edge) => edge <= at);
  const stranger = before.findLastIndex((edge) => !own(edge));
  return {
    person,
    from: before[stranger + 1] ?? base.from,
    until,
    isOverride: override !== undefined,
  };
}

function overrideAt({ overrides }: Roster, at: Instant): RosterOverride | undefined {
  return overrides.findLast(({ from, to }) => from <= at && at < to);
}

function turnOfRotation(roster: Roster, at: Instant): Turn {
  const { zone, people, begins, days } = roster;
  const length = days * DAY;
  const handover = (turn: number): Instant => instantOf(begins + turn * length, zone);
  // Where the clocks change, the wall may point at the turn beside the right one.
  let turn = Math.floor((wallOf(at, zone) - begins) / length);
  while (handover(turn) > at) turn -= 1;
  while (handover(turn + 1) <= at) turn += 1;
  const index = ((turn % people.length) + people.length) % people.length;
  return {
    person: people[index] ?? '',
    from: handover(turn),
    until: handover(turn + 1),
    isOverride: false,
  };
}
