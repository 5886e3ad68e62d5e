import fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generateSync } from 'otplib';
import { hashPassword, verifyPassword } from './password-hash.ts';
import { passwordFault } from './password-rule.ts';
import { seal, unseal } from './seal.ts';
import { base32, codeAt, fromBase32, stepOf, totpUri } from './totp.ts';
import { networkOf } from './tries.ts';

const own = {
  email: 'anne.jansen@zorgsoftware.example',
  name: 'Anne Jansen',
  words: ['Upheld', 'Zorgsoftware'],
};

describe('a password', () => {
  it('may be of any characters when it is long and nobody’s', async () => {
    for (const password of [
      'tandpasta kiest oranje',
      'correct horse battery',
      'Hx7!kq0z-Plm2',
      'это длинный пароль',
      '🦆🐎🧲🪁🛶🧭🪜🧵🪣🛟🪤🧪',
      'x7 '.repeat(2) + 'fjordwinter ' + 'q'.repeat(150),
    ])
      assert.equal(await passwordFault(password, own), null, password);
  });

  it('is refused when it is short, or beyond measure', async () => {
    for (const password of ['', 'elf tekens!', '🦆'.repeat(11), 'Aa1!Aa1!'])
      assert.match((await passwordFault(password, own)) ?? '', /too short/, password);
    assert.match((await passwordFault('ab c'.repeat(51), own)) ?? '', /too long/);
  });

  it('is refused when attackers have it on their list, or nearly so', async () => {
    for (const password of [
      'password1234',
      'PassWord!2026',
      'passwordpassword',
      'p@ssw0rd12345',
      'Welkom2026!!',
      'wachtwoord123',
      '123456789012',
      '000000000000',
      'qwertyuiopas',
      'abcabcabcabcabc',
      'iloveyou2026!',
    ])
      assert.match((await passwordFault(password, own)) ?? '', /many people have/, password);
  });

  it('is refused when it is made of the person’s own name or address, or the product’s', async () => {
    for (const password of [
      'AnneJansen2026',
      'jansen.anne.1',
      'anne.jansen@zorgsoftware.example',
      'zorgsoftware26!',
      'upheldupheld12',
    ])
      assert.match((await passwordFault(password, own)) ?? '', /your own name/, password);
    assert.equal(await passwordFault('anne kiest oranje tandpasta', own), null);
  });

  it('is kept as Argon2id with its own salt, in the form of RFC 9106’s users', async () => {
    const [first, second] = await Promise.all([
      hashPassword('één lange zin'),
      hashPassword('één lange zin'),
    ]);
    assert.match(
      first,
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    );
    assert.notEqual(first, second);
    assert.equal(await verifyPassword(first, 'één lange zin'), true);
    assert.equal(await verifyPassword(first, 'één lange zin'.normalize('NFD')), true);
    assert.equal(await verifyPassword(first, 'een lange zin'), false);
    for (const none of ['', 'x', first.replace('argon2id', 'argon2i'), '$argon2id$v=19$'])
      assert.equal(await verifyPassword(none, 'één lange zin'), false);
  });
});

describe('a code of time', () => {
  // RFC 6238, appendix B, of which the last six digits are shown.
  const secret = Buffer.from('12345678901234567890');
  const vectors = [
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ] as const;

  it('is that of RFC 6238', () => {
    for (const [second, code] of vectors) {
      assert.equal(codeAt(secret, Math.floor(second / 30)), code);
      assert.equal(stepOf(secret, code, second * 1000), Math.floor(second / 30));
    }
  });

  it('is right one step before and after, and no further', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 4e9 }),
        fc.integer({ min: -4, max: 4 }),
        (second, off) => {
          const step = Math.floor(second / 30);
          const found = stepOf(secret, codeAt(secret, step + off), second * 1000);
          if (Math.abs(off) <= 1) assert.ok(found !== null && Math.abs(found - step) <= 1);
          else assert.ok(found === null || found !== step + off);
        },
      ),
    );
  });

  it('is what an authenticator app of somebody else shows', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 20, maxLength: 20 }),
        fc.integer({ min: 1, max: 4e9 }),
        (bytes, epoch) =>
          assert.equal(
            generateSync({ secret: base32(bytes), epoch }),
            codeAt(bytes, Math.floor(epoch / 30)),
          ),
      ),
    );
  });

  it('has a secret that comes back from base32, and an address that apps read', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) =>
        assert.deepEqual(fromBase32(base32(bytes)), Buffer.from(bytes)),
      ),
    );
    assert.equal(base32(Buffer.from('foobar')), 'MZXW6YTBOI');
    assert.equal(
      totpUri({ secret: 'MZXW6', issuer: 'A & B: Zorg', account: 'a+b@c.nl' }),
      'otpauth://totp/A%20%26%20B%3A%20Zorg:a%2Bb%40c.nl?secret=MZXW6&issuer=A%20%26%20B%3A%20Zorg',
    );
  });
});

describe('a sealed text', () => {
  it('opens for its owner alone, and not when it was changed', () => {
    const sealed = seal('key', 'anne', 'MZXW6');
    assert.equal(unseal('key', 'anne', sealed), 'MZXW6');
    assert.ok(!sealed.includes('MZXW6'));
    assert.throws(() => unseal('key', 'eva', sealed));
    assert.throws(() => unseal('other', 'anne', sealed));
    const bytes = Buffer.from(sealed, 'base64url');
    bytes[14]! ^= 1;
    assert.throws(() => unseal('key', 'anne', bytes.toString('base64url')));
  });
});

describe('an address that tries', () => {
  it('counts as its network where a line has many', () => {
    for (const [address, network] of [
      ['192.0.2.1', '192.0.2.1'],
      ['::ffff:192.0.2.1', '192.0.2.1'],
      ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
      ['2001:db8:1:2::', '2001:db8:1:2'],
      ['2001:0DB8:0001:0002::9', '2001:db8:1:2'],
      ['2001:db8::1', '2001:db8:0:0'],
      ['::1', '0:0:0:0'],
      ['fe80::1%eth0', 'fe80:0:0:0'],
      ['unknown', 'unknown'],
    ] as const)
      assert.equal(networkOf(address), network, address);
  });
});
