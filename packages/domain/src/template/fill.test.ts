import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fillBlanks } from './fill.ts';

const both = (text: string) => ({ nl: text, en: text });

describe('a text with blanks', () => {
  it('gets its components and moments in each language, in the wall time of the zone', () => {
    const filled = fillBlanks(both('{component}: {from} – {to}'), {
      components: [both('FysioOne'), { nl: 'Agenda', en: 'Diary' }],
      from: Date.parse('2026-10-25T00:30:00Z'),
      to: Date.parse('2026-10-25T01:30:00Z'),
      zone: 'Europe/Amsterdam',
    });
    assert.equal(
      filled.nl,
      'FysioOne, Agenda: zondag 25 oktober 2026 om 02:30 – zondag 25 oktober 2026 om 02:30',
    );
    // ICU writes the comma or leaves it out, by its version.
    assert.match(filled.en, /^FysioOne, Diary: Sunday,? 25 October 2026 at 02:30 – /);
  });

  it('keeps a blank that nobody can fill, and whatever else stands in braces', () => {
    const blanks = { components: [], zone: 'UTC' };
    assert.equal(
      fillBlanks(both('{from} {code} {component} {{to}}'), blanks).nl,
      '{from} {code} {component} {{to}}',
    );
  });

  it('fills once: what a name holds is no blank', () => {
    const filled = fillBlanks(both('{component}'), {
      components: [both('{from}$&')],
      from: 0,
      zone: 'UTC',
    });
    assert.equal(filled.en, '{from}$&');
  });
});
