import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Running } from '../compose/control.ts';
import { judgeProcess, type ProcessReading } from './judge-process.ts';

const NOW = Date.UTC(2026, 10, 21, 9);
const since = { at: NOW - 3_600_000, version: '0.1.0' };
const one = (role: Running['role'], more: Partial<Running> = {}): Running => ({
  role,
  pid: 7,
  since,
  ...more,
});
const beating = { at: NOW - 4000, stopped: false };

function lines(reading: Partial<ProcessReading>): string[] {
  const findings = judgeProcess({
    running: [],
    beat: null,
    dataDir: '/srv/data',
    now: NOW,
    ...reading,
  });
  return findings.map(({ state, message, remedy }) =>
    [state, message, ...(remedy === undefined ? [] : [remedy])].join(' | '),
  );
}

describe('the doctor says of the process', () => {
  it('that it runs, since when, and which version', () => {
    assert.deepEqual(lines({ running: [one('all')], beat: beating }), [
      'fine | process 7 runs since 2026-11-21T08:00:00.000Z, version 0.1.0',
    ]);
    assert.deepEqual(
      lines({ running: [one('web'), one('worker', { pid: 8 })], beat: beating }).map(
        (line) => line.split(' runs')[0],
      ),
      ['fine | process 7 (web)', 'fine | process 8 (worker)'],
    );
  });

  it('that none runs, as a hint with the command that starts it', () => {
    assert.deepEqual(lines({}), ['hint | none runs on /srv/data | start it with npx upheld serve']);
    assert.deepEqual(lines({ beat: { at: NOW - 60_000, stopped: true } }), [
      'hint | none runs on /srv/data; one last measured at 2026-11-21T08:59:00.000Z | start it with npx upheld serve',
    ]);
    // It said that it stopped, a moment ago.
    assert.match(lines({ beat: { at: NOW - 1000, stopped: true } })[0] ?? '', /^hint/);
  });

  it('that one on another machine measures, by the heartbeat in the database', () => {
    const elsewhere = 'fine | one on another machine said 4 s ago that it measures';
    assert.deepEqual(lines({ beat: beating }), [elsewhere]);
    assert.equal(lines({ running: [one('web')], beat: beating })[1], elsewhere);
  });

  it('that it is there and does no work', () => {
    const silent = { at: NOW - 300_000, stopped: false };
    assert.match(
      lines({ running: [one('all')], beat: silent })[1] ?? '',
      /^wrong \| it runs, and has not said that it measures for 300 s/,
    );
    assert.match(
      lines({ running: [one('web')], beat: silent })[1] ?? '',
      /nobody has measured for 300 s \| start it with npx upheld serve --role worker/,
    );
    assert.match(
      lines({ running: [one('all', { since: null })], beat: beating })[0] ?? '',
      /^wrong \| process 7 runs and does not answer/,
    );
  });

  it('nothing amiss of one that has just begun', () => {
    const begun = one('all', { since: { at: NOW - 2000, version: '0.1.0' } });
    assert.equal(lines({ running: [begun] }).length, 1);
  });
});
