import type { Environment } from '@upheld/config/environment.ts';
import { holdMeasuring, type Hold } from '@upheld/db/hold.ts';
import { renewSetupLink } from '@upheld/services/account/first-account.ts';
import type { ReloadAnswer, SettingsFile } from '@upheld/services/settings/file.ts';
import { reloadSettings } from '@upheld/services/settings/reload-settings.ts';
import { startAgreements } from '@upheld/worker/agreements/start-agreements.ts';
import { version } from '../version.ts';
import { alreadyRuns, announcePresence, askToReload, type Role } from './control.ts';
import { publishSchema, writeFirstConfig } from './first-start.ts';
import { openFront, type Front } from './front.ts';
import type { Logging } from './logging.ts';
import { reloading } from './reloading.ts';
import { settingsFile } from './settings-file.ts';
import { cannotOpen, databaseAddress, openWorkspace, type Workspace } from './workspace.ts';

/** A running product. */
export interface Served {
  /** Where the page is; null where this process serves none. */
  url: string | null;
  /** Whether this start wrote the configuration. */
  firstStart: boolean;
  /** The one-time link for the first account; null where there is one, or no page. */
  setupLink: string | null;
  reload(): Promise<ReloadAnswer>;
  /** Finishes what is under way and lets go of everything. */
  stop(): Promise<void>;
  /** Rejects when the product cannot go on. */
  failed: Promise<never>;
}

const PATIENCE_MS = 10_000;

/**
 * Starts the product, or one role of it. Throws DomainError with one clear line: a configuration
 * with faults, a port in use, a database out of reach, another process on the same data.
 */
export async function serve(
  environment: Environment,
  role: Role,
  logging: Logging,
): Promise<Served> {
  const undo: (() => Promise<void>)[] = [];
  const unwind = async (): Promise<void> => {
    for (let step = undo.pop(); step; step = undo.pop()) await step();
  };
  const failure = Promise.withResolvers<never>();
  // Whoever waits for it hears of it; until somebody does, it is not unhandled.
  failure.promise.catch(() => undefined);
  try {
    if (role !== 'web') {
      const right = await takeRight(environment, logging, failure.reject);
      undo.push(() => right.release());
    }
    const front = role === 'worker' ? null : await openFront(environment.port);
    if (front) undo.push(() => front.close(PATIENCE_MS));
    const here = { ...environment, port: front?.port ?? environment.port };
    const firstStart = writeFirstConfig(here);
    publishSchema(here);
    const workspace = await openWorkspace(here, logging);
    undo.push(() => workspace.close());
    const settings = settingsFile(
      here,
      () => workspace.loaded(),
      () => askToReload(here.dataDir),
    );
    const reload = await startRoles(workspace, settings, { role, front, undo });
    // Again, last: what is stopped first is the answering of requests.
    if (front) undo.push(() => front.close(PATIENCE_MS));
    const { ctx } = workspace;
    const presence = await announcePresence(here.dataDir, role, {
      startedAt: ctx.clock.now(),
      version: version(),
      reload,
      reloadFor: (address) => reloadSettings(ctx, settings, { name: 'cli', via: 'cli', address }),
    });
    undo.push(() => presence.leave());
    const url = front ? `http://localhost:${front.port}` : null;
    const setupLink = front ? await renewSetupLink(ctx) : null;
    return { url, firstStart, setupLink, reload, stop: unwind, failed: failure.promise };
  } catch (error) {
    await unwind();
    throw error;
  }
}

/** Loads only what the roles need, starts it, and gives the way to apply a new configuration. */
async function startRoles(
  workspace: Workspace,
  settings: SettingsFile,
  { role, front, undo }: { role: Role; front: Front | null; undo: (() => Promise<void>)[] },
): Promise<() => Promise<ReloadAnswer>> {
  const { ctx } = workspace;
  const web = front && (await import('./web-role.ts'));
  if (web) front.serve(await web.webRole(ctx, { settings }));
  const worker =
    role === 'web' ? null : await import('./worker-role.ts').then((m) => m.startWorkerRole(ctx));
  if (worker) undo.push(() => worker.stop());
  const agreements = startAgreements(ctx);
  undo.push(() => agreements.stop());
  web?.loadPagesBehind(ctx);
  return reloading(workspace, async () => worker?.reload());
}

const ASK_AGAIN_MS = 5000;

/**
 * Takes the right to be the one process that measures. A server that restarts forgets us: then we
 * ask again until it answers, and give up only when another process has taken over.
 */
async function takeRight(
  environment: Environment,
  { log }: Logging,
  fail: (error: Error) => void,
): Promise<Hold> {
  const address = databaseAddress(environment);
  let released = false;
  const take = (): Promise<Hold | null> => holdMeasuring(address, () => void regain());
  const regain = async (): Promise<void> => {
    log.warn({}, 'the database server has forgotten this process; asking again');
    while (!released) {
      try {
        const again = await take();
        if (again) hold = again;
        else fail(alreadyRuns(environment.dataDir));
        return;
      } catch (error) {
        log.warn({ error }, 'the database server does not answer');
        await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
      }
    }
  };
  let hold = await take().catch((error: unknown) => {
    throw cannotOpen(address, error);
  });
  if (!hold) throw alreadyRuns(environment.dataDir);
  return {
    async release() {
      released = true;
      await hold?.release();
    },
  };
}
