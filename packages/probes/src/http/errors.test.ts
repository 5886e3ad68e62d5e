import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultOf, type Phase } from './errors.ts';

const error = (code: string): Error => Object.assign(new Error('words'), { code });

const rows: readonly [string, Phase, string][] = [
  ['ENOTFOUND', 'lookup', 'failed/dns'],
  ['ENODATA', 'lookup', 'failed/dns'],
  ['EAI_AGAIN', 'lookup', 'inconclusive/no-resolver'],
  ['EAI_SYSTEM', 'lookup', 'inconclusive/no-resolver'],
  ['ECONNREFUSED', 'connect', 'failed/refused'],
  ['ETIMEDOUT', 'connect', 'failed/timeout'],
  ['UPHELD_DEADLINE', 'connect', 'failed/timeout'],
  ['UPHELD_DEADLINE', 'tls', 'failed/timeout'],
  ['UPHELD_STOPPED', 'tls', 'inconclusive/stopped'],
  ['ENETUNREACH', 'connect', 'inconclusive/no-route'],
  ['EHOSTUNREACH', 'connect', 'inconclusive/no-route'],
  ['ENETDOWN', 'connect', 'inconclusive/no-route'],
  ['EMFILE', 'connect', 'inconclusive/overloaded'],
  ['ENOBUFS', 'connect', 'inconclusive/overloaded'],
  ['ECONNRESET', 'tls', 'failed/tls'],
  ['ECONNRESET', 'request', 'failed/unreachable'],
  ['EPIPE', 'request', 'failed/unreachable'],
  ['UND_ERR_SOCKET', 'request', 'failed/unreachable'],
  ['UND_ERR_HEADERS_OVERFLOW', 'request', 'failed/protocol'],
  ['UND_ERR_INVALID_ARG', 'lookup', 'inconclusive/internal'],
  ['EUNHEARDOF', 'request', 'inconclusive/internal'],
];

for (const [code, phase, wanted] of rows)
  test(`${code} in the phase ${phase} is ${wanted}`, () => {
    const fault = faultOf(error(code), phase);
    assert.equal(`${fault.kind}/${fault.cause}`, wanted);
  });

for (const code of [
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
])
  test(`${code} is the product's TLS`, () => {
    assert.equal(faultOf(error(code), 'tls').cause, 'tls');
  });

test('one address that refuses is the product, whatever the others are', () => {
  const both = new AggregateError([error('ENETUNREACH'), error('ECONNREFUSED')]);
  assert.equal(faultOf(both, 'connect').cause, 'refused');
  const none = new AggregateError([error('ENETUNREACH'), error('EHOSTUNREACH')]);
  assert.equal(faultOf(none, 'connect').cause, 'no-route');
});

test('the words are kept short, and our own codes are not shown', () => {
  assert.equal(faultOf(error('UPHELD_DEADLINE'), 'request').message, 'words');
  assert.equal(faultOf(new Error('x'.repeat(5000)), 'request').message.length, 300);
});
