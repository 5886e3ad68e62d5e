import type { Setting } from '@upheld/services/settings/read-settings.ts';

/** What each setting is called, by its path; elements and names of the operator's own are *. */
const NAMES: Readonly<Record<string, string>> = {
  'organisation.name': 'Name',
  'organisation.website': 'Website',
  'organisation.contact': 'Contact for customers',
  'server.url': 'Public address',
  'server.source': 'Source of the program',
  'server.trustProxy': 'Behind a proxy of ours',
  timezone: 'Time zone',
  language: 'Language by default',
  'pages.*.id': 'Page',
  'pages.*.title': 'Title',
  'pages.*.description': 'Description',
  'pages.*.groups': 'Groups on it',
  'console.allow': 'Addresses that may use the console',
  'console.idle': 'A session ends unused after',
  'console.longest': 'A session ends at the latest after',
  'console.blockAfterDays': 'Unused accounts are blocked after (days)',
  'probing.allow': 'Non-public addresses that checks may reach',
  'probing.concurrency': 'Checks at once',
  'channels.email': 'E-mail',
  'channels.email.from': 'Sender',
  'channels.email.replyTo': 'Answers go to',
  'channels.email.bounces': 'Mail that comes back goes to',
  'channels.email.smtp.host': 'Mail server',
  'channels.email.smtp.port': 'Port',
  'channels.email.smtp.tls': 'Encryption',
  'channels.email.smtp.user': 'User name',
  'channels.email.smtp.password': 'Password',
  'channels.sms': 'Text messages',
  'channels.sms.provider': 'Provider',
  'channels.sms.accountSid': 'Account',
  'channels.sms.authToken': 'Token',
  'channels.sms.from': 'Sender',
  'channels.sms.baseUrl': 'Address of the provider',
  'channels.sms.countries': 'Countries served',
  incoming: 'Reports from outside',
  'incoming.mail': 'Reports by mail',
  'incoming.mail.secret': 'Secret of the mail service',
  'incoming.mail.component': 'Reports are about',
  onCall: 'Who is called',
};

/** The same of a component and of a monitor, from there on. */
const OWN_NAMES: Readonly<Record<string, string>> = {
  id: 'Id',
  name: 'Name',
  description: 'Description',
  kind: 'Kind of check',
  url: 'Address',
  method: 'Method',
  body: 'Body',
  'expect.status': 'Good statuses',
  'expect.text': 'Text in the body',
  'expect.json': 'Value in the JSON body',
  'expect.json.path': 'Value in the JSON body: where',
  'expect.json.equals': 'Value in the JSON body: what',
  'expect.within': 'Slower is degraded',
  interval: 'Time between checks',
  timeout: 'Longest wait for an answer',
  retryInterval: 'Time between checks while confirming',
  'confirm.failures': 'Failures that open an outage',
  'confirm.successes': 'Good checks that close it',
  redirects: 'Redirects followed',
  'severity.down': 'Severity when down',
  'severity.degraded': 'Severity when degraded',
  paused: 'Paused',
};

/** The parts of the page, in their order, by how the paths of their settings begin. */
const SECTIONS: readonly { title: string; starts: readonly string[]; lead?: string }[] = [
  { title: 'Organisation', starts: ['organisation'] },
  {
    title: 'Public pages',
    starts: ['server.url', 'server.source', 'timezone', 'language', 'pages'],
  },
  { title: 'Console', starts: ['console', 'server.trustProxy'] },
  { title: 'Checks', starts: ['probing'] },
  { title: 'E-mail', starts: ['channels.email', 'incoming'] },
  { title: 'Text messages', starts: ['channels.sms'] },
  { title: 'On call', starts: ['onCall'] },
];

export interface SettingRow extends Setting {
  /** What it is called. */
  name: string;
}

export interface Section {
  title: string;
  rows: readonly SettingRow[];
}

/** The settings that are not of a single component, by what they are about. */
export function sectionsOf(settings: readonly Setting[]): Section[] {
  const isOf = (starts: readonly string[], { pattern }: Setting): boolean =>
    starts.some((start) => pattern === start || pattern.startsWith(`${start}.`));
  const known = SECTIONS.map(({ title, starts }) => ({
    title,
    rows: settings.filter((one) => isOf(starts, one)).map(named),
  }));
  const starts = ['groups', ...SECTIONS.flatMap((section) => section.starts)];
  const others = settings.filter((one) => !isOf(starts, one)).map(named);
  return others.length === 0 ? known : [...known, { title: 'Other settings', rows: others }];
}

/** What is set of one component and its monitors, without what is as it is by default. */
export function settingsOfComponent(settings: readonly Setting[], path: string): SettingRow[] {
  return settings
    .filter((one) => one.path.startsWith(`${path}.`))
    .filter(({ origin }) => origin === 'file' || origin === 'environment')
    .map((one) => {
      const own = one.path.slice(path.length + 1);
      const [, id, rest] = /^(?:monitors|agreements)\.([^.]+)\.(.*)$/.exec(own) ?? [];
      return { ...one, name: rest === undefined ? ownName(own) : `${id ?? ''} › ${ownName(rest)}` };
    });
}

/** What holds for a monitor that says nothing else, by name. */
export function namedDefaults(defaults: readonly Setting[]): SettingRow[] {
  return defaults.map((one) => ({ ...one, name: ownName(one.path) }));
}

function ownName(path: string): string {
  return OWN_NAMES[path] ?? sentenceCase(path.replaceAll('.', ' › '));
}

/** The place of each component among the settings. */
export function componentPaths(settings: readonly Setting[]): { id: string; path: string }[] {
  const found = settings.flatMap(({ path, pattern }) => {
    const place = pattern === 'groups.*.components.*.id' ? path.replace(/\.id$/, '') : null;
    return place === null ? [] : [{ id: place.split('.').at(-1) ?? '', path: place }];
  });
  return found;
}

/** In a list, which element of it; then the words, or where there are none, the key as words. */
function named(setting: Setting): SettingRow {
  const { path, pattern } = setting;
  const steps = path.split('.');
  const own = pattern.split('.').flatMap((step, at) => (step === '*' ? [steps[at] ?? ''] : []));
  const last = steps.at(-1) ?? '';
  const words = NAMES[pattern] ?? sentenceCase(last);
  return { ...setting, name: [...own, words].join(' › ') };
}

function sentenceCase(key: string): string {
  const text = key.replace(
    /([a-z])([A-Z])/g,
    (_, a: string, b: string) => `${a} ${b.toLowerCase()}`,
  );
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export const ORIGIN_WORDS: Readonly<Record<Setting['origin'], string>> = {
  file: 'upheld.yaml',
  environment: 'environment',
  default: 'default',
  unset: '',
};
