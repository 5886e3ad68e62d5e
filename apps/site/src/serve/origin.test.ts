import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFromOwnPage, visitorAddress } from './origin.ts';

const PUBLIC = 'https://status.example.com';
const post = { fetchSite: undefined, origin: undefined, host: '127.0.0.1:3000' };

for (const [fetchSite, allowed] of [
  ['same-origin', true],
  ['none', true],
  ['same-site', false],
  ['cross-site', false],
  ['nonsense', false],
] as const)
  test(`Sec-Fetch-Site ${fetchSite} is ${allowed ? 'one of our pages' : 'refused'}`, () => {
    assert.equal(isFromOwnPage({ ...post, fetchSite }, PUBLIC), allowed);
  });

test('Sec-Fetch-Site cannot be outvoted by an Origin that fits', () => {
  assert.equal(isFromOwnPage({ ...post, fetchSite: 'cross-site', origin: PUBLIC }, PUBLIC), false);
});

for (const [origin, allowed] of [
  ['http://127.0.0.1:3000', true],
  ['https://status.example.com', true],
  ['http://status.example.com', false],
  ['https://status.example.com.evil.test', false],
  ['http://127.0.0.1:3001', false],
  ['null', false],
  ['', false],
] as const)
  test(`Origin "${origin}" is ${allowed ? 'one of our pages' : 'refused'}`, () => {
    assert.equal(isFromOwnPage({ ...post, origin }, PUBLIC), allowed);
  });

test('what no browser sent has no page and no authority to borrow', () => {
  assert.equal(isFromOwnPage(post, PUBLIC), true);
});

test('X-Forwarded-For is believed only behind a proxy, and only its last entry', () => {
  const request = { forwardedFor: '6.6.6.6, 203.0.113.9', remote: '10.0.0.2' };
  assert.equal(visitorAddress(request, false), '10.0.0.2');
  assert.equal(visitorAddress(request, true), '203.0.113.9');
  assert.equal(visitorAddress({ ...request, forwardedFor: undefined }, true), '10.0.0.2');
  assert.equal(visitorAddress({ forwardedFor: '', remote: undefined }, true), 'unknown');
});
