import type { SettingChange } from '@upheld/config/settings.ts';

/** Something that a configuration leads to and that is probably not meant, with what would mend it. */
export interface SettingsWarning {
  message: string;
  remedy: string;
}

/** What one process answers when it is told to read its settings again. */
export type ReloadAnswer =
  | { ok: true; changes: readonly SettingChange[]; warnings: readonly SettingsWarning[] }
  /** Each fault is a line with its place: `upheld.yaml:12: console.idle …`. */
  | { ok: false; message: string; faults: readonly string[] };

/** What would be said of a text if it were the file. */
export interface CheckedDraft {
  /** As lines; none: it would be taken. */
  faults: readonly { line: number; path: string; message: string }[];
  warnings: readonly SettingsWarning[];
  /** What could not be looked at from here. */
  unchecked: readonly string[];
}

/** The subject of what is recorded of settings. */
export const SETTINGS_SUBJECT = 'upheld.yaml';

/**
 * The file in which settings live, as the composition root has it. It can be read again and never
 * written: what reaches the console must not reach the list of what may be probed, or the mail server.
 */
export interface SettingsFile {
  /** Where it is on this machine. */
  path: string;
  /** Where the data is, without a password. */
  data: string;
  /** Of the product. */
  version: string;
  /** What the file said when it was read, before variables and defaults; it may hold secrets. */
  given(): unknown;
  /** Whether the file still says what is in force. */
  state(): 'in-force' | 'changed' | 'unreadable';
  /** Has every process of this machine read it again; what is refused changes nothing. */
  reload(): Promise<readonly { role: string; answer: ReloadAnswer }[]>;
  /** Judges a text. Stores nothing, and lets nothing out that the text asks for. */
  check(text: string): Promise<CheckedDraft>;
}
