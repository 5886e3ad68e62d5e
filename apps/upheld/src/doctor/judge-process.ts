import { STALE_AFTER_MS } from '@upheld/services/read/measuring.ts';
import type { Running } from '../compose/control.ts';
import { fine, hint, wrong, type Finding } from './finding.ts';

export interface ProcessReading {
  /** Those of this machine. */
  running: readonly Running[];
  /** What the database tells of the one that measures, wherever it runs; null: none ever did. */
  beat: { at: number; stopped: boolean } | null;
  dataDir: string;
  now: number;
}

/** Whether the product runs, here or on another machine, and whether somebody measures. */
export function judgeProcess({ running, beat, dataDir, now }: ProcessReading): Finding[] {
  const alive = beat !== null && !beat.stopped && now - beat.at <= STALE_AFTER_MS;
  if (running.length === 0) return [alive ? elsewhere(beat.at, now) : stopped(beat, dataDir)];
  const found = running.map(ofRunning);
  if (!alive && running.some((one) => isSettled(one, now))) found.push(silent(running, beat, now));
  else if (alive && running.every(({ role }) => role === 'web'))
    found.push(elsewhere(beat.at, now));
  return found;
}

function ofRunning({ role, pid, since }: Running): Finding {
  const name = role === 'all' ? `process ${pid}` : `process ${pid} (${role})`;
  return since === null
    ? wrong('process', `${name} runs and does not answer`, 'look in its log, and start it again')
    : fine(
        'process',
        `${name} runs since ${new Date(since.at).toISOString()}, version ${since.version}`,
      );
}

/** One that has just begun has not yet said that it measures. */
function isSettled({ since }: Running, now: number): boolean {
  return since === null || now - since.at > STALE_AFTER_MS;
}

function silent(running: readonly Running[], beat: ProcessReading['beat'], now: number): Finding {
  const lately = beat === null ? 'ever' : `for ${Math.round((now - beat.at) / 1000)} s`;
  return running.every(({ role }) => role === 'web')
    ? wrong(
        'process',
        `the page is served, and nobody has measured ${lately}`,
        'start it with npx upheld serve --role worker',
      )
    : wrong(
        'process',
        `it runs, and has not said that it measures ${lately}`,
        'look in its log, and start it again',
      );
}

function elsewhere(at: number, now: number): Finding {
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  return fine('process', `one on another machine said ${seconds} s ago that it measures`);
}

function stopped(beat: ProcessReading['beat'], dataDir: string): Finding {
  const last = beat === null ? '' : `; one last measured at ${new Date(beat.at).toISOString()}`;
  return hint('process', `none runs on ${dataDir}${last}`, 'start it with npx upheld serve');
}
