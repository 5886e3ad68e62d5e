import { DomainError } from '@upheld/domain/errors.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { isZone, parseLocal, wallOfDate, weekdayOfWall } from '@upheld/domain/time/zoned.ts';
import type { Report } from './check-monitor.ts';
import { WEEKDAYS } from './on-call.ts';
import type { RosterConfig } from './schema.ts';

const DAY = 86_400_000;
type Path = Parameters<Report>[0];

interface About {
  /** Of the configuration. */
  zone: string;
  path: Path;
  report: Report;
  /** Reports a person who is not known. */
  person: (id: string, path: Path) => void;
}

/** That it is clear whose turn it is at every instant. */
export function checkRoster(roster: RosterConfig, about: About): void {
  const { path, report, person } = about;
  const { every, people, overrides } = roster;
  people.forEach((id, index) => person(id, [...path, 'people', index]));
  overrides.forEach(({ person: id }, index) => person(id, [...path, 'overrides', index, 'person']));
  if ((every.days === undefined) === (every.weeks === undefined))
    report([...path, 'every'], 'is days or weeks, one of the two, such as { weeks: 1 }');
  else checkStart(roster, about);
  const zone = roster.zone ?? about.zone;
  if (isZone(zone)) checkOverrides(roster, zone, about);
  // A fault of the timezone of the configuration is told there.
  else if (roster.zone !== undefined)
    report([...path, 'zone'], `"${zone}" is no time zone; write one such as Europe/Amsterdam`);
}

function checkStart({ every, handover, start }: RosterConfig, { path, report }: About): void {
  const { weekday } = handover;
  const first = wallOfDate(start);
  if (first === null)
    report([...path, 'start'], `"${start}" is no date; write one such as 2026-01-05`);
  if (every.weeks === undefined) {
    if (weekday !== undefined)
      report([...path, 'handover', 'weekday'], 'is of turns of weeks; leave it out for days');
    return;
  }
  if (weekday === undefined) {
    report([...path, 'handover', 'weekday'], 'is missing; say on which day of the week, as monday');
    return;
  }
  if (first === null) return;
  const off = WEEKDAYS.indexOf(weekday) + 1 - weekdayOfWall(first);
  if (off === 0) return;
  const next = new Date(first + ((off + 7) % 7) * DAY).toISOString().slice(0, 10);
  const name = WEEKDAYS[weekdayOfWall(first) - 1] ?? '';
  report([...path, 'start'], `is a ${name}, and handover is on a ${weekday}: write ${next}`);
}

function checkOverrides({ overrides }: RosterConfig, zone: string, { path, report }: About): void {
  const known: { from: Instant; to: Instant }[] = [];
  overrides.forEach(({ from, to }, index) => {
    const at = [...path, 'overrides', index];
    const begins = momentOf(from, zone, [...at, 'from'], report);
    const ends = momentOf(to, zone, [...at, 'to'], report);
    if (begins === null || ends === null) return;
    if (ends <= begins) report([...at, 'to'], 'is not after from');
    else if (known.some((other) => other.from < ends && begins < other.to))
      report([...at, 'from'], 'falls within an override before it; only one can be on call');
    known.push({ from: begins, to: ends });
  });
}

function momentOf(text: string, zone: string, path: Path, report: Report): Instant | null {
  try {
    return parseLocal(text, zone);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    report(path, error.message);
    return null;
  }
}
