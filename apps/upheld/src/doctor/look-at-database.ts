import type { DatabaseReport } from '../compose/look.ts';
import { fine, hint, wrong, type Finding } from './finding.ts';

const LITTLE_SPACE_BYTES = 500_000_000;
const MUCH_CLOCK_ERROR_MS = 2000;

/** Judges a database as it was found. */
export function judgeDatabase(place: string, report: DatabaseReport): Finding[] {
  const { version, exists, pending } = report;
  const name =
    report.journal !== undefined || report.freeBytes !== undefined ? 'SQLite' : 'PostgreSQL';
  const findings: Finding[] = [];
  if (!exists)
    findings.push(fine('database', `${name} ${version}; ${place} is made at the first start`));
  else if (pending > 0)
    findings.push(
      hint(
        'database',
        `${name} ${version} at ${place} lacks ${pending} ${pending === 1 ? 'step' : 'steps'} of this version`,
        'run upheld migrate, or start the product, which does it by itself',
      ),
    );
  else
    findings.push(
      fine('database', `${name} ${version} at ${place} opens, is up to date and can be written to`),
    );
  return [...findings, ...judgeFile(report)];
}

function judgeFile({ journal, integrity, freeBytes }: DatabaseReport): Finding[] {
  const findings: Finding[] = [];
  if (journal !== undefined && journal !== 'wal')
    findings.push(
      wrong(
        'database',
        `the journal is in mode "${journal}", so that readers and the writer block each other`,
        'keep the file on a local disk, not on a network share, and start the product once',
      ),
    );
  if (integrity !== undefined && integrity !== 'ok')
    findings.push(
      wrong('database', `the file is damaged: ${integrity}`, 'restore the last backup'),
    );
  if (freeBytes !== undefined && freeBytes < LITTLE_SPACE_BYTES)
    findings.push(
      wrong(
        'database',
        `only ${Math.floor(freeBytes / 1_000_000)} MB are left on its disk`,
        'free some space, or move the folder with UPHELD_DATA',
      ),
    );
  return findings;
}

/** Compares our clock with the database server's: `now` is ours, at the moment of its answer. */
export function judgeServerClock(report: DatabaseReport, now: number): Finding[] {
  if (!report.clock) return [];
  const difference = Math.round(now - report.clock.at);
  const words = `differs ${(Math.abs(difference) / 1000).toFixed(1)} s from the database server's`;
  return Math.abs(difference) > MUCH_CLOCK_ERROR_MS + report.clock.tookMs
    ? [wrong('clock', `this machine's clock ${words}`, 'run a time service (NTP) on both machines')]
    : [fine('clock', `this machine's clock ${words}`)];
}
