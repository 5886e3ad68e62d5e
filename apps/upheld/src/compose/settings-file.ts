import { isAgreementPath, loadAgreementBook } from '@upheld/config/agreements.ts';
import type { NamedAgreements } from '@upheld/config/check.ts';
import { checkDraft } from '@upheld/config/draft.ts';
import type { Environment } from '@upheld/config/environment.ts';
import type { LoadedConfig } from '@upheld/config/load.ts';
import type { Config } from '@upheld/config/schema.ts';
import type { CheckedDraft, SettingsFile } from '@upheld/services/settings/file.ts';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { version } from '../version.ts';
import { warningsOfDraft } from './warnings.ts';
import { databaseAddress, placeOf, variablesOf } from './workspace.ts';

/** The file of settings of this machine, for the verbs that show, test and reload it. */
export function settingsFile(
  environment: Environment,
  loaded: () => LoadedConfig,
  reload: SettingsFile['reload'],
): SettingsFile {
  const { configPath } = environment;
  return {
    path: configPath,
    data: placeOf(databaseAddress(environment)),
    version: version(),
    given: () => loaded().given,
    state() {
      try {
        return readFileSync(configPath, 'utf8') === loaded().text ? 'in-force' : 'changed';
      } catch (error) {
        if (error instanceof Error && 'code' in error) return 'unreadable';
        throw error;
      }
    },
    reload,
    check: (text) => check(environment, loaded().config, text),
  };
}

async function check(
  environment: Environment,
  inForce: Config,
  text: string,
): Promise<CheckedDraft> {
  const unread = new Set<string>();
  const book = bookForDrafts(dirname(environment.configPath), inForce, unread);
  const { faults, config } = checkDraft(text, variablesOf(environment), book);
  const { warnings, names } = config ? await warningsOfDraft(config) : { warnings: [], names: 0 };
  const unchecked = [...unread].map(
    (file) => `${file}: an agreement that is not in force yet is read when the settings are`,
  );
  if (names > 0) {
    const hosts = names === 1 ? 'one host name' : `${names} host names`;
    unchecked.push(`${hosts}: looked up when the settings are read`);
  }
  return { faults, warnings, unchecked };
}

/**
 * A draft opens no file that the settings in force do not name: its faults would tell what is in it.
 */
function bookForDrafts(folder: string, inForce: Config, unread: Set<string>): NamedAgreements {
  const book = loadAgreementBook(folder);
  const components = inForce.groups.flatMap((group) => group.components);
  const named = new Set(components.flatMap((one) => one.agreements.map((use) => use.agreement)));
  return {
    get(reference) {
      if (!isAgreementPath(reference) || named.has(reference)) return book.get(reference);
      unread.add(reference);
      return { id: reference, components: [], anyComponent: true, severityLevels: [] };
    },
  };
}
