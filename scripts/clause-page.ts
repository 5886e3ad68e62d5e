import {
  mapDocument,
  testsOf,
  type ClauseSources,
  type MappedClause,
  type NamedCase,
} from './clause-map.ts';

/**
 * Rules of these sections stand in the agreement for people to read: no figure comes from them.
 */
const STATED = [
  'obligations',
  'notifications',
  'controls',
  'outside',
  'components',
  'version',
  'calendars.telephone',
  'calendars.email',
];

const HEAD = `# What becomes of every clause

Made by \`npm run clauses\` from the clause lists in [\`docs/clauses/\`](clauses), the
[agreements](../agreements) and the worked cases; a test fails while it is out of date.

Each row is a clause. It is **judged** by a rule of an agreement file that names it (the path of the rule is
given; every figure, verdict and clock comes from these), **stated** by one (what is covered, a duty, a notice,
a control, telephone hours: it stands in the file for people, and no figure comes from it), **shown** by something else that
Upheld does, or it is said why software cannot carry it. The last column names the cases and tests, and says
what of a clause none can show, and why. The cases without a link are delivered beside the
project; all of them are run by \`test/cases.test.ts\`.
`;

/** docs/clauses.md: a table for each contract. */
export function pageOf(sources: ClauseSources): string {
  const tables = sources.documents.map((document) => {
    const mapped = mapDocument(document, sources);
    const several = document.agreements.length > 1;
    const files = document.agreements.map((id) => `[\`${id}\`](../agreements/${id}.yaml)`);
    return [
      `## ${document.document}`,
      `Agreement${several ? 's' : ''}: ${files.join(', ')}. ${summary(mapped)}`,
      [
        '| clause | what it says | where it is implemented, or why not | what shows it |',
        '| --- | --- | --- | --- |',
        ...mapped.map((clause) => rowOf(clause, several ? document.agreements : [])),
      ].join('\n'),
    ].join('\n\n');
  });
  return `${[HEAD.trimEnd(), ...tables].join('\n\n')}\n`;
}

/** Clauses that a figure, a verdict or a clock comes from and that no case or test shows. */
export function unproven(sources: ClauseSources): string[] {
  return sources.documents.flatMap((document) =>
    mapDocument(document, sources)
      .filter((clause) => isJudged(clause) && evidence(clause).length === 0)
      .map(({ entry }) => `${document.document}: ${entry.clause} ${entry.part ?? ''}`.trimEnd()),
  );
}

/** Clauses that nothing shows, and of which it is not said why nothing can. */
export function unexplained(sources: ClauseSources): string[] {
  return sources.documents.flatMap((document) =>
    mapDocument(document, sources)
      .filter((clause) => proofOf(clause) === '')
      .map(({ entry }) => `${document.document}: ${entry.clause} ${entry.part ?? ''}`.trimEnd()),
  );
}

function isJudged({ rules }: MappedClause): boolean {
  return rules.some(({ path }) => !isStated(path));
}

function summary(mapped: readonly MappedClause[]): string {
  const not = mapped.filter(({ entry }) => entry.not !== undefined).length;
  const judged = mapped.filter(isJudged).length;
  const unseen = mapped.filter(
    (clause) => clause.entry.unseen !== undefined && evidence(clause).length === 0,
  ).length;
  const tested = mapped.filter((clause) => evidence(clause).length > 0).length;
  return (
    `Of ${mapped.length} rows ${judged} are judged, ${mapped.length - judged - not} stated or shown, ` +
    `${not} carried by no software; ${tested} have a test, and of ${unseen} it is said why none can show them.`
  );
}

function rowOf(clause: MappedClause, agreements: readonly string[]): string {
  const { entry, rules } = clause;
  const places = [
    list(
      'judged',
      gather(
        rules.filter(({ path }) => !isStated(path)),
        agreements,
      ),
    ),
    list(
      'stated',
      gather(
        rules.filter(({ path }) => isStated(path)),
        agreements,
      ),
    ),
    ...(entry.shown
      ? [`shown: ${entry.shown.how} (${entry.shown.files.map(link).join(', ')})`]
      : []),
    ...(entry.not === undefined ? [] : [`not: ${entry.not}`]),
  ].filter((place) => place !== '');
  const cells = [
    entry.part === undefined ? entry.clause : `${entry.clause}<br>${entry.part}`,
    entry.says,
    places.join('<br>'),
    proofOf(clause),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** Paths of rules; of several agreements those that are in one only carry its name. */
function gather(rules: MappedClause['rules'], agreements: readonly string[]): string[] {
  return [...new Set(rules.map(({ path }) => path))].map((path) => {
    const of = rules.filter((rule) => rule.path === path).map((rule) => rule.agreement);
    const only = of.length < agreements.length ? ` (${of.join(', ')})` : '';
    return `\`${path}\`${only}`;
  });
}

function list(word: string, places: readonly string[]): string {
  return places.length === 0 ? '' : `${word}: ${places.join(', ')}`;
}

function evidence({ entry, cases }: MappedClause): string[] {
  return entry.not === undefined ? [...cases.map(caseText), ...testsOf(entry).map(link)] : [];
}

/** What shows a clause, and why the rest of it cannot be shown; of one that is not carried a dash. */
function proofOf(clause: MappedClause): string {
  const { not, unseen } = clause.entry;
  if (not !== undefined) return '–';
  const tests = evidence(clause).join(', ');
  return [tests, unseen ?? ''].filter((words) => words !== '').join('<br>');
}

function caseText({ id, file }: NamedCase): string {
  return file === undefined ? id : `[${id}](../${file})`;
}

function link(path: string): string {
  return `[\`${path.split('/').at(-1) ?? path}\`](../${path})`;
}

function isStated(path: string): boolean {
  return STATED.some((section) => path === section || path.startsWith(`${section}.`));
}
