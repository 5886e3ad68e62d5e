import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGuard } from './guard.ts';

const closed = createGuard([]);

/** What the WHATWG parser makes of a host, which is what is dialled. */
const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '');

for (const url of [
  'http://2130706433/',
  'http://0177.0.0.1/',
  'http://0x7f.1/',
  'http://127.1/',
  'http://127.0.0.1./',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::127.0.0.1]/',
  'http://[64:ff9b::a9fe:a9fe]/',
  'http://[2002:7f00:1::]/',
  'http://[2001:0:7f00:1::]/',
  'http://0.0.0.0/',
  'http://100.64.0.1/',
  'http://169.254.169.254/',
  'http://10.0.0.1/',
  'http://172.16.0.1/',
  'http://192.168.1.1/',
  'http://198.18.0.1/',
  'http://240.0.0.1/',
  'http://224.0.0.1/',
  'http://255.255.255.255/',
  'http://[fe80::1]/',
  'http://[fec0::1]/',
  'http://[fd00::1]/',
  'http://[ff02::1]/',
  'http://[4000::1]/',
  'http://[2001:db8::1]/',
  'http://①②⑦.⓪.⓪.①/',
])
  test(`${url} is not reached`, () => {
    assert.equal(closed.judge(hostOf(url), 80).allowed, false);
  });

test('public addresses are reached', () => {
  for (const address of ['93.184.216.34', '2606:2800:220:1::1', '::ffff:93.184.216.34'])
    assert.deepEqual(closed.judge(address, 443), { allowed: true });
});

test('a range that is allowed opens itself, and its port alone where one is named', () => {
  const guard = createGuard(['10.20.0.0/16:443', '127.0.0.0/8', 'fd12::/16', '::1/128:8080']);
  const allows = (address: string, port: number): boolean => guard.judge(address, port).allowed;
  assert.ok(allows('10.20.3.4', 443));
  assert.ok(!allows('10.20.3.4', 80));
  assert.ok(!allows('10.21.0.1', 443));
  assert.ok(allows('127.9.9.9', 1));
  assert.ok(allows('::ffff:127.0.0.1', 1));
  assert.ok(allows('fd12::1', 80));
  assert.ok(allows('::1', 8080));
  assert.ok(!allows('::1', 8081));
});

test('a metadata service is never reached, whatever is allowed', () => {
  const guard = createGuard(['169.254.0.0/16', 'fd00::/8', '100.64.0.0/10', '0.0.0.0/0', '::/0']);
  for (const address of [
    '169.254.169.254',
    '::ffff:169.254.169.254',
    'fd00:ec2::254',
    'FD00:0EC2:0:0:0:0:0:254',
    '100.100.100.200',
  ]) {
    const judgement = guard.judge(address, 80);
    assert.ok(!judgement.allowed && judgement.why.includes('metadata'), address);
  }
});

test('a name is not an address', () => {
  assert.equal(createGuard(['0.0.0.0/0']).judge('localhost', 80).allowed, false);
});

test('a refusal says what would allow it', () => {
  const judgement = closed.judge('10.0.0.5', 8443);
  assert.ok(!judgement.allowed);
  assert.match(judgement.why, /add "10\.0\.0\.5\/32:8443" to probing\.allow/);
});
