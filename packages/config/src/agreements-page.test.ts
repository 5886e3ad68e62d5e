import { parseFacts } from '@upheld/domain/sla/parse-facts.ts';
import { statement } from '@upheld/domain/sla/statement.ts';
import type { Statement } from '@upheld/domain/sla/statement-types.ts';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { withAdopted } from './adopted.ts';
import { parseAgreement } from './agreements.ts';

const ROOT = new URL('../../../', import.meta.url);
const page = readFileSync(new URL('docs/agreements.md', ROOT), 'utf8');
const words = page.replace(/\s+/g, ' ');

/** The worked example of the page, with what stands in `more` after it. */
function example(more = ''): string {
  const from = page.indexOf('## An agreement from');
  const pieces = page.slice(from, page.indexOf('## The language')).matchAll(/```yaml\n([^]*?)```/g);
  return [...pieces].map((match) => match[1] ?? '').join('') + more;
}

function judge(text: string, facts: object): Statement {
  const agreement = parseAgreement(text, 'web-shop.yaml');
  const book = { ids: () => [], get: () => agreement };
  const parsed = parseFacts({ agreement: 'web-shop', component: 'shop', ...facts }, book);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return statement(parsed.facts, agreement);
}

suite('the page on agreements says what is so:', () => {
  test('the schema of the first line is where an editor finds it from the folder of upheld.yaml', () => {
    const [, address] = /^# yaml-language-server: \$schema=(.*)$/m.exec(page) ?? [];
    assert.ok(address);
    assert.ok(existsSync(new URL(address, ROOT)), address);
  });

  test('the version that a manager adopts there can be adopted', () => {
    const from = page.indexOf('### Adopting a version');
    const source = /```yaml\n([^]*?)```/.exec(page.slice(from))?.[1] ?? '';
    const base = parseAgreement(example(), 'web-shop.yaml');
    const { agreement, leftOut } = withAdopted(base, [
      { id: '1', validFrom: '2027-01-01', source },
    ]);
    assert.deepEqual(leftOut, []);
    assert.equal(agreement.document.versions[0]?.source, 'Addendum of 1 December 2026');
  });

  test('a version of the last day judges the whole year, and a range parts it', () => {
    assert.match(words, /in force only on the last day of a period judges all of it/);
    const text = example(`versions:
  - label: '2'
    validFrom: '2026-12-31'
    replaces: { availability.parts.shopping.norm: '99.5' }
`);
    const normOf = (period: object): string | null | undefined =>
      judge(text, { period }).availability[0]?.norm;
    const range = (from: string, to: string) => ({ kind: 'range', from, to });
    const [year, day, next] = ['2026-01-01', '2026-12-31', '2027-01-01'].map(
      (date) => `${date}T00:00:00+01:00`,
    ) as [string, string, string];
    assert.equal(normOf({ kind: 'calendar-year', year: 2026 }), '99.5');
    assert.equal(normOf(range(year, day)), '99.9');
    assert.equal(normOf(range(day, next)), '99.5');
  });

  test('a ticket that no rule fits gets no times, and one without a target gets times', () => {
    assert.match(words, /A ticket that no rule fits has no clock/);
    const at = (time: string, event: string) => ({ at: `2026-06-10T${time}:00+02:00`, event });
    const ticket = (id: string, kind: string, severity?: string) => ({
      id,
      kind,
      ...(severity === undefined ? {} : { severity }),
      events: [at('09:00', 'received'), at('09:30', 'responded')],
    });
    const facts = {
      period: { kind: 'calendar-month', month: '2026-06' },
      tickets: [ticket('bug', 'bug', 'outage'), ticket('slow', 'incident', 'hindrance')],
    };
    const text = example().replace('kinds: [incident, bug]', 'kinds: [incident]');
    const clocks = judge(text, facts).clocks.filter(({ clock }) => clock === 'response');
    assert.deepEqual(
      clocks.map(({ startedAt, stoppedAt, elapsedSeconds, dueAt, verdict }) => [
        startedAt,
        stoppedAt,
        elapsedSeconds,
        dueAt,
        verdict,
      ]),
      [
        [null, null, null, null, 'no-target'],
        ['2026-06-10T07:00:00Z', '2026-06-10T07:30:00Z', 1800, null, 'no-target'],
      ],
    );
  });
});
