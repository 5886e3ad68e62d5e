import { DomainError } from '@upheld/domain/errors.ts';
import { verifyVersions } from '@upheld/services/agreement/verify-versions.ts';
import { parseHead } from '@upheld/services/audit/head.ts';
import { verifyAudit } from '@upheld/services/audit/verify.ts';
import { verifyPeriods } from '@upheld/services/period/verify-periods.ts';
import type { Command } from 'commander';
import { instruments } from '../compose/instruments.ts';
import { examine } from '../doctor/examine.ts';
import type { Finding } from '../doctor/finding.ts';
import { judgeAudit } from '../doctor/judge-audit.ts';
import { judgePeriods } from '../doctor/judge-periods.ts';
import { judgeVersions } from '../doctor/judge-versions.ts';
import { EXIT, type Io } from '../io.ts';

interface Options {
  json?: true;
  /** A head that was noted earlier; true where none was given. */
  audit?: string | true;
}

export function register(program: Command, io: Io): void {
  program
    .command('doctor')
    .description(
      'look at configuration, database, clock, e-mail, SMS and DNS, and say what is wrong',
    )
    .option(
      '--audit [head]',
      'verify the audit log, closed periods and adopted versions instead, also against a head that you noted',
    )
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      `
Changes nothing and sends no message. Exit status 1 when something is wrong.

Examples:
  $ upheld doctor
  $ upheld doctor --audit
  $ upheld doctor --json | jq '.findings[] | select(.state == "wrong")'`,
    )
    .action(async (options: Options) => {
      const findings = options.audit
        ? await examineAudit(io, options.audit)
        : await examine(instruments());
      const wrong = findings.filter((finding) => finding.state === 'wrong').length;
      if (options.json) io.out(JSON.stringify({ healthy: wrong === 0, findings }));
      else print(findings, wrong, io);
      if (wrong > 0) io.exit(EXIT.failed);
    });
}

async function examineAudit(io: Io, given: string | true): Promise<Finding[]> {
  const noted = given === true ? undefined : parseHead(given.trim());
  if (noted === null)
    throw new DomainError(
      'invalid-input',
      `"${String(given)}" is no head; write a head as doctor --audit prints it: 12:3f2a…`,
    );
  return io.withContext(async (ctx) => [
    judgeAudit(await verifyAudit(ctx, noted)),
    ...judgePeriods(await verifyPeriods(ctx)),
    ...judgeVersions(await verifyVersions(ctx)),
  ]);
}

const MARKS: Readonly<Record<Finding['state'], string>> = { fine: '✔', hint: '·', wrong: '✖' };

function print(findings: readonly Finding[], wrong: number, io: Io): void {
  const width = Math.max(...findings.map(({ about }) => about.length));
  for (const { about, state, message, remedy } of findings) {
    io.out(`${MARKS[state]} ${about.padEnd(width)}  ${message}`);
    if (remedy !== undefined) io.out(`  ${' '.repeat(width)}  -> ${remedy}`);
  }
  if (wrong === 0) io.out('Nothing is wrong.');
  else io.out(wrong === 1 ? 'One thing is wrong.' : `${wrong} things are wrong.`);
}
