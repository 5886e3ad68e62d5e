import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { personOnCall } from '@upheld/domain/desk/roster.ts';
import { parseConfig, secretsOf } from './load.ts';
import { rosterOf } from './rosters.ts';

const BASE = `
organisation: { name: Zorgsoftware }
pages: [{ id: main, title: Status }]
groups:
  - id: products
    name: Products
    components: [{ id: fysioone, name: FysioOne, agreements: [{ agreement: spotonmedics }] }]
channels:
  sms: { accountSid: AC0, authToken: token-of-twilio, from: Upheld }
`;
const ON_CALL = `
onCall:
  people:
    - { id: anna, name: Anna, phone: '+31612345678' }
    - { id: bob, name: Bob, webhook: { url: 'https://bob.example/call', secret: sixteen-characters } }
  escalations:
    - id: night
      for: { kinds: [incident], components: [fysioone], agreements: [spotonmedics], severities: [a] }
      steps:
        - { people: [anna], by: [sms], wait: 5m }
        - { people: [bob] }
      rounds: 2
incoming: { mail: { secret: the-secret-of-the-mail-service, component: fysioone } }
`;

const ROSTER = `
  rosters:
    - id: primary
      people: [anna, bob]
      handover: { weekday: monday, at: '09:00' }
      start: 2026-01-05
      overrides: [{ from: '2026-12-24 09:00', to: '2026-12-28 09:00', person: bob }]
`;
const WITH_ROSTER = ON_CALL.replace('  escalations:', `${ROSTER.slice(1)}  escalations:`).replace(
  'people: [anna], by',
  'people: [primary], by',
);

const faultsOf = (text: string): string[] => {
  const loaded = parseConfig(BASE + text, {});
  return loaded.ok ? [] : loaded.faults.map(({ path, message }) => `${path} ${message}`);
};

describe('who is on call', () => {
  it('is read with its steps and its waits', () => {
    const loaded = parseConfig(BASE + ON_CALL, {});
    assert.equal(loaded.ok, true);
    const [night] = loaded.config.onCall?.escalations ?? [];
    assert.deepEqual(
      night?.steps.map(({ people, wait }) => [people, wait]),
      [
        [['anna'], 300_000],
        [['bob'], 600_000],
      ],
    );
    assert.equal(loaded.config.onCall?.people[0]?.language, 'nl');
  });

  it('keeps its secrets out of logs', () => {
    const loaded = parseConfig(BASE + ON_CALL, {});
    assert.ok(loaded.ok);
    const secrets = secretsOf(loaded.config);
    assert.ok(secrets.includes('sixteen-characters'));
    assert.ok(secrets.includes('the-secret-of-the-mail-service'));
  });

  it('is nobody unless it is said, and then nothing is wrong', () => {
    assert.deepEqual(faultsOf(''), []);
  });

  it('may take turns, and a step may name the roster', () => {
    const loaded = parseConfig(BASE + WITH_ROSTER, {});
    assert.ok(loaded.ok);
    const [primary] = loaded.config.onCall?.rosters ?? [];
    assert.ok(primary);
    const roster = rosterOf(primary, loaded.config.timezone);
    // Winter and summer: nine o'clock is another instant.
    assert.equal(personOnCall(roster, Date.UTC(2026, 0, 5, 8)), 'anna');
    assert.equal(personOnCall(roster, Date.UTC(2026, 0, 12, 7, 59)), 'anna');
    assert.equal(personOnCall(roster, Date.UTC(2026, 0, 12, 8)), 'bob');
    assert.equal(personOnCall(roster, Date.UTC(2026, 6, 20, 7)), 'anna');
    assert.equal(personOnCall(roster, Date.UTC(2026, 11, 25)), 'bob');
    assert.equal(loaded.config.onCall?.gather, 60_000);
  });

  const wrongRosters: readonly [string, string, RegExp][] = [
    ['people: [anna, bob]', 'people: [anna, bop]', /people\[1\] "bop" is no known person; did you/],
    ['people: [primary]', 'people: [primery]', /no known person or roster; did you mean "primary"/],
    ['id: primary', 'id: anna', /rosters\[0\]\.id "anna" is used before/],
    [
      'start: 2026-01-05',
      'start: 2026-01-06',
      /is a tuesday, and handover is on a monday: write 2026-01-12/,
    ],
    ['start: 2026-01-05', 'start: 2026-02-30', /"2026-02-30" is no date; write one such as/],
    ['weekday: monday, ', '', /weekday is missing; say on which day of the week/],
    ["at: '09:00'", "at: '9'", /at "9" is not right; write a local time such as 09:00/],
    ['handover:', 'every: { days: 1 }\n      handover:', /is of turns of weeks; leave it out/],
    ['handover:', 'every: {}\n      handover:', /every is days or weeks, one of the two/],
    ['handover:', 'zone: Europe/Amsterdm\n      handover:', /"Europe\/Amsterdm" is no time zone/],
    ["to: '2026-12-28 09:00'", "to: '2026-12-23 09:00'", /overrides\[0\]\.to is not after from/],
    ["from: '2026-12-24 09:00'", "from: 'christmas'", /"christmas" is no moment; write it as/],
    [
      'person: bob }]',
      "person: bob }, { from: '2026-12-26 09:00', to: '2026-12-27 09:00', person: anna }]",
      /overrides\[1\]\.from falls within an override before it/,
    ],
  ];
  for (const [from, to, message] of wrongRosters)
    it(`is told what would be right where a roster says ${to}`, () => {
      assert.ok(WITH_ROSTER.includes(from));
      const faults = faultsOf(WITH_ROSTER.replace(from, to));
      assert.ok(
        faults.some((fault) => message.test(fault)),
        faults.join('\n'),
      );
    });

  const wrong: readonly [string, string, RegExp][] = [
    [
      'people: [anna], by',
      'people: [ana], by',
      /people\[0\] "ana" is no known person; did you mean "anna"\?/,
    ],
    [
      'components: [fysioone]',
      'components: [fysioon]',
      /"fysioon" is no known component; did you mean/,
    ],
    ['agreements: [spotonmedics]', 'agreements: [spoton]', /"spoton" is no known agreement/],
    [
      "phone: '+31612345678'",
      "phone: '0612345678'",
      /phone is no number; write one such as \+31612345678/,
    ],
    [
      "phone: '+31612345678'",
      'language: en',
      /cannot be reached; give an email, a phone or a webhook/,
    ],
    ['{ id: bob,', '{ id: anna,', /"anna" is used before/],
    [
      'component: fysioone }',
      'component: nothing }',
      /incoming\.mail\.component "nothing" is no known component/,
    ],
    ['secret: sixteen-characters', 'secret: short', /secret/],
    ["url: 'https://bob.example/call'", "url: 'ftp://bob.example'", /http/],
  ];
  for (const [from, to, message] of wrong)
    it(`is told what would be right where it says ${to}`, () => {
      const faults = faultsOf(ON_CALL.replace(from, to));
      assert.ok(
        faults.some((fault) => message.test(fault)),
        faults.join('\n'),
      );
    });
});
