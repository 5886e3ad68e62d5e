import { PERMISSIONS, type Permission } from '@upheld/domain/access/permissions.ts';
import { startOfDate } from '@upheld/domain/time/zoned.ts';
import { isoInstant, isoInstantOrNull } from '@upheld/api/http/instants.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { Instant } from '@upheld/domain/ports.ts';
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

export function register(program: Command, io: Io): void {
  const token = program
    .command('token')
    .description('tokens for the API: who has one may announce and report in the name of it')
    .addHelpText(
      'after',
      `
Examples:
  $ upheld token create deploy-pipeline --scope maintenance --expires 2027-01-01
  $ upheld token list
  $ upheld token revoke deploy-pipeline`,
    );
  token
    .command('create')
    .description('make a token; it is shown once and stored only as a hash')
    .argument('<name>', 'who will use it; what is done with it is recorded under this name')
    .option('--scope <scope>', `what it may do, more than once: ${PERMISSIONS.join(', ')}`, collect)
    .option('--expires <moment>', 'from when on it is refused: a date or a moment')
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      `
Without a scope it may read, and speak of incidents, maintenance and subscribers.

Examples:
  $ upheld token create deploy-pipeline
  $ upheld token create robot --scope incidents --scope maintenance --expires 2027-01-01`,
    )
    .action((name: string, options: Create) =>
      io.withContext((ctx) => create(ctx, io, name, options)),
    );
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

async function create(ctx: Context, io: Io, name: string, options: Create): Promise<void> {
  const { token, ...made } = await createToken(ctx, CLI, {
    name,
    // The verb refuses a word that is none, and names those that are.
    scopes: options.scope as Permission[] | undefined,
    expiresAt: options.expires === undefined ? undefined : expiry(options.expires, ctx),
  });
  io.out(options.json ? JSON.stringify({ ...tokenOut(made), token }) : token);
  if (!options.json)
    io.err(`This is the token of ${made.name}. It is not shown again: keep it now.`);
}

/** A date means its first moment: from that day on the token is refused. */
function expiry(text: string, ctx: Context): Instant {
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
  if (tokens.length === 0) return 'There is no token; make one with upheld token create <name>.';
  const zone = ctx.config().timezone;
  const at = (instant: number | null, none: string): string =>
    instant === null ? none : localTime(instant, zone);
  return table([
    ['ID', 'NAME', 'SCOPES', 'EXPIRES', 'CREATED', 'LAST USED', 'REVOKED'],
    ...tokens.map((token) => [
      token.id,
      token.name,
      token.scopes.join(', '),
      at(token.expiresAt, '-'),
      localTime(token.createdAt, zone),
      at(token.lastUsedAt, 'never'),
      at(token.revokedAt, '-'),
    ]),
  ]);
}
