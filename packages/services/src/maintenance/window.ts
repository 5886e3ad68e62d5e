import type { Fault } from '@upheld/domain/errors.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { invalidInput } from '../input.ts';

const DAY_MS = 86_400_000;
/** Longer than any real window: beyond it, somebody mistyped a date. */
const LONGEST_DAYS = 31;
const FURTHEST_DAYS = 2 * 366;

/**
 * Refuses a window that nobody means. One that began already is not refused: what is announced too late
 * has to be recorded too, and the verdict says so.
 */
export function checkWindow({ from, to }: { from: Instant; to: Instant }, now: Instant): void {
  const faults: Fault[] = [];
  if (to <= from)
    faults.push({ path: 'to', message: 'is not after the begin; write a later moment' });
  else if (to - from > LONGEST_DAYS * DAY_MS)
    faults.push({
      path: 'to',
      message: `makes a window of more than ${LONGEST_DAYS} days; announce its parts one by one`,
    });
  if (Math.abs(from - now) > FURTHEST_DAYS * DAY_MS)
    faults.push({ path: 'from', message: 'is more than two years away; check the year' });
  if (faults.length > 0) throw invalidInput(faults);
}
