import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { network } from './client-address.ts';

describe('what a rate limit counts by', () => {
  const cases: [address: string, counted: string, why: string][] = [
    ['203.0.113.7', '203.0.113.7', 'an IPv4 address is one visitor'],
    ['::ffff:203.0.113.7', '203.0.113.7', 'an IPv4 address in the clothes of IPv6 is the same one'],
    ['::ffff:cb00:7107', '203.0.113.7', 'in hexadecimal as well'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64', 'of IPv6 a visitor has a whole /64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64', 'however it is written'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64', 'also with zeros and capitals'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64', 'the zone of a link-local address does not matter'],
    ['::1', '0:0:0:0::/64', 'the loopback address is one like another'],
    ['unknown', 'unknown', 'what is no address is counted by its text'],
  ];
  for (const [address, counted, why] of cases)
    it(`${address} counts as ${counted}: ${why}`, () => {
      assert.equal(network(address), counted);
    });
});
