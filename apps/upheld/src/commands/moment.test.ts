import { DomainError } from '@upheld/domain/errors.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { localTime, parseMoment, withOffset } from './moment.ts';

const ZONE = 'Europe/Amsterdam';
const parse = (text: string, zone = ZONE): string =>
  new Date(parseMoment(text, zone, '--from')).toISOString();

function refusal(text: string, zone = ZONE): string {
  try {
    parseMoment(text, zone, '--from');
  } catch (error) {
    assert.ok(error instanceof DomainError && error.code === 'invalid-input');
    return error.message;
  }
  return assert.fail(`${text} is taken`);
}

describe('a moment on a command line', () => {
  it('without an offset is a time of the page’s zone', () => {
    assert.equal(parse('2026-12-01T22:00'), '2026-12-01T21:00:00.000Z');
    assert.equal(parse('2026-07-01 22:00:30'), '2026-07-01T20:00:30.000Z');
  });

  it('with an offset is what it says', () => {
    assert.equal(parse('2026-12-01T22:00:00-05:00'), '2026-12-02T03:00:00.000Z');
    assert.equal(parse('2026-10-25T02:30:00+01:00'), '2026-10-25T01:30:00.000Z');
  });

  it('that occurs twice is refused with both instants', () => {
    assert.equal(
      refusal('2026-10-25T02:30'),
      '--from: 2026-10-25T02:30 occurs twice in Europe/Amsterdam, as the clocks go back; write 2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00',
    );
  });

  it('that does not occur is refused with the instants on either side', () => {
    assert.equal(
      refusal('2027-03-28 02:30'),
      '--from: 2027-03-28 02:30 does not occur in Europe/Amsterdam, as the clocks go forward; write 2027-03-28T01:30:00+01:00 or 2027-03-28T03:30:00+02:00',
    );
  });

  it('on the edges of a change is taken', () => {
    const edges = {
      '2026-10-25T01:59:59': '2026-10-24T23:59:59.000Z',
      '2026-10-25T03:00': '2026-10-25T02:00:00.000Z',
      '2027-03-28T01:59:59': '2027-03-28T00:59:59.000Z',
      '2027-03-28T03:00': '2027-03-28T01:00:00.000Z',
    };
    for (const [local, instant] of Object.entries(edges)) assert.equal(parse(local), instant);
    for (const within of ['2026-10-25T02:00', '2026-10-25T02:59:59', '2027-03-28T02:00'])
      assert.match(refusal(within), /occur/);
  });

  it('is judged by the zone that it is in', () => {
    assert.equal(parse('2026-10-25T02:30', 'America/New_York'), '2026-10-25T06:30:00.000Z');
    assert.match(refusal('2026-11-01T01:30', 'America/New_York'), /-04:00 or .*-05:00/);
    // Half an hour of clock change, on Lord Howe.
    assert.match(refusal('2026-04-05T01:45', 'Australia/Lord_Howe'), /\+11:00 or .*\+10:30/);
  });

  it('that is none is refused with the option and what would be right', () => {
    assert.match(refusal('tomorrow'), /^--from: "tomorrow" is no moment; write it as/);
    assert.match(refusal('2026-02-30 10:00'), /^--from: /);
  });
});

describe('a moment for people', () => {
  it('has its offset, and seconds only where there are any', () => {
    assert.equal(localTime(Date.UTC(2026, 11, 1, 21), ZONE), '2026-12-01 22:00 +01:00');
    assert.equal(localTime(Date.UTC(2026, 6, 1, 20, 0, 5), ZONE), '2026-07-01 22:00:05 +02:00');
    assert.equal(localTime(Date.UTC(2026, 6, 1), 'America/St_Johns'), '2026-06-30 21:30 -02:30');
  });

  it('can be given back to a command line', () => {
    const instant = Date.UTC(2026, 9, 25, 0, 30);
    assert.equal(parseMoment(withOffset(instant, ZONE), ZONE, '--from'), instant);
  });
});
