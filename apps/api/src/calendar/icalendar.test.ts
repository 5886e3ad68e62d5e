import { maintenanceView } from '@upheld/testkit/page-view.ts';
import fc from 'fast-check';
import ICAL from 'ical.js';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { icalendarOf } from './icalendar.ts';
import type { Scope } from './scope.ts';

type Maintenance = Parameters<typeof maintenanceView>[0];

const both = (text: string) => ({ nl: text, en: text });
const at = (text: string): number => Date.parse(text);
const scope: Scope = {
  name: { nl: 'Zorg; status, nu', en: 'Care status' },
  path: '/',
  base: '',
  componentIds: ['fysioone'],
  names: new Map([['fysioone', both('Fysio, One')]]),
};
const calendarOf = (...maintenances: Maintenance[]): string =>
  icalendarOf({
    scope,
    maintenances: maintenances.map((one) =>
      maintenanceView({ componentIds: ['fysioone'], ...one }),
    ),
    language: 'nl',
    url: 'https://status.example.test',
  });
const parse = (text: string) => new ICAL.Component(ICAL.parse(text) as unknown[]);
const eventsOf = (text: string) => parse(text).getAllSubcomponents('vevent');
const announcement = (body: string, moment = at('2026-11-21T09:00:00Z')) => ({
  id: 'a',
  body: both(body),
  at: moment,
  from: moment,
  to: moment,
});

/** What RFC 5545 asks of every line of a calendar, whatever is in it. */
function assertWellFormed(text: string): void {
  assert.ok(text.endsWith('END:VCALENDAR\r\n'));
  assert.doesNotMatch(text.replaceAll('\r\n', ''), /[\r\n]/, 'lines end with CRLF');
  for (const line of text.split('\r\n'))
    assert.ok(Buffer.byteLength(line) <= 75, `${Buffer.byteLength(line)} octets: ${line}`);
  assert.equal(Buffer.from(text).toString('utf8'), text, 'no character is broken by the fold');
  assert.doesNotMatch(text, /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/);
}

describe('a calendar', () => {
  it('has what programs insist on, in UTC', () => {
    const text = calendarOf({
      id: '01a2',
      from: at('2026-10-25T00:30:00Z'),
      to: at('2026-10-25T02:30:00Z'),
      updatedAt: at('2026-10-01T08:00:00Z'),
      createdAt: at('2026-09-30T08:00:00Z'),
      title: both('Database bijwerken'),
      announcements: [announcement('Tweede.'), announcement('Eerste.')],
    });
    assertWellFormed(text);
    const calendar = parse(text);
    assert.equal(calendar.getFirstPropertyValue('version'), '2.0');
    assert.match(String(calendar.getFirstPropertyValue('prodid')), /Upheld/);
    for (const name of ['NAME', 'X-WR-CALNAME'])
      assert.match(text, new RegExp(`^${name}:Onderhoud: Zorg\\\\; status\\\\, nu\\r$`, 'm'));
    assert.equal(String(calendar.getFirstPropertyValue('refresh-interval')), 'PT1H');
    const [event] = eventsOf(text);
    const value = (name: string): string => String(event?.getFirstPropertyValue(name));
    assert.deepEqual(
      ['uid', 'dtstamp', 'last-modified', 'created', 'dtstart', 'dtend', 'sequence'].map(value),
      [
        '01a2',
        '2026-10-01T08:00:00Z',
        '2026-10-01T08:00:00Z',
        '2026-09-30T08:00:00Z',
        '2026-10-25T00:30:00Z',
        '2026-10-25T02:30:00Z',
        '1',
      ],
    );
    assert.deepEqual(
      ['summary', 'status', 'transp', 'url', 'description', 'categories'].map(value),
      [
        'Database bijwerken',
        'CONFIRMED',
        'TRANSPARENT',
        'https://status.example.test/maintenances/01a2',
        'Tweede.\n\nHet gaat om: Fysio, One\n\nhttps://status.example.test/maintenances/01a2',
        'Fysio, One',
      ],
    );
    for (const name of ['uid', 'dtstamp', 'dtstart'])
      assert.equal(event?.getAllProperties(name).length, 1, `${name} once, as RFC 5545 3.6.1 asks`);
    assert.match(text, /\r\nDTSTART:20261025T003000Z\r\n/, 'no TZID to be looked up');
  });

  it('raises the sequence with every announcement, and keeps what is cancelled as cancelled', () => {
    const one = (announcements: number, cancelledAt: number | null) => {
      const [event] = eventsOf(
        calendarOf({
          cancelledAt,
          title: both('Schijf'),
          announcements: Array.from({ length: announcements }, () => announcement('x')),
        }),
      );
      return ['sequence', 'status', 'summary'].map((name) =>
        String(event?.getFirstPropertyValue(name)),
      );
    };
    assert.deepEqual(one(1, null), ['0', 'CONFIRMED', 'Schijf']);
    assert.deepEqual(one(2, null), ['1', 'CONFIRMED', 'Schijf']);
    assert.deepEqual(one(3, 5), ['2', 'CANCELLED', 'Gaat niet door: Schijf']);
  });

  it('is the same text for the same records, so that nothing has to be sent again', () => {
    assert.equal(calendarOf({}, { id: 'b' }), calendarOf({}, { id: 'b' }));
  });

  it('takes any text as text: no property, no event and no line can be smuggled in', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc
        .array(
          fc.constantFrom(
            '\r\n',
            '\n',
            '\r',
            '\u0085',
            '\u2028',
            '\u000b',
            '\0',
            'END:VEVENT',
            'BEGIN:VALARM',
            'ATTACH:file:///etc/passwd',
            ';',
            ',',
            '\\',
            '\\n',
            '"',
            ':',
            '\ud83d',
            '🙂',
            'é',
            ' ',
            '\t',
            'x'.repeat(80),
            '\u202e',
            '\ufffe',
          ),
          { maxLength: 12 },
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, (title, body, name) => {
        const names = new Map([['fysioone', both(name)]]);
        const text = icalendarOf({
          scope: { ...scope, name: both(name), names },
          maintenances: [
            maintenanceView({
              componentIds: ['fysioone'],
              title: both(title),
              announcements: [announcement(body)],
            }),
          ],
          language: 'en',
          url: 'https://status.example.test',
        });
        assertWellFormed(text);
        const calendar = parse(text);
        assert.deepEqual(
          calendar.getAllSubcomponents().map((part) => part.name),
          ['vevent'],
        );
        const [event] = calendar.getAllSubcomponents('vevent');
        assert.ok(event);
        assert.deepEqual(event.getAllSubcomponents(), []);
        const properties = event.getAllProperties().map((property) => property.name);
        assert.equal(new Set(properties).size, properties.length, 'each property once');
        assert.ok(!properties.includes('attach'));
        const plain = title
          .toWellFormed()
          .replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ')
          .replace(/[\u202a-\u202e\u2066-\u2069\p{Noncharacter_Code_Point}]/gu, '');
        const kept = (text: string): string => text.replace(/\s/g, '');
        assert.equal(kept(String(event.getFirstPropertyValue('summary') ?? '')), kept(plain));
      }),
      { numRuns: 400 },
    );
  });
});
