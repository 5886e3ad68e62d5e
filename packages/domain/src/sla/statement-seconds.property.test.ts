import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readAgreement } from './agreement.ts';
import type { AgreementBook } from './book.ts';
import { naiveStatement } from './naive-seconds.case.ts';
import { parseFacts } from './parse-facts.ts';
import { anyCase, type MadeCase } from './seconds-arbitrary.case.ts';
import { statement } from './statement.ts';

const RUNS = Number(process.env['UPHELD_PROPERTY_RUNS'] ?? 60);

test('under any agreement the figures are those of a walk second by second', () => {
  fc.assert(fc.property(anyCase(), check), { numRuns: RUNS });
});

function check({ agreement: file, facts }: MadeCase): void {
  const read = readAgreement(structuredClone(file));
  assert.ok(read.ok, JSON.stringify(read));
  const book: AgreementBook = { ids: () => ['made'], get: () => read.agreement };
  const parsed = parseFacts(facts, book);
  assert.deepEqual(parsed.ok ? [] : parsed.faults, []);
  const { availability, maintenances } = statement(facts, read.agreement);
  const expected = naiveStatement(facts, file);
  assert.deepEqual(
    maintenances.map(({ id, verdict, lastValidAnnouncement: last, qualifyingSeconds }) => ({
      id,
      verdict,
      last: last === null ? null : Date.parse(last),
      qualifyingSeconds,
    })),
    expected.maintenances,
  );
  assert.deepEqual(
    availability.map(({ part, seconds, percent, verdict }) => ({
      part,
      seconds,
      percent,
      verdict,
    })),
    expected.figures,
  );
}
