import { checkDraft } from '@upheld/config/draft.ts';
import type { ReloadAnswer, SettingsFile } from '@upheld/services/settings/file.ts';
import type { TestContext } from './context.ts';

/** A file of settings that a test controls. */
export interface TestSettings extends SettingsFile {
  /** How often it was read again. */
  reloads: number;
  /** What each process answers next. */
  answers: { role: string; answer: ReloadAnswer }[];
  stands: ReturnType<SettingsFile['state']>;
}

/** A file that says what is in force in a test, in one process that takes it again. */
export function testSettings(ctx: Pick<TestContext, 'config' | 'agreements'>): TestSettings {
  const settings: TestSettings = {
    reloads: 0,
    answers: [{ role: 'all', answer: { ok: true, changes: [], warnings: [] } }],
    stands: 'in-force',
    path: '/etc/upheld/upheld.yaml',
    data: '/var/lib/upheld/upheld.db',
    version: '0.0.0-test',
    given: () => ({ organisation: ctx.config().organisation }),
    state: () => settings.stands,
    reload() {
      settings.reloads += 1;
      return Promise.resolve(settings.answers);
    },
    check: (text) =>
      Promise.resolve({
        faults: checkDraft(text, {}, ctx.agreements()).faults,
        warnings: [],
        unchecked: [],
      }),
  };
  return settings;
}
