import { DomainError } from '@upheld/domain/errors.ts';
import { bumpRevision } from '@upheld/services/revision.ts';
import type { ReloadAnswer } from '@upheld/services/settings/file.ts';
import { isDeepStrictEqual } from 'node:util';
import { reason } from '../failure.ts';
import { warningsOf } from './warnings.ts';
import type { Workspace } from './workspace.ts';

type Applied =
  | Extract<ReloadAnswer, { ok: false }>
  | { ok: true; changes: ReturnType<Workspace['reload']>; channels: boolean };

/**
 * The way to apply the configuration as it now is to this process: what has a fault changes nothing. One
 * at a time, as a signal and a command may come together; what it leads to is looked at afterwards, with
 * nobody else waiting.
 */
export function reloading(
  workspace: Workspace,
  apply: () => Promise<void>,
): () => Promise<ReloadAnswer> {
  const { log } = workspace.ctx;
  let last: Promise<unknown> = Promise.resolve();
  return async () => {
    const turn = last.then(() => reloadOnce(workspace, apply));
    // Who asked for this turn hears of its failure; the next one only waits for its end.
    last = turn.catch(() => undefined);
    const applied = await turn;
    if (!applied.ok) return applied;
    const { changes, channels } = applied;
    const warnings = await warningsOf(workspace.ctx.config(), { channels });
    for (const { message, remedy } of warnings) log.warn({ remedy }, message);
    return { ok: true, changes, warnings };
  };
}

async function reloadOnce(workspace: Workspace, apply: () => Promise<void>): Promise<Applied> {
  const { ctx } = workspace;
  const before = ctx.config();
  let changes: ReturnType<Workspace['reload']>;
  try {
    changes = workspace.reload();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const faults = error.faults.map((fault) => fault.message);
    for (const fault of faults) ctx.log.error({}, fault);
    ctx.log.error({}, `${error.message}; the old one stays in force`);
    return { ok: false, message: `${error.message}; the old one stays in force`, faults };
  }
  try {
    await apply();
    await ctx.db.transact((h) => bumpRevision(h));
  } catch (error) {
    // A database that is away for a moment is no reason to stop measuring what is known.
    const message = 'the configuration is read but not applied everywhere; reload again';
    ctx.log.error({ error }, message);
    return { ok: false, message, faults: [reason(error)] };
  }
  ctx.log.info({}, 'the configuration is applied');
  const channels = !isDeepStrictEqual(before.channels, ctx.config().channels);
  return { ok: true, changes, channels };
}
