import type { SettingChange } from '@upheld/config/settings.ts';
import { recordAudit } from '../audit/record.ts';
import type { Actor, Context } from '../context.ts';
import { SETTINGS_SUBJECT, type SettingsFile, type SettingsWarning } from './file.ts';

/** What became of reading the settings again. */
export interface Reloaded {
  /** By every process that was asked, and there was one. */
  applied: boolean;
  processes: readonly { role: string; applied: boolean; message: string | null }[];
  /** Lines with their place; of what was refused nothing is in force. */
  faults: readonly string[];
  changes: readonly SettingChange[];
  warnings: readonly SettingsWarning[];
}

/**
 * Has every process of this machine read its settings again, and records who asked and what it changed,
 * also when it was refused.
 */
export async function reloadSettings(
  ctx: Context,
  file: SettingsFile,
  actor: Actor,
): Promise<Reloaded> {
  const answers = await file.reload();
  const taken = answers.flatMap(({ answer }) => (answer.ok ? [answer] : []));
  const refused = answers.flatMap(({ answer }) => (answer.ok ? [] : [answer]));
  const reloaded: Reloaded = {
    applied: answers.length > 0 && refused.length === 0,
    processes: answers.map(({ role, answer }) => ({
      role,
      applied: answer.ok,
      message: answer.ok ? null : answer.message,
    })),
    faults: [...new Set(refused.flatMap(({ faults }) => faults))],
    changes: onceBy(
      taken.flatMap(({ changes }) => changes),
      ({ path }) => path,
    ),
    warnings: onceBy(
      taken.flatMap(({ warnings }) => warnings),
      ({ message }) => message,
    ),
  };
  await ctx.db.transact((h) => recordAudit(h, ctx, actor, recordOf(reloaded)));
  return reloaded;
}

function recordOf({ applied, processes, faults, changes }: Reloaded) {
  const pick = (side: 'before' | 'after') =>
    Object.fromEntries(changes.map((change) => [change.path, change[side]]));
  return {
    action: 'settings.reload',
    subject: SETTINGS_SUBJECT,
    before: pick('before'),
    after: {
      ...pick('after'),
      applied,
      processes: processes.map(({ role }) => role),
      ...(faults.length > 0 ? { faults: faults.length } : {}),
    },
  };
}

/** Processes of one machine tell the same. */
function onceBy<T>(all: readonly T[], key: (one: T) => string): T[] {
  return [...new Map(all.map((one) => [key(one), one])).values()];
}
