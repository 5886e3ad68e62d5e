import { DomainError } from '@upheld/domain/errors.ts';
import { rulesUnder } from '@upheld/domain/sla/rules.ts';
import { statement } from '@upheld/domain/sla/statement.ts';
import { versionAt } from '@upheld/domain/sla/version.ts';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { agreementJsonSchemaText } from './agreement-json-schema.ts';
import { loadAgreementBook, parseAgreement } from './agreements.ts';

const shipped = new URL('../../../agreements/', import.meta.url);
const base = readFileSync(new URL('spotonmedics.yaml', shipped), 'utf8');

/** Every fault as one line. */
function faultsOf(text: string): string[] {
  try {
    parseAgreement(text, 'ours.yaml');
    return [];
  } catch (error) {
    assert.ok(error instanceof DomainError);
    return error.faults.map(({ path, message }) => `${path} ${message}`);
  }
}

/** A piece of a shipped agreement, what it is changed into, and what is said of it. */
const FAULTS: readonly [name: string, from: string | RegExp, to: string, said: RegExp][] = [
  [
    'a key misspelt',
    'components:',
    'componets:',
    /componets is no known key; did you mean "components"/,
  ],
  [
    'a clause as a number',
    "clause: '8.1', strength",
    'clause: 8.1, strength',
    /:86: maintenance\.preferred\.clause is a number; write a text/,
  ],
  [
    'no clause',
    "clause: '8.1', strength: effort",
    'strength: effort',
    /preferred\.clause is missing/,
  ],
  ['an unknown strength', 'strength: right', 'strength: rigth', /did you mean right/],
  [
    'an unknown zone',
    /zone: Europe\/Amsterdam\n\nsev/,
    'zone: Europe/Amsterdm\n\nsev',
    /zone "Europe\/Amsterdm" is not right; write an IANA zone/,
  ],
  ['hours without minutes', "'08:00-12:00'", "'8-12'", /write hours as "08:00-17:30"/],
  ['hours backwards', "'08:00-12:00'", "'12:00-08:00'", /does not end after it starts/],
  ['hours that overlap', "'14:00-17:30'", "'11:00-17:30'", /begins before the span above it ends/],
  [
    'a weekday twice',
    "mon-fri: ['08:00-12:00', '14:00-17:30']",
    "mon-fri: ['08:00-17:00'], fri: ['09:00-12:00']",
    /calendars\.service\.hours\.fri has hours of fri, which mon-fri has too; write each day once/,
  ],
  [
    'parts that overlap',
    /( +)(all: .*\n)/,
    "$1$2$1night: { within: service, clause: '7.1' }\n",
    /availability\.parts lays all and night over each other, such as at 2024-01-02T07:00:00Z/,
  ],
  [
    'parts that leave a hole',
    /all: \{ norm/,
    'all: { within: service, norm',
    /availability\.parts has no part for 2024-01-01T00:00:00Z, among others; add one within/,
  ],
  ['an unknown weekday', "mon-fri: ['08", "mon-fry: ['08", /write a weekday or a range/],
  ['an unknown set of closed days', 'closed: official', 'closed: offical', /did you mean official/],
  [
    'a closed day that does not exist',
    'closed: official',
    "closed: none\n    closedLists: { '2026': [2026-02-30] }",
    /"2026-02-30" is not right; there is no such day in the calendar/,
  ],
  [
    'a closed day of another year',
    'closed: official',
    "closed: none\n    closedLists: { '2026': [2027-02-01] }",
    /"2027-02-01" is no day of 2026/,
  ],
  [
    'a first day that does not exist',
    /version:\n/,
    'version:\n  validFrom: 2026-11-31\n',
    /version\.validFrom "2026-11-31" is not right; there is no such day in the calendar/,
  ],
  [
    'a later version from a day that does not exist',
    'components:',
    "versions: [{ label: '2', validFrom: 9999-99-99, replaces: {} }]\ncomponents:",
    /versions\[0\]\.validFrom "9999-99-99" is not right; there is no such day in the calendar/,
  ],
  [
    'an unknown calendar',
    'whenTouching: service',
    'whenTouching: servce',
    /is no calendar of this agreement; did you mean "service"/,
  ],
  ['a calendar of itself', 'outside: service\n', 'outside: special-service\n', /is made of itself/],
  ['a norm as a number', "norm: '99'", 'norm: 99', /norm is a number; write a text/],
  ['a norm above 100', "norm: '99'", "norm: '101'", /write a percentage as a text/],
  [
    'no level that is down',
    'countsAsDown: true',
    'countsAsDown: false',
    /has no level that counts as down/,
  ],
  ['a level twice', '- id: c\n', '- id: b\n', /"b" is already the id of another/],
  [
    'a target for an unknown level',
    'targets: { a: { hours: 1 }',
    'targets: { x: { hours: 1 }',
    /targets\.x "x" is no level/,
  ],
  [
    'two amounts at once',
    'a: { hours: 1 }',
    'a: { hours: 1, workingDays: 2 }',
    /workingDays cannot stand beside the other keys/,
  ],
  ['an amount below nothing', 'a: { hours: 1 }', 'a: { hours: -1 }', /-1 is out of range/],
  [
    'an unknown event',
    '{ earliest: [received] }',
    '{ earliest: [recieved] }',
    /did you mean received/,
  ],
  [
    'an unknown reason to pause',
    '- customer-act\n',
    '- customer-acts\n',
    /did you mean customer-act\?/,
  ],
  ['an unknown cause', '    internet: {', '    internets: {', /did you mean "internet"/],
  [
    'an unknown treatment of a kind',
    'judged: by-notice',
    'judged: by-notices',
    /did you mean by-notice/,
  ],
  [
    'a channel of notice that there is not',
    'channels: [letter, email, login-screen]',
    'channels: [letter, e-mail]',
    /maintenance\.notice\.channels\[1\] .*did you mean email/,
  ],
  [
    'a component that nobody uses',
    'note: Includes',
    'usedBy: [], note: Includes',
    /components\[0\]\.usedBy/,
  ],
  [
    'an essential function that is neither yes nor no',
    'note: Includes',
    'essential: mostly, note: Includes',
    /components\[0\]\.essential is a text; write true or false/,
  ],
  [
    'figures that lead from nowhere',
    'defaultPeriod:',
    'leading: their page\n  defaultPeriod:',
    /availability\.leading .*write own-probes, or an address such as https/,
  ],
  [
    'no whole weeks',
    'term: { hours: 48 }',
    'term: { localWeeks: 0.5 }',
    /maintenance\.notice\.term\.localWeeks is a number; write a whole number/,
  ],
  ['a kind without a rule', /    emergency: \{ judged[^\n]*\n/, '', /kinds\.emergency is missing/],
  [
    'notice judged without a rule',
    /  notice:\n(    .*\n)+/,
    '',
    /is judged by notice; write maintenance\.notice/,
  ],
  [
    'notice in hours of a calendar',
    'term: { hours: 48 }',
    'term: { hours: 48, calendar: service }',
    /hours of notice are elapsed hours/,
  ],
  [
    'working days of no calendar',
    'term: { hours: 48 }',
    'term: { workingDays: 2 }',
    /name their calendar/,
  ],
  [
    'a reading of nothing',
    'tickets.pauses: []',
    'ticket.pauses: []',
    /"ticket" is no part of this agreement; did you mean "tickets"/,
  ],
  [
    'a reading of a missing piece',
    'calendars.service.zone:',
    'calendars.servce.zone:',
    /replaces nothing: there is no "servce"/,
  ],
  [
    'a reading that breaks a rule',
    "zone: '+01:00'",
    "zone: '+1'",
    /makes calendars\.service\.zone wrong/,
  ],
  ['a reading without a choice', /      pause:\n +means: .*\n/, '', /holds no choice/],
  [
    'a component twice',
    'id: intelligence',
    'id: fysioone',
    /"fysioone" is already the id of another/,
  ],
  ['compensation for an unknown part', 'part: all', 'part: al', /did you mean "all"/],
  ['a text in one language', /nl: Zone van de service-uren, /, '', /question\.nl is missing/],
];

suite('an agreement file with a fault names line, path and remedy:', () => {
  for (const [name, from, to, said] of FAULTS)
    test(name, () => {
      const text = base.replace(from, to);
      assert.notEqual(text, base);
      const faults = faultsOf(text);
      assert.ok(
        faults.some((fault) => said.test(fault)),
        faults.join('\n'),
      );
      for (const fault of faults) assert.match(fault, /^ours\.yaml:\d+: \S/);
    });

  test('a file that is no YAML', () => {
    assert.match(faultsOf('id: [').join(), /^ours\.yaml:1 is no valid YAML/);
  });

  test('an alias of nothing', () => {
    const lineOf = (start: string): number =>
      base.split('\n').findIndex((line) => line.startsWith(start)) + 1;
    const unknown = base.replace('closed: official', 'closed: *days');
    assert.match(
      faultsOf(unknown).join(),
      new RegExp(
        `^ours\\.yaml:${lineOf('    closed: official')} is no valid YAML: \\*days stands for nothing; write &days`,
      ),
    );
  });

  test('an empty file, and a list', () => {
    assert.match(faultsOf('').join(), /is empty; write keys with values/);
    assert.match(faultsOf('[]').join(), /is a list; write keys with values/);
  });

  test('all faults of a file at once', () => {
    const text = base.replace('closed: official', 'closed: x').replace("norm: '99'", 'norm: 99');
    assert.equal(faultsOf(text).length, 2);
  });
});

suite('the book of agreements', () => {
  const book = loadAgreementBook();

  test('the shipped ones are eight, each sound under every choice of readings', () => {
    assert.deepEqual(book.ids(), [
      'flexkids',
      'fundament-it',
      'infravision-cloud',
      'infravision-onpremise',
      'intramed',
      'intramed-online',
      'spotonmedics',
      'standard',
    ]);
    for (const id of book.ids()) {
      const agreement = book.get(id);
      assert.equal(agreement.id, id);
      let choices: Record<string, string>[] = [{}];
      for (const reading of agreement.readings)
        choices = choices.flatMap((choice) =>
          reading.options.map((option) => ({ ...choice, [reading.id]: option })),
        );
      for (const choice of choices)
        assert.deepEqual(rulesUnder(agreement, choice).readings, choice);
    }
  });

  test('the generally recognised holidays are those of the law that names them', () => {
    for (const id of ['infravision-cloud', 'infravision-onpremise']) {
      const means = book.get(id).document.readings['I2']?.options['atw']?.means;
      assert.match(means?.nl ?? '', /Algemene termijnenwet/, id);
      assert.match(means?.en ?? '', /Algemene termijnenwet/, id);
    }
  });

  test('an unknown id is refused with the nearest one', () => {
    assert.throws(() => book.get('fundament'), /there is no agreement "fundament".*"fundament-it"/);
    assert.throws(() => book.get('./none.yaml'), /there is no such file/);
  });

  test('a path is a file, from the folder of the book', () => {
    const folder = mkdtempSync(join(tmpdir(), 'upheld-agreements-'));
    try {
      writeFileSync(join(folder, 'ours.yaml'), base.replace('id: spotonmedics', 'id: ours'));
      assert.equal(loadAgreementBook(folder).get('./ours.yaml').id, 'ours');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('a component may be essential or not, and be used by some', () => {
    const text = base.replace(
      'note: Includes',
      'essential: false, usedBy: [k1, intelligence], note: Includes',
    );
    const { components } = parseAgreement(text, 'ours.yaml').document;
    assert.ok(components !== 'any');
    assert.deepEqual(
      components.map(({ essential, usedBy }) => [essential, usedBy]),
      [
        [false, ['k1', 'intelligence']],
        [undefined, undefined],
        [undefined, undefined],
      ],
    );
  });

  test('what was agreed otherwise with one customer holds for that one', () => {
    const text = `${base}\ncustomers:\n  k1:\n    source: order form of 2026\n    replaces: { availability.parts.all.norm: '99.9' }\n`;
    const agreement = parseAgreement(text, 'ours.yaml');
    const normFor = (customer?: string): string | undefined =>
      rulesUnder(agreement, {}, customer).terms.availability.parts['all']?.norm;
    assert.deepEqual([normFor(), normFor('k1'), normFor('k2')], ['99', '99.9', '99']);
  });

  const stricter = `\nversions:\n  - label: '2'\n    validFrom: '2026-07-01'\n    replaces: { availability.parts.all.norm: '99.9' }\n  - label: '3'\n    validFrom: '2026-10-01'\n    replaces: { maintenance.notice.term: { hours: 72 } }\n`;

  test('a later version holds from midnight of its first day, on top of those before it', () => {
    const agreement = parseAgreement(base + stricter, 'ours.yaml');
    const at = (text: string): (string | undefined)[] => {
      const { document } = versionAt(agreement, Date.parse(text));
      const { term } = document.maintenance.notice ?? {};
      return [
        document.version.label,
        document.availability.parts['all']?.norm,
        term && 'hours' in term ? String(term.hours) : undefined,
      ];
    };
    assert.deepEqual(at('2026-06-30T21:59:59Z'), ['as published', '99', '48']);
    assert.deepEqual(at('2026-06-30T22:00:00Z'), ['2', '99.9', '48']);
    assert.deepEqual(at('2026-09-30T22:00:00Z'), ['3', '99.9', '72']);
  });

  test('a statement is judged by the newest version that was in force in its time', () => {
    const agreement = parseAgreement(base + stricter, 'ours.yaml');
    const normOf = (month: string, asOf?: string): string | null | undefined =>
      statement(
        {
          agreement: 'spotonmedics',
          component: 'fysioone',
          period: { kind: 'calendar-month', month },
          ...(asOf === undefined ? {} : { asOf }),
        },
        agreement,
      ).availability[0]?.norm;
    assert.equal(normOf('2026-06'), '99');
    assert.equal(normOf('2026-07'), '99.9');
    assert.equal(normOf('2026-07', '2026-07-01T00:00:00+02:00'), '99');
  });

  test('versions out of order, and one that makes a reading unsound, are faults', () => {
    const swapped = stricter.replace('2026-07-01', '2026-12-01');
    assert.match(
      faultsOf(base + swapped).join(),
      /versions\[1\]\.validFrom is not after 2026-12-01/,
    );
    const broken = stricter.replace('availability.parts.all.norm: ', 'calendars.service: ');
    assert.match(faultsOf(base + broken).join(), /versions\[0\]\.replaces/);
  });

  test('the worked example of the documentation is a sound agreement', () => {
    const page = readFileSync(new URL('../docs/agreements.md', shipped), 'utf8');
    const example = page.slice(
      page.indexOf('## An agreement from'),
      page.indexOf('## The language'),
    );
    const pieces = [...example.matchAll(/```yaml\n([^]*?)```/g)].map((match) => match[1] ?? '');
    const agreement = parseAgreement(pieces.join(''), 'web-shop.yaml');
    assert.deepEqual(
      agreement.readings.map(({ id }) => id),
      ['W1'],
    );
  });

  test('the published JSON Schema is that of the code', () => {
    const published = readFileSync(new URL('agreement.schema.json', shipped), 'utf8');
    assert.equal(published, agreementJsonSchemaText(), 'run npm run schema');
  });
});
