import { isoInstant } from '@upheld/api/http/instants.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { startOfDate } from '@upheld/domain/time/zoned.ts';
import { auditCsv } from '@upheld/services/audit/csv.ts';
import {
  exportAudit,
  listAudit,
  type AuditFilter,
  type AuditView,
} from '@upheld/services/audit/list.ts';
import type { Context } from '@upheld/services/context.ts';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { localTime, parseMoment } from './moment.ts';
import { rowCount } from './options.ts';
import { table } from './tables.ts';

interface Filter {
  subject?: string;
  actor?: string;
  action?: string;
  address?: string;
  from?: string;
  to?: string;
}

interface List extends Filter {
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
  filtered(audit.command('list'))
    .description('the last changes, newest first')
    .option('--limit <count>', 'at most so many', rowCount, 50)
    .option('--json', 'print them as JSON, with how it was and how it is')
    .addHelpText(
      'after',
      `
Examples:
  $ upheld audit list --actor deploy-pipeline --json
  $ upheld audit list --action token --from 2026-11-01`,
    )
    .action(({ json, limit, ...filter }: List) =>
      io.withContext(async (ctx) => {
        const entries = await listAudit(ctx, { ...filterOf(filter, ctx), limit });
        const told = entries.map((one) => ({ ...one, at: isoInstant(one.at) }));
        io.out(json ? JSON.stringify({ entries: told }) : listText(entries, ctx.config().timezone));
      }),
    );
  filtered(audit.command('export'))
    .description('all changes that fit as a table (CSV), newest first, at most ten thousand')
    .addHelpText(
      'after',
      '\nExamples:\n  $ upheld audit export --from 2026-10-01 --to 2026-11-01 > october.csv',
    )
    .action((filter: Filter) =>
      io.withContext(async (ctx) => {
        io.out(auditCsv(await exportAudit(ctx, filterOf(filter, ctx))).replace(/\r\n$/, ''));
      }),
    );
}

function filtered(command: Command): Command {
  return command
    .option('--subject <id>', 'only what was done to this')
    .option('--actor <name>', 'only what this person or token did')
    .option('--action <verb>', 'only this verb (token.create), or all done to a kind (token)')
    .option('--address <address>', 'only what came from this network address')
    .option('--from <moment>', 'only what was done from then on: a date or a moment')
    .option('--to <moment>', 'only what was done before: a date or a moment');
}

function filterOf({ from, to, ...filter }: Filter, ctx: Context): AuditFilter {
  const zone = ctx.config().timezone;
  const at = (text: string | undefined, option: string): Instant | undefined =>
    text === undefined ? undefined : (startOfDate(text, zone) ?? parseMoment(text, zone, option));
  return { ...filter, from: at(from, '--from'), to: at(to, '--to') };
}

function listText(entries: readonly AuditView[], zone: string): string {
  if (entries.length === 0) return 'No change fits.';
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
