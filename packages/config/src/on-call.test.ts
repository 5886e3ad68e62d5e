import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseConfig, secretsOf } from './load.ts';

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
