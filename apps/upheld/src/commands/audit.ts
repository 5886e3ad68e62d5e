import { isoInstant } from '@upheld/api/http/instants.ts';
import { listAudit, type AuditView } from '@upheld/services/audit/list.ts';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { localTime } from './moment.ts';
import { rowCount } from './options.ts';
import { table } from './tables.ts';

interface List {
  subject?: string;
  actor?: string;
  limit: number;
  json?: true;
}

export function register(program: Command, io: Io): void {
  const audit = program
    .command('audit')
    .description('what people, tokens and commands changed: who, what, when and from where')
    .addHelpText(
      'after',
      `
upheld doctor --audit says whether somebody tampered with it.

Examples:
  $ upheld audit list --limit 20
  $ upheld audit list --subject 0199a000-0000-7000-8000-000000000001 --json`,
    );
  audit
    .command('list')
    .description('the last changes, newest first')
    .option('--subject <id>', 'only what was done to this')
    .option('--actor <name>', 'only what this person or token did')
    .option('--limit <count>', 'at most so many', rowCount, 50)
    .option('--json', 'print them as JSON, with how it was and how it is')
    .addHelpText('after', '\nExamples:\n  $ upheld audit list --actor deploy-pipeline --json')
    .action(({ json, ...query }: List) =>
      io.withContext(async (ctx) => {
        const entries = await listAudit(ctx, query);
        const told = entries.map((one) => ({ ...one, at: isoInstant(one.at) }));
        io.out(json ? JSON.stringify({ entries: told }) : listText(entries, ctx.config().timezone));
      }),
    );
}

function listText(entries: readonly AuditView[], zone: string): string {
  if (entries.length === 0) return 'Nothing was changed yet.';
  return table([
    ['NO', 'WHEN', 'WHO', 'BY', 'FROM', 'WHAT', 'OF'],
    ...entries.map(({ seq, at, actor, via, address, action, subject }) => [
      String(seq),
      localTime(at, zone),
      actor,
      via,
      address ?? '-',
      action,
      subject,
    ]),
  ]);
}
