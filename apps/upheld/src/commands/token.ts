import { PERMISSIONS, type Permission } from '@upheld/domain/access/permissions.ts';
import { SCOPE_WORDS } from '@upheld/domain/access/scope-words.ts';
import { startOfDate } from '@upheld/domain/time/zoned.ts';
import { isoInstant, isoInstantOrNull } from '@upheld/api/http/instants.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { ENDLESS, MOST_DAYS, USUAL_DAYS } from '@upheld/services/token/lifetime.ts';
import {
  createToken,
  listTokens,
  revokeToken,
  type TokenView,
} from '@upheld/services/token/tokens.ts';
import type { Context } from '@upheld/services/context.ts';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { localTime, parseMoment } from './moment.ts';
import { CLI, collect } from './options.ts';
import { table } from './tables.ts';

interface Json {
  json?: true;
}

interface Create extends Json {
  scope?: string[];
  expires?: string;
}

/** Adds `upheld token`. */
export function register(program: Command, io: Io): void {
  const token = program
    .command('token')
    .description('tokens for the API: who has one may announce and report in the name of it')
    .addHelpText(
      'after',
      `
Examples:
  $ upheld token create deploy-pipeline --scope maintenance
  $ upheld token list
  $ upheld token revoke deploy-pipeline`,
    );
  addCreate(token, io);
  token
    .command('list')
    .description('every token ever made, newest first')
    .option('--json', 'print them as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld token list --json')
    .action((options: Json) =>
      io.withContext(async (ctx) => {
        const tokens = await listTokens(ctx);
        io.out(
          options.json
            ? JSON.stringify({ tokens: tokens.map((one) => tokenOut(one)) })
            : listText(ctx, tokens),
        );
      }),
    );
  token
    .command('revoke')
    .description('end a token, from this moment on')
    .argument('<name>', 'its name or id')
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld token revoke deploy-pipeline')
    .action((name: string, options: Json) =>
      io.withContext(async (ctx) => {
        const revoked = await revokeByNameOrId(ctx, name);
        io.out(options.json ? JSON.stringify(tokenOut(revoked)) : `${revoked.name} is revoked.`);
      }),
    );
}

function addCreate(token: Command, io: Io): void {
  token
    .command('create')
    .description('make a token; it is shown once and stored only as a hash')
    .argument('<name>', 'who will use it; what is done with it is recorded under this name')
    .option('--scope <scope>', 'what it may do; once for each scope that it needs', collect)
    .option('--expires <moment>', `a date or moment within ${MOST_DAYS} days, or never`)
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      `
Scopes:
${PERMISSIONS.map((scope) => `  ${scope.padEnd(12)} ${SCOPE_WORDS[scope]}`).join('\n')}

Without --expires it ends after ${USUAL_DAYS} days.

Examples:
  $ upheld token create deploy-pipeline --scope maintenance
  $ upheld token create robot --scope incidents --scope maintenance --expires 2027-01-01
  $ upheld token create old-machine --scope tickets --expires never`,
    )
    .action((name: string, options: Create) =>
      io.withContext((ctx) => create(ctx, io, name, options)),
    );
}

async function create(ctx: Context, io: Io, name: string, options: Create): Promise<void> {
  const { token, ...made } = await createToken(ctx, CLI, {
    name,
    // The verb refuses a word that is none, and names those that are.
    scopes: (options.scope ?? []) as Permission[],
    expiresAt: options.expires === undefined ? undefined : expiry(options.expires, ctx),
  });
  io.out(options.json ? JSON.stringify({ ...tokenOut(made), token }) : token);
  if (!options.json)
    io.err(
      `This is the token of ${made.name}. It is not shown again: keep it now.\n${ending(made, ctx)}`,
    );
}

function ending({ expiresAt }: TokenView, ctx: Context): string {
  return expiresAt === null
    ? ENDLESS
    : `It ends at ${localTime(expiresAt, ctx.config().timezone)}.`;
}

/** A date means its first moment: from that day on the token is refused. Null: never. */
function expiry(text: string, ctx: Context): Instant | null {
  if (text === 'never') return null;
  const zone = ctx.config().timezone;
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? startOfDate(text, zone) : null;
  return date ?? parseMoment(text, zone, '--expires');
}

async function revokeByNameOrId(ctx: Context, nameOrId: string): Promise<TokenView> {
  const inUse = (await listTokens(ctx)).filter((token) => token.revokedAt === null);
  const found =
    inUse.find((token) => token.name === nameOrId) ?? inUse.find((token) => token.id === nameOrId);
  if (!found)
    throw new DomainError('not-found', `no token "${nameOrId}" is in use; see upheld token list`);
  return revokeToken(ctx, CLI, { id: found.id });
}

function tokenOut(token: TokenView) {
  return {
    id: token.id,
    name: token.name,
    scopes: token.scopes,
    expiresAt: isoInstantOrNull(token.expiresAt),
    createdBy: token.createdBy,
    createdAt: isoInstant(token.createdAt),
    lastUsedAt: isoInstantOrNull(token.lastUsedAt),
    revokedAt: isoInstantOrNull(token.revokedAt),
  };
}

function listText(ctx: Context, tokens: readonly TokenView[]): string {
  if (tokens.length === 0)
    return 'There is no token; make one with upheld token create <name> --scope <scope>.';
  const zone = ctx.config().timezone;
  const at = (instant: number | null, none: string): string =>
    instant === null ? none : localTime(instant, zone);
  return table([
    ['ID', 'NAME', 'SCOPES', 'EXPIRES', 'CREATED', 'LAST USED', 'REVOKED'],
    ...tokens.map((token) => [
      token.id,
      token.name,
      token.scopes.join(', '),
      at(token.expiresAt, 'never'),
      localTime(token.createdAt, zone),
      at(token.lastUsedAt, 'never'),
      at(token.revokedAt, '-'),
    ]),
  ]);
}
