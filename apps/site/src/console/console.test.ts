import { DomainError } from '@upheld/domain/errors.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countdownText } from '../scripts/countdown-text.ts';
import { deviceText, granted } from './account-words.ts';
import { actionText, differences } from './audit-words.ts';
import { forms, idOf, posted, sentence } from './forms.ts';
import { ownPath } from './own-path.ts';
import { done, handle, refuse, shown } from './post.ts';
import { momentOfWall, takesOffset, nextRound, wallText } from './wall-time.ts';

const AMSTERDAM = 'Europe/Amsterdam';
const at = (text: string): number => Date.parse(text);

describe('where a sign-in leads', () => {
  for (const own of [
    '/console',
    '/console/incidents/1?said=x&y=%2F',
    '/console/people',
    '/console?a=b',
  ])
    it(`may be ${own}`, () => assert.equal(ownPath(own), own));
  for (const foreign of [
    'https://evil.example/console',
    '//evil.example/console',
    '/\\evil.example',
    '/console\\..\\..',
    '/console/../../evil',
    '/console/%0d%0aset-cookie: a=b',
    '/console/a\nb',
    '/consoles',
    '/',
    'javascript:alert(1)',
    `/console/${'x'.repeat(600)}`,
    '',
    null,
  ])
    it(`is the desk for ${String(foreign).slice(0, 40)}`, () => {
      const path = ownPath(foreign);
      assert.match(path, /^\/console($|\/%0d%0a)/);
      assert.equal(new URL(path, 'https://ours.example').host, 'ours.example');
    });
});

describe('a field of a moment', () => {
  it('is read on the wall clock of the page, and written there', () => {
    const instant = at('2026-07-01T17:30:00Z');
    assert.equal(momentOfWall('2026-07-01T19:30', AMSTERDAM, 'from'), instant);
    assert.equal(wallText(instant, AMSTERDAM), '2026-07-01T19:30');
    assert.equal(momentOfWall('2026-07-01T17:30:00Z', AMSTERDAM, 'from'), instant);
  });

  it('is refused where the clocks make it occur twice or never, with what may be meant', () => {
    const faults = (text: string) => {
      try {
        momentOfWall(text, AMSTERDAM, 'from');
      } catch (error) {
        if (error instanceof DomainError) return error.faults;
      }
      return [];
    };
    assert.deepEqual(faults('2026-10-25T02:30'), [
      {
        path: 'from',
        message:
          'occurs twice in Europe/Amsterdam, as the clocks change; write 2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00',
      },
    ]);
    assert.match(
      faults('2026-03-29T02:30')[0]?.message ?? '',
      /^does not occur .* write 2026-03-29T01:30:00\+01:00 or 2026-03-29T03:30:00\+02:00$/,
    );
    assert.match(faults('tomorrow')[0]?.message ?? '', /^is no moment/);
  });

  it('is a field for text where only an offset tells which moment is meant', () => {
    const twice = 'Occurs twice in Europe/Amsterdam, as the clocks change; write …';
    assert.equal(takesOffset('2026-10-25T02:30', twice), true);
    for (const typed of ['2026-10-25T02:30:00+01:00', '2026-10-25T00:30:00Z'])
      assert.equal(takesOffset(typed, null), true, typed);
    for (const typed of ['', '2026-10-25T02:30', '2026-10-25'])
      assert.equal(takesOffset(typed, 'Is empty.'), false, typed);
    assert.equal(
      momentOfWall('2026-10-25T02:30:00+01:00', AMSTERDAM, 'from'),
      at('2026-10-25T01:30:00Z'),
    );
  });

  it('begins at the next round minutes of the wall clock', () => {
    const next = nextRound(at('2026-11-19T14:20:30Z'), 15, AMSTERDAM);
    assert.equal(wallText(next, AMSTERDAM), '2026-11-19T15:30');
  });
});

describe('a form', () => {
  const data = new FormData();
  data.set('title.nl', ' Storing ');
  data.set('title.en', 'Outage');
  data.set('text', 'one\r\ntwo');
  data.append('ids', 'a');
  data.append('ids', 'b');

  it('is read with trimmed texts, lists and pairs', () => {
    const form = posted(data);
    assert.deepEqual(form.pair('title'), { nl: 'Storing', en: 'Outage' });
    assert.equal(form.text('text'), 'one\ntwo');
    assert.deepEqual(form.texts('ids'), ['a', 'b']);
    assert.equal(form.optional('none'), undefined);
    assert.equal(form.moment('none', AMSTERDAM), undefined);
  });

  it('keeps what was typed and what was wrong, for the verb that was refused alone', () => {
    const faults = [
      { path: 'title.nl', message: 'is empty' },
      { path: 'ids[1]', message: 'is no component' },
    ];
    const page = forms(
      { verb: 'post', data, message: 'title.nl is empty (and 1 more)', faults },
      null,
    );
    const form = page.form('post');
    assert.equal(form.value('title.en', 'other'), 'Outage');
    assert.equal(form.error('title.nl'), 'This is empty.');
    assert.equal(form.error('ids'), 'This is no component.');
    assert.equal(form.error('title.en'), null);
    const other = page.form('resolve');
    assert.equal(other.refused, false);
    assert.equal(other.value('title.en', 'other'), 'other');
    assert.equal(idOf('post', 'title.nl'), 'post-title-nl');
    assert.equal(sentence('write more'), 'Write more.');
  });
});

describe('a page that is posted to', () => {
  const page = (fields: Record<string, string>, method = 'POST') => {
    const url = new URL('http://localhost/console/things?filter=a');
    return {
      request: new Request(
        url,
        method === 'POST' ? { method, body: new URLSearchParams(fields) } : {},
      ),
      url,
      locals: { person: null, visitor: '192.0.2.1' },
      response: { headers: new Headers(), status: 200 },
    };
  };
  const verbs = {
    add: () => Promise.resolve(done('added', { cookies: ['a=b'] })),
    show: () => Promise.resolve(shown('once')),
    fail: () => refuse('is empty', 'inner'),
  };

  it('runs the verb that was asked for, and goes on to what it says', async () => {
    const answer = await handle(page({ do: 'add' }), verbs);
    assert.ok(answer instanceof Response);
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.get('location'), '/console/things?said=added');
    assert.deepEqual(answer.headers.getSetCookie(), ['a=b']);
  });

  it('shows once what a verb gives, and what was wrong at its field', async () => {
    const once = await handle(page({ do: 'show' }), verbs);
    assert.ok(!(once instanceof Response));
    assert.equal(once.shown, 'once');
    const failing = page({ do: 'fail' });
    const failed = await handle(failing, verbs, { inner: 'outer' });
    assert.ok(!(failed instanceof Response));
    assert.equal(failing.response.status, 422);
    assert.equal(failed.form('fail').error('outer'), 'This is empty.');
  });

  it('refuses a verb that it does not have, also one that every object has', async () => {
    for (const verb of ['gone', 'constructor', '__proto__', '']) {
      const answer = await handle(page({ do: verb }), verbs);
      assert.ok(answer instanceof Response);
      assert.equal(answer.status, 400);
    }
  });

  it('lets a bug be a bug', async () => {
    const broken = { only: () => Promise.reject(new TypeError('a bug')) };
    await assert.rejects(handle(page({}), broken), TypeError);
  });
});

describe('words', () => {
  it('for what is left of a time', () => {
    assert.equal(countdownText(0), 'now');
    assert.equal(countdownText(8_000_000).replaceAll('\u00a0', ' '), 'in 2 h 13 min');
    assert.equal(countdownText(-65_000).replaceAll('\u00a0', ' '), 'late by 1 min 5 s');
    assert.equal(countdownText(1_205_000).replaceAll('\u00a0', ' '), 'in 20 min');
  });

  it('for a refusal, with how long to wait', () => {
    const refusal = { ok: false, reason: 'too-many-tries', retryAfterSeconds: 130 } as const;
    assert.throws(() => granted(refusal), { code: 'too-many-requests', message: /in 3 minutes/ });
  });

  it('for a device and for an action', () => {
    assert.equal(
      deviceText('Mozilla/5.0 (X11; Linux x86_64) Chrome/140 Safari/537'),
      'Chrome on Linux',
    );
    assert.equal(deviceText(null), 'Unknown device');
    assert.equal(actionText('incident.post-update'), 'Incident: post update');
  });

  it('for what a change changed, and nothing else', () => {
    const found = differences(
      { a: 1, b: { c: 'x', d: [1, 2] } },
      { a: 1, b: { c: 'y', d: [1, 2] } },
    );
    assert.deepEqual(found, [{ name: 'b.c', before: 'x', after: 'y' }]);
    assert.deepEqual(differences(null, { name: 'n' }), [
      { name: 'name', before: null, after: 'n' },
    ]);
    assert.deepEqual(differences(null, null), []);
  });
});
