import { DomainError } from '@upheld/domain/errors.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { examine, type Instruments } from './examine.ts';
import type { Finding } from './finding.ts';

const NOW = Date.UTC(2026, 10, 21, 9);

function instruments(overrides: Partial<Instruments> = {}): Instruments {
  return {
    readConfig: () => testConfig(),
    database: {
      place: '/srv/upheld.db',
      inspect: () =>
        Promise.resolve({
          version: '3.53.2',
          exists: true,
          pending: 0,
          journal: 'wal',
          integrity: 'ok',
          freeBytes: 10_000_000_000,
        }),
      lastWrite: () => NOW - 1000,
    },
    dataDir: '/srv',
    running: () =>
      Promise.resolve([{ role: 'all', pid: 7, since: { at: NOW - 5000, version: '0.1.0' } }]),
    leftOut: () => Promise.resolve([]),
    clock: controlledClock(NOW),
    steady: () => 0,
    resolver: {
      lookup: () => Promise.resolve(['93.184.215.14']),
      resolveTxt: (name) =>
        Promise.resolve([[name.startsWith('_dmarc') ? 'v=DMARC1; p=reject' : 'v=spf1 mx -all']]),
    },
    verifyEmail: () => Promise.resolve(null),
    verifySms: () => Promise.resolve(null),
    ...overrides,
  };
}

async function wrongs(overrides: Partial<Instruments>): Promise<readonly Finding[]> {
  const findings = await examine(instruments(overrides));
  return findings.filter((finding) => finding.state !== 'fine');
}

const coded = (code: string): Error => Object.assign(new Error(code), { code });

describe('the doctor', () => {
  it('finds nothing wrong where nothing is, and looked at everything', async () => {
    const findings = await examine(instruments());
    assert.deepEqual(
      findings.filter((finding) => finding.state !== 'fine'),
      [],
    );
    assert.deepEqual(
      [...new Set(findings.map((finding) => finding.about))],
      ['configuration', 'process', 'database', 'clock', 'e-mail', 'sms', 'dns'],
    );
  });

  it('gives every fault of the configuration, and looks at the rest all the same', async () => {
    const findings = await wrongs({
      readConfig() {
        throw new DomainError('invalid-input', 'the configuration has 2 faults', [
          { path: '', message: 'upheld.yaml:1: a is missing' },
          { path: '', message: 'upheld.yaml:2: b is missing' },
        ]);
      },
    });
    assert.deepEqual(
      findings.map((finding) => finding.message),
      ['upheld.yaml:1: a is missing', 'upheld.yaml:2: b is missing'],
    );
  });

  it('names an adopted version that the file of its agreement does not bear', async () => {
    const one = { agreement: 'standard', validFrom: '2027-01-01', why: 'it is gone' };
    const [finding] = await wrongs({ leftOut: () => Promise.resolve([one]) });
    assert.equal(
      finding?.message,
      'the version of 2027-01-01 adopted for standard is left out and judges nothing: it is gone',
    );
  });

  it('says why a database cannot be used', async () => {
    const [finding] = await wrongs({
      database: {
        place: 'postgres://db/upheld',
        inspect: () => Promise.reject(new AggregateError([coded('ECONNREFUSED')])),
        lastWrite: () => null,
      },
    });
    assert.equal(finding?.message, 'postgres://db/upheld cannot be used: ECONNREFUSED');
    assert.equal(finding.state, 'wrong');
  });

  it('sees a full disk, a damaged file, another journal and steps that are still to run', async () => {
    const findings = await wrongs({
      database: {
        place: 'x.db',
        inspect: () =>
          Promise.resolve({
            version: '3.53.2',
            exists: true,
            pending: 1,
            journal: 'delete',
            integrity: 'row 7 missing from index',
            freeBytes: 1_500_000,
          }),
        lastWrite: () => null,
      },
    });
    assert.deepEqual(
      findings.map((finding) => [finding.state, finding.message]),
      [
        ['hint', 'SQLite 3.53.2 at x.db lacks 1 step of this version'],
        [
          'wrong',
          'the journal is in mode "delete", so that readers and the writer block each other',
        ],
        ['wrong', 'the file is damaged: row 7 missing from index'],
        ['wrong', 'only 1 MB are left on its disk'],
      ],
    );
  });

  it('sees a clock that was set back, that jumps, or that differs from the server', async () => {
    const clock = controlledClock(NOW);
    let steady = 0;
    const findings = await wrongs({
      clock,
      steady: () => (steady += 100),
      database: {
        place: 'postgres://db/upheld',
        inspect() {
          clock.set(NOW + 60_000);
          const server = { at: NOW + 50_000, tookMs: 3 };
          const beat = { at: NOW + 59_000, stopped: false };
          return Promise.resolve({
            version: '18.4',
            exists: true,
            pending: 0,
            beat,
            clock: server,
          });
        },
        lastWrite: () => NOW + 3_600_000,
      },
    });
    assert.deepEqual(
      findings.map((finding) => finding.message),
      [
        "this machine's clock differs 10.0 s from the database server's",
        'the database was written at 2026-11-21T10:00:00.000Z, which is still to come',
        'it jumped 59900 ms while the doctor looked',
      ],
    );
  });

  it('passes on what the mail server and the provider say, and that a channel is not set up', async () => {
    const fault = { message: 'the mail server refuses the password', remedy: 'correct it' };
    const [email] = await wrongs({ verifyEmail: () => Promise.resolve(fault) });
    assert.deepEqual(email, { about: 'e-mail', state: 'wrong', ...fault });
    const without = await wrongs({ readConfig: () => testConfig({ channels: {} }) });
    assert.deepEqual(
      without.map((finding) => [finding.about, finding.state]),
      [
        ['e-mail', 'hint'],
        ['sms', 'hint'],
      ],
    );
  });

  it('sees that a check may not go where a monitor points', async () => {
    const [finding] = await wrongs({
      resolver: { ...instruments().resolver, lookup: () => Promise.resolve(['10.20.0.7']) },
    });
    assert.equal(
      finding?.message,
      'monitor fysioone-web goes to fysioone.example.test, and a check may not: 10.20.0.7 is not public (private)',
    );
    assert.match(finding.remedy ?? '', /add "10\.20\.0\.7\/32:80" to probing\.allow/);
  });

  it('names hosts that do not exist, and records that the sender lacks', async () => {
    const findings = await wrongs({
      resolver: {
        lookup: () => Promise.reject(coded('ENOTFOUND')),
        resolveTxt: () => Promise.reject(coded('ENODATA')),
      },
    });
    assert.deepEqual(
      findings.map((finding) => [finding.state, finding.message]),
      [
        ['wrong', 'fysioone.example.test (monitor fysioone-web) does not exist'],
        ['hint', 'example.test has no SPF record'],
        ['hint', 'example.test has no DMARC record'],
      ],
    );
  });
});
