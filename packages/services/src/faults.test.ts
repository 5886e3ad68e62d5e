import { z } from 'zod';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { faultsOf } from './faults.ts';

const schema = z.strictObject({
  text: z.strictObject({ nl: z.string().min(1), en: z.string().min(1) }),
  ids: z.array(z.string().min(1)).min(1).max(2),
  kind: z.enum(['planned', 'emergency']).optional(),
  at: z.iso.datetime({ offset: true, error: 'must be a moment with an offset' }).optional(),
  count: z.int().max(5).optional(),
});

const good = { text: { nl: 'a', en: 'b' }, ids: ['x'] };

function faults(input: unknown): Record<string, string> {
  const parsed = schema.safeParse(input);
  assert.ok(!parsed.success, 'the schema takes it');
  return Object.fromEntries(
    faultsOf(parsed.error, { schema, input }).map(({ path, message }) => [path, message]),
  );
}

describe('the faults of an input', () => {
  it('say of each where it stands', () => {
    assert.deepEqual(faults({ text: { nl: '' }, ids: [] }), {
      'text.nl': 'is empty; write a text',
      'text.en': 'is missing; write a text',
      ids: 'must have at least 1 entry',
    });
  });

  it('name each unknown key', () => {
    assert.deepEqual(faults({ ...good, announcedAt: 'x', admin: true }), {
      announcedAt: 'is no known key; the keys here are text, ids, kind, at, count',
      admin: 'is no known key; the keys here are text, ids, kind, at, count',
    });
  });

  it('name the words that are known', () => {
    assert.deepEqual(faults({ ...good, kind: 'emergncy' }), {
      kind: 'must be one of planned, emergency (did you mean emergency?)',
    });
  });

  it('say what a value must be', () => {
    assert.deepEqual(faults({ ...good, ids: [7, ''], at: 'tomorrow', count: 9 }), {
      'ids[0]': 'must be a text',
      'ids[1]': 'is empty; write a text',
      at: 'must be a moment with an offset',
      count: 'must be at most 5',
    });
  });

  it('say how an object is written where something else stands', () => {
    const right = '{"nl": …, "en": …}';
    assert.deepEqual(faults({ ...good, text: 'We look.' }), {
      text: `must be an object; write ${right}`,
    });
    assert.deepEqual(faults({ ids: ['x'] }), { text: `is missing; write ${right}` });
  });

  it('take a misspelt key for the one that was meant', () => {
    assert.deepEqual(faults({ ...good, text: { nl: 'a', enn: 'b' }, kid: 'planned' }), {
      'text.enn': 'is no known key; did you mean "en"?',
      kid: 'is no known key; did you mean "kind"?',
    });
  });

  it('tell what is missing from what is wrong', () => {
    const needed = z.strictObject({
      at: z.iso.datetime({ offset: true, error: 'must be a moment with an offset' }),
      kind: z.enum(['planned', 'emergency']),
    });
    const parsed = needed.safeParse({});
    assert.ok(!parsed.success);
    assert.deepEqual(
      faultsOf(parsed.error, { schema: needed, input: {} }).map(({ message }) => message),
      ['is missing; write a moment with an offset', 'is missing; write one of planned, emergency'],
    );
  });

  it('count what is too many', () => {
    assert.deepEqual(faults({ ...good, ids: ['x', 'y', 'z'] }), {
      ids: 'must have at most 2 entries',
    });
  });

  it('are of the whole where the whole is wrong', () => {
    assert.deepEqual(faults('text'), { '': 'must be an object; write {"text": …, "ids": …}' });
  });
});
