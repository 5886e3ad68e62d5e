import { readEnvironment } from '@upheld/config/environment.ts';
import { loadAgreementBook } from '@upheld/config/agreements.ts';
import { parseConfig } from '@upheld/config/load.ts';
import type { CheckedDraft, SettingsFile } from '@upheld/services/settings/file.ts';
import { dirname } from 'node:path';
import { askToReload } from './control.ts';
import { settingsFile } from './settings-file.ts';
import { warningsOfDraft } from './warnings.ts';
import { loadFile, variablesOf } from './workspace.ts';

/** The file of settings as a command finds it; throws as `readConfig` does. */
export function settingsHere(): SettingsFile {
  const environment = readEnvironment();
  const loaded = loadFile(environment);
  return settingsFile(
    environment,
    () => loaded,
    () => askToReload(environment.dataDir),
  );
}

/**
 * Judges a text as the file would be: whoever has a shell here may know what the environment holds, so
 * that variables are filled in and agreements are read.
 */
export async function checkHere(text: string): Promise<CheckedDraft> {
  const environment = readEnvironment();
  const book = loadAgreementBook(dirname(environment.configPath));
  const loaded = parseConfig(text, variablesOf(environment), book);
  if (!loaded.ok) return { faults: loaded.faults, warnings: [], unchecked: [] };
  const { warnings } = await warningsOfDraft(loaded.config);
  return { faults: [], warnings, unchecked: [] };
}
