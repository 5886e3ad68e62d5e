import { fine, wrong, type Finding } from './finding.ts';

/** Before the release of this version: no clock that is right says so. */
const RELEASED = Date.UTC(2026, 10, 1);
const ALLOWED_STEP_MS = 500;

export interface ClockReading {
  now: number;
  /** How far the wall clock moved in the time of looking, and how far the steady one did, ms. */
  wallMs: number;
  steadyMs: number;
  /** When the database file was last written; null where there is none. */
  lastWrite: number | null;
}

/** Judges the machine's clock by itself: without a network there is nothing to compare it with. */
export function judgeClock({ now, wallMs, steadyMs, lastWrite }: ClockReading): Finding[] {
  const findings: Finding[] = [];
  const remedy = 'set the clock, and run a time service (NTP)';
  if (now < RELEASED)
    findings.push(wrong('clock', `it says ${new Date(now).toISOString()}, which is past`, remedy));
  if (lastWrite !== null && lastWrite > now + ALLOWED_STEP_MS)
    findings.push(
      wrong(
        'clock',
        `the database was written at ${new Date(lastWrite).toISOString()}, which is still to come`,
        `${remedy}; it has been set back`,
      ),
    );
  const step = wallMs - steadyMs;
  if (Math.abs(step) > ALLOWED_STEP_MS)
    findings.push(
      wrong('clock', `it jumped ${Math.round(step)} ms while the doctor looked`, remedy),
    );
  return findings.length > 0 ? findings : [fine('clock', `it says ${new Date(now).toISOString()}`)];
}

/** Whether this Node knows the rules of a time zone: builds without them exist. */
export function judgeZone(zone: string): Finding {
  const summer = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  const offset = (month: number): string =>
    summer.formatToParts(Date.UTC(2026, month)).find((part) => part.type === 'timeZoneName')
      ?.value ?? '';
  if (zone === 'Europe/Amsterdam' && (offset(0) !== 'GMT+01:00' || offset(6) !== 'GMT+02:00'))
    return wrong(
      'clock',
      `the rules of ${zone} are missing from this Node`,
      'use the Node of npm ci',
    );
  return fine('clock', `${zone} is ${offset(0)} in January and ${offset(6)} in July`);
}
