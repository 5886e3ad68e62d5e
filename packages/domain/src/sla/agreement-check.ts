import { nearest } from '../nearest.ts';
import { faultOfParts } from './agreement-parts.ts';
import { TERM_KEYS, termsSchema, type AgreementDocument, type Terms } from './agreement-schema.ts';
import type { ClockRule } from './agreement-tickets.ts';
import { WEEKDAYS, type Amount, type CalendarRule } from './agreement-values.ts';
import { spansOf, weekdaysOf } from './hours.ts';
import { brokenStep, replaced, type Replacements } from './replace.ts';

type Path = readonly (string | number)[];

/** A fault of meaning in an agreement: where it is, and what would be right. */
export interface PathFault {
  path: Path;
  message: string;
}

type Report = (path: Path, message: string) => void;

/** All faults that the form alone does not show. `source` is the file before defaults. */
export function faultsOfDocument(
  document: AgreementDocument,
  source: Record<string, unknown>,
): PathFault[] {
  const faults: PathFault[] = [];
  const report: Report = (path, message) => faults.push({ path, message });
  checkComponents(document, report);
  checkTerms(document, report);
  if (faults.length > 0) return faults;
  // Only sound rules can be judged once more with pieces of them replaced.
  const terms = termsOf(source);
  for (const [id, { options }] of Object.entries(document.readings))
    if (Object.keys(options).length < 2)
      report(
        ['readings', id, 'options'],
        'holds no choice; give at least two options, the default first',
      );
  checkVariants(document, terms, report);
  if (faults.length === 0) checkVersions(document, terms, report);
  return faults;
}

/** What readings and customers make of the rules. */
function checkVariants(
  { readings, customers }: AgreementDocument,
  terms: Record<string, unknown>,
  report: Report,
): void {
  for (const [id, reading] of Object.entries(readings))
    for (const [option, { replaces }] of Object.entries(reading.options))
      checkReplacements(terms, replaces, ['readings', id, 'options', option, 'replaces'], report);
  for (const [customer, { replaces }] of Object.entries(customers))
    checkReplacements(terms, replaces, ['customers', customer, 'replaces'], report);
}

/** Each version is judged on top of those before it, which must be sound and earlier. */
function checkVersions(
  document: AgreementDocument,
  terms: Record<string, unknown>,
  report: Report,
): void {
  let [tree, last] = [terms, document.version.validFrom ?? ''];
  for (const [index, { validFrom, replaces }] of document.versions.entries()) {
    if (validFrom <= last)
      report(
        ['versions', index, 'validFrom'],
        `is not after ${last}, the day of the version before; write them in order`,
      );
    checkReplacements(tree, replaces, ['versions', index, 'replaces'], report);
    [tree, last] = [replaced(tree, replaces), validFrom];
    checkVariants(document, tree, (path, message) =>
      report(['versions', index, 'replaces'], `breaks ${path.join('.')}: ${message}`),
    );
  }
}

/** The rules of a file, without what says which file it is. */
export function termsOf(source: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(source).filter(([key]) => TERM_KEYS.includes(key)));
}

function checkReplacements(
  terms: Record<string, unknown>,
  pieces: Replacements,
  at: Path,
  report: Report,
): void {
  const astray = Object.keys(pieces).flatMap((path) => {
    const message = faultOfPath(terms, path);
    return message === null ? [] : [{ path, message }];
  });
  for (const { path, message } of astray) report([...at, path], message);
  if (astray.length > 0) return;
  const result = termsSchema.safeParse(replaced(terms, pieces));
  if (result.success) {
    checkTerms(result.data, (path, message) =>
      report(at, `makes ${path.join('.')} wrong: it ${message}`),
    );
    return;
  }
  for (const issue of result.error.issues)
    report(at, `makes ${issue.path.map(String).join('.')} wrong: ${issue.message}`);
}

function faultOfPath(terms: Record<string, unknown>, path: string): string | null {
  const [section = ''] = path.split('.');
  if (!TERM_KEYS.includes(section)) return unknown('part', section, TERM_KEYS);
  const broken = brokenStep(terms, path);
  return broken === null ? null : `replaces nothing: there is no "${broken}" in this agreement`;
}

function checkComponents(document: AgreementDocument, report: Report): void {
  if (document.components === 'any') return;
  checkTwice(document.components, ['components'], report);
}

function checkTwice(list: readonly { id: string }[], path: Path, report: Report): void {
  const seen = new Set<string>();
  list.forEach(({ id }, index) => {
    if (seen.has(id)) report([...path, index, 'id'], `"${id}" is already the id of another`);
    seen.add(id);
  });
}

function checkTerms(terms: Terms, tell: Report): void {
  const told: Path[] = [];
  const report: Report = (path, message) => {
    told.push(path);
    tell(path, message);
  };
  checkTwice(terms.severity, ['severity'], report);
  if (!terms.severity.some((level) => level.countsAsDown))
    report(['severity'], 'has no level that counts as down; set countsAsDown on at least one');
  const known = [...Object.keys(terms.calendars), 'always'];
  const calendar = (name: string | undefined, path: Path): void => {
    if (name !== undefined && !known.includes(name)) report(path, unknown('calendar', name, known));
  };
  for (const [name, rule] of Object.entries(terms.calendars))
    checkCalendar(rule, ['calendars', name], calendar, report);
  checkCircles(terms.calendars, report);
  for (const [name, part] of Object.entries(terms.availability.parts))
    calendar(part.within, ['availability', 'parts', name, 'within']);
  checkMaintenance(terms, calendar, report);
  checkTickets(terms, calendar, report);
  checkObligations(terms, calendar, report);
  const { compensation } = terms;
  const parts = Object.keys(terms.availability.parts);
  if (compensation && !parts.includes(compensation.part))
    report(['compensation', 'part'], unknown('part', compensation.part, parts));
  // Only sound calendars can be laid beside each other.
  const fault = told.length === 0 ? faultOfParts(terms) : null;
  if (fault !== null) report(['availability', 'parts'], fault);
}

type CheckCalendar = (name: string | undefined, path: Path) => void;

function checkCalendar(rule: CalendarRule, path: Path, calendar: CheckCalendar, report: Report) {
  if ('outside' in rule) calendar(rule.outside, [...path, 'outside']);
  if ('anyOf' in rule) rule.anyOf.forEach((name, i) => calendar(name, [...path, 'anyOf', i]));
  if ('allOf' in rule) rule.allOf.forEach((name, i) => calendar(name, [...path, 'allOf', i]));
  if (!('hours' in rule)) return;
  const written = new Map<number, string>();
  for (const [days, spans] of Object.entries(rule.hours)) {
    const at = [...path, 'hours', days];
    const again = weekdaysOf(days).find((day) => written.has(day));
    if (again !== undefined)
      report(
        at,
        `has hours of ${WEEKDAYS[again - 1] ?? ''}, which ${written.get(again) ?? ''} has too; write each day once`,
      );
    for (const day of weekdaysOf(days)) written.set(day, days);
    let end = -1;
    spans.forEach((span, index) => {
      const { from, to } = spansOf(span);
      if (to <= from) report([...at, index], `"${span}" does not end after it starts`);
      else if (from < end) report([...at, index], `"${span}" begins before the span above it ends`);
      end = to;
    });
  }
  for (const [year, dates] of Object.entries(rule.closedLists ?? {}))
    dates.forEach((date, index) => {
      if (!date.startsWith(year))
        report([...path, 'closedLists', year, index], `"${date}" is no day of ${year}`);
    });
}

function checkCircles(calendars: Terms['calendars'], report: Report): void {
  const settled = new Set<string>();
  const visit = (name: string, above: readonly string[]): void => {
    if (above.includes(name)) {
      report(['calendars', name], `is made of itself: ${[...above, name].join(' → ')}`);
      return;
    }
    const rule = calendars[name];
    if (!rule || settled.has(name)) return;
    for (const part of partsOf(rule)) visit(part, [...above, name]);
    settled.add(name);
  };
  for (const name of Object.keys(calendars)) visit(name, []);
}

function partsOf(rule: CalendarRule): readonly string[] {
  if ('outside' in rule) return [rule.outside];
  if ('anyOf' in rule) return rule.anyOf;
  return 'allOf' in rule ? rule.allOf : [];
}

function checkMaintenance(terms: Terms, calendar: CheckCalendar, report: Report): void {
  const { notice, preferred, kinds } = terms.maintenance;
  const at = ['maintenance', 'notice'];
  calendar(notice?.whenTouching, [...at, 'whenTouching']);
  calendar(preferred?.calendar, ['maintenance', 'preferred', 'calendar']);
  if (notice?.term) checkTerm(notice.term, [...at, 'term'], calendar, report);
  for (const [kind, rule] of Object.entries(kinds))
    if (rule.judged === 'by-notice' && !notice)
      report(['maintenance', 'kinds', kind], 'is judged by notice; write maintenance.notice');
}

function checkTerm(term: Amount, path: Path, calendar: CheckCalendar, report: Report): void {
  checkAmount(term, path, calendar);
  if ('hours' in term && term.calendar !== undefined)
    report([...path, 'calendar'], 'cannot be used here: hours of notice are elapsed hours');
  if ('workingDays' in term && term.calendar === undefined)
    report(path, 'counts working days; name their calendar');
}

function checkAmount(amount: Amount, path: Path, calendar: CheckCalendar): void {
  if ('hours' in amount || 'workingDays' in amount)
    calendar(amount.calendar, [...path, 'calendar']);
}

function checkTickets(terms: Terms, calendar: CheckCalendar, report: Report): void {
  const levels = terms.severity.map(({ id }) => id);
  const level = (name: string, path: Path): void => {
    if (!levels.includes(name)) report(path, unknown('level', name, levels));
  };
  for (const [name, group] of Object.entries(terms.attainment?.groups ?? {}))
    group.levels.forEach((id, i) => level(id, ['attainment', 'groups', name, 'levels', i]));
  if (!terms.tickets) return;
  calendar(terms.tickets.calendar, ['tickets', 'calendar']);
  for (const clock of ['response', 'recovery'] as const)
    for (const [name, rule] of Object.entries(terms.tickets[clock]))
      checkClockRule(rule, ['tickets', clock, name], calendar, level);
}

function checkObligations(terms: Terms, calendar: CheckCalendar, report: Report): void {
  const levels = terms.severity.map(({ id }) => id);
  for (const [id, { on, within }] of Object.entries(terms.obligations)) {
    if (typeof within === 'object') checkAmount(within, ['obligations', id, 'within'], calendar);
    on?.levels?.forEach((name, index) => {
      const path = ['obligations', id, 'on', 'levels', index];
      if (!levels.includes(name)) report(path, unknown('level', name, levels));
    });
  }
}

function checkClockRule(
  rule: ClockRule,
  path: Path,
  calendar: CheckCalendar,
  level: (name: string, path: Path) => void,
): void {
  calendar(rule.calendar, [...path, 'calendar']);
  rule.levels?.forEach((id, index) => level(id, [...path, 'levels', index]));
  if (rule.target) checkAmount(rule.target, [...path, 'target'], calendar);
  for (const [id, target] of Object.entries(rule.targets ?? {})) {
    level(id, [...path, 'targets', id]);
    checkAmount(target, [...path, 'targets', id], calendar);
  }
}

function unknown(what: string, name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  const advice = meant === null ? `known are ${known.join(', ')}` : `did you mean "${meant}"?`;
  return `"${name}" is no ${what} of this agreement; ${advice}`;
}
