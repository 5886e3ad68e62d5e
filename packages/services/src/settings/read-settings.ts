import { monitorDefaults, settingsOf, type Setting } from '@upheld/config/settings.ts';
import type { Context } from '../context.ts';
import type { OutboxView } from '../outbox/list-outbox.ts';
import { readChannels, type ChannelHealth } from './channels.ts';
import type { SettingsFile } from './file.ts';
import { listTests } from './send-test.ts';

export { settingText, type Setting } from '@upheld/config/settings.ts';

/** The settings in force, where they come from, and whether what they set up works. */
export interface SettingsView {
  file: { path: string; state: ReturnType<SettingsFile['state']> };
  data: string;
  version: string;
  settings: readonly Setting[];
  /** What holds for a monitor that does not say otherwise. */
  monitorDefaults: readonly Setting[];
  channels: readonly ChannelHealth[];
  tests: readonly OutboxView[];
}

/** Everything that is set, with no secret in it. */
export async function readSettings(ctx: Context, file: SettingsFile): Promise<SettingsView> {
  return {
    file: { path: file.path, state: file.state() },
    data: file.data,
    version: file.version,
    settings: settingsOf(ctx.config(), file.given()),
    monitorDefaults: monitorDefaults(),
    channels: await readChannels(ctx),
    tests: await listTests(ctx),
  };
}
