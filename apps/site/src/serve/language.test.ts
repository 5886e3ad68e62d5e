import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseLanguage, languageCookie } from './language.ts';

const nothing = { query: null, cookie: undefined, acceptLanguage: undefined };

test('the default language answers a visitor who says nothing', () => {
  assert.deepEqual(chooseLanguage(nothing, 'nl'), { language: 'nl', switched: false });
  assert.deepEqual(chooseLanguage(nothing, 'en'), { language: 'en', switched: false });
});

for (const [acceptLanguage, language] of [
  ['en-GB,en;q=0.9,nl;q=0.8', 'en'],
  ['nl-BE, en;q=0.5', 'nl'],
  ['de, fr;q=0.9, en;q=0.3', 'en'],
  ['nl;q=0.2, en;q=0.8', 'en'],
  ['nl, en', 'nl'],
  ['en;q=0, nl;q=0.1', 'nl'],
  ['en;q=nonsense', 'nl'],
  ['*', 'nl'],
  ['', 'nl'],
  [`${'x,'.repeat(100_000)}en`, 'nl'],
] as const)
  test(`Accept-Language "${acceptLanguage.slice(0, 30)}" is answered in ${language}`, () => {
    assert.equal(chooseLanguage({ ...nothing, acceptLanguage }, 'nl').language, language);
  });

test('what the visitor switched to before wins over the browser', () => {
  const request = { ...nothing, cookie: 'a=1; lang=en; b=2', acceptLanguage: 'nl' };
  assert.deepEqual(chooseLanguage(request, 'nl'), { language: 'en', switched: false });
});

test('a switch wins over all, and is only a switch when it changes something', () => {
  const request = { ...nothing, cookie: 'lang=en', acceptLanguage: 'nl' };
  assert.deepEqual(chooseLanguage({ ...request, query: 'nl' }, 'nl'), {
    language: 'nl',
    switched: true,
  });
  assert.deepEqual(chooseLanguage({ ...request, query: 'en' }, 'nl'), {
    language: 'en',
    switched: false,
  });
});

test('an unknown language in the address or the cookie is not obeyed', () => {
  const request = { query: '../nl', cookie: 'lang=xx', acceptLanguage: undefined };
  assert.deepEqual(chooseLanguage(request, 'en'), { language: 'en', switched: false });
});

test('the cookie of a switch holds the language and cannot be read by scripts', () => {
  assert.equal(languageCookie('en'), 'lang=en; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly');
});
