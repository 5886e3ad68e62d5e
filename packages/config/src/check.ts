import { DomainError } from '@upheld/domain/errors.ts';
import { nearest } from '@upheld/domain/nearest.ts';
import type { Agreement } from '@upheld/domain/sla/agreement.ts';
import { addressRangeFault, allowEntryFault } from './allow-list.ts';
import { checkMonitor, hasControlCharacter, type Report } from './check-monitor.ts';
import { checkOnCall } from './check-on-call.ts';
import { pathText, type Path, type PathFault } from './path.ts';
import type { AgreementUse, ComponentConfig, Config, MonitorConfig } from './schema.ts';

/** The part of an agreement that a configuration speaks of. */
export type NamedAgreement = Pick<
  Agreement,
  'id' | 'components' | 'anyComponent' | 'severityLevels'
>;

/** The part of an AgreementBook that is needed here. */
export interface NamedAgreements {
  /** Throws DomainError when there is no such agreement, or when its file has faults. */
  get(reference: string): NamedAgreement;
}

/** What a schema cannot say: that ids are unique, names are known, and values fit each other. */
export function checkConfig(config: Config, agreements?: NamedAgreements): PathFault[] {
  const faults: PathFault[] = [];
  const report: Report = (path, message) => faults.push({ path, message });

  if (!isZone(config.timezone))
    report(
      ['timezone'],
      `"${config.timezone}" is no IANA zone; write one such as Europe/Amsterdam`,
    );
  config.probing.allow.forEach((entry, index) => {
    const fault = allowEntryFault(entry);
    if (fault !== null) report(['probing', 'allow', index], fault);
  });
  checkChannels(config, report);
  checkOnCall(config, report);
  checkConsole(config, report);
  checkPages(config, report);
  checkGroups(config, agreements, report);
  return faults;
}

function checkPages(config: Config, report: Report): void {
  const unique = uniqueIds('page', report);
  const groups = config.groups.map((group) => group.id);
  config.pages.forEach((page, index) => {
    unique(page.id, ['pages', index, 'id']);
    page.groups?.forEach((id, at) => {
      if (!groups.includes(id))
        report(['pages', index, 'groups', at], unknown('group', id, groups));
    });
  });
}

function checkGroups(
  config: Config,
  agreements: NamedAgreements | undefined,
  report: Report,
): void {
  const uniqueGroup = uniqueIds('group', report);
  const uniqueComponent = uniqueIds('component', report);
  const uniqueMonitor = uniqueIds('monitor', report);
  config.groups.forEach((group, g) => {
    uniqueGroup(group.id, ['groups', g, 'id']);
    group.components.forEach((component, c) => {
      const path = ['groups', g, 'components', c];
      uniqueComponent(component.id, [...path, 'id']);
      const known = agreements ? checkUses(component, agreements, path, report) : undefined;
      component.monitors.forEach((monitor, m) => {
        const monitorPath = [...path, 'monitors', m];
        uniqueMonitor(monitor.id, [...monitorPath, 'id']);
        checkMonitor(monitor, monitorPath, report);
        if (known) checkSeverities(monitor, known, monitorPath, report);
      });
    });
  });
}

/** The agreements of a component that exist, after reporting those that do not. */
function checkUses(
  component: ComponentConfig,
  book: NamedAgreements,
  path: Path,
  report: Report,
): readonly NamedAgreement[] {
  const seen = new Set<string>();
  return component.agreements.flatMap((use, index) => {
    const at = [...path, 'agreements', index];
    if (seen.has(use.agreement)) report([...at, 'agreement'], `"${use.agreement}" is named twice`);
    seen.add(use.agreement);
    const agreement = look(use, book, at, report);
    if (!agreement) return [];
    const names = agreement.components.map((known) => known.id);
    const meant = use.component ?? (names.length > 1 ? component.id : undefined);
    if (meant !== undefined && !agreement.anyComponent && !names.includes(meant))
      report(
        [...at, 'component'],
        use.component === undefined
          ? `is missing; ${agreement.id} covers ${names.join(', ')}: write which of them this is`
          : unknown(`component of agreement ${agreement.id}`, use.component, names),
      );
    return [agreement];
  });
}

function look(
  use: AgreementUse,
  book: NamedAgreements,
  at: Path,
  report: Report,
): NamedAgreement | undefined {
  try {
    return book.get(use.agreement);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    report([...at, 'agreement'], error.message);
    for (const fault of error.faults)
      report([...at, 'agreement'], `${use.agreement}: ${fault.path}: ${fault.message}`);
    return undefined;
  }
}

function checkSeverities(
  monitor: MonitorConfig,
  agreements: readonly NamedAgreement[],
  path: Path,
  report: Report,
): void {
  const levels = agreements.flatMap((agreement) => agreement.severityLevels.map(({ id }) => id));
  if (levels.length === 0) return;
  for (const state of ['down', 'degraded'] as const) {
    const level = monitor.severity[state];
    if (level !== undefined && !levels.includes(level))
      report([...path, 'severity', state], unknown('severity', level, [...new Set(levels)]));
  }
}

function checkChannels(config: Config, report: Report): void {
  const { email, sms } = config.channels;
  if (email && (!/[^\s@<]@[^\s@>]/.test(email.from) || hasControlCharacter(email.from)))
    report(['channels', 'email', 'from'], 'holds no address; write "Name <name@example.com>"');
  if (email && (email.smtp.user === undefined) !== (email.smtp.password === undefined))
    report(
      ['channels', 'email', 'smtp'],
      'has only one of user and password; write both or neither',
    );
  if (sms && !/^(\+[1-9]\d{6,14}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/.test(sms.from))
    report(
      ['channels', 'sms', 'from'],
      'is no sender; write a number such as +31612345678, or at most 11 letters and digits',
    );
}

const MINUTE_MS = 60_000;
const SHORTEST_SESSION_MS = 5 * MINUTE_MS;
const LONGEST_SESSION_MS = 168 * 60 * MINUTE_MS;

function checkConsole(config: Config, report: Report): void {
  const { allow, idle, longest } = config.console;
  allow.forEach((entry, index) => {
    const fault = addressRangeFault(entry);
    if (fault !== null) report(['console', 'allow', index], fault);
  });
  if (longest < SHORTEST_SESSION_MS || longest > LONGEST_SESSION_MS)
    report(['console', 'longest'], 'is not usable; write a duration from 5m to 168h');
  if (idle < MINUTE_MS || idle > longest)
    report(['console', 'idle'], 'is not usable; write a duration from 1m to console.longest');
}

function uniqueIds(what: string, report: Report): (id: string, path: Path) => void {
  const first = new Map<string, Path>();
  return (id, path) => {
    const other = first.get(id);
    if (other)
      report(path, `"${id}" is already the id of the ${what} at ${pathText(other.slice(0, -1))}`);
    else first.set(id, path);
  };
}

function unknown(what: string, name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  const advice = meant === null ? `known are ${known.join(', ')}` : `did you mean "${meant}"?`;
  return `"${name}" is no known ${what}; ${advice}`;
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return !/^[+-]/.test(zone);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
