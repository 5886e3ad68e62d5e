import type { Command } from 'commander';
import { instruments } from '../compose/instruments.ts';
import { examine } from '../doctor/examine.ts';
import type { Finding } from '../doctor/finding.ts';
import { EXIT, type Io } from '../io.ts';

export function register(program: Command, io: Io): void {
  program
    .command('doctor')
    .description(
      'look at configuration, database, clock, e-mail, SMS and DNS, and say what is wrong',
    )
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      `
Changes nothing and sends no message. Exit status 1 when something is wrong.

Examples:
  $ upheld doctor
  $ upheld doctor --json | jq '.findings[] | select(.state == "wrong")'`,
    )
    .action(async (options: { json?: true }) => {
      const findings = await examine(instruments());
      const wrong = findings.filter((finding) => finding.state === 'wrong').length;
      if (options.json) io.out(JSON.stringify({ healthy: wrong === 0, findings }));
      else print(findings, wrong, io);
      if (wrong > 0) io.exit(EXIT.failed);
    });
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
