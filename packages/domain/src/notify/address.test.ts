import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { maskAddress, parseMailAddress } from './address.ts';
import { messageIdOf, threadOf, threadRoot } from './thread.ts';

describe('a mail address', () => {
  it('is taken as it was typed', () => {
    for (const address of [
      'jan@example.com',
      "o'brien+status@sub.example.co.uk",
      'jos\u00e9@m\u00fcnchen.example',
      'a@xn--mnchen-3ya.example',
    ])
      assert.equal(parseMailAddress(` ${address} `), address);
  });

  it('is exactly one mailbox, in which nothing can hide', () => {
    for (const text of [
      '',
      '@',
      'jan',
      'jan@',
      '@example.com',
      'jan@example',
      'jan@example..com',
      '.jan@example.com',
      'jan.@example.com',
      'jan@exa mple.com',
      'jan@-example.com',
      'a@example.com,b@example.com',
      'a@example.com;b@example.com',
      'a@b@example.com',
      'Jan <jan@example.com>',
      'jan(comment)@example.com',
      '"jan doe"@example.com',
      'jan@[127.0.0.1]',
      'jan@127.0.0.1',
      'jan@example.com\r\nBcc: x@example.com',
      'jan\u0085@example.com',
      'jan\u0000@example.com',
      'jan\u202e@example.com',
      `${'a'.repeat(65)}@example.com`,
      `a@${'b.'.repeat(130)}example`,
    ])
      assert.equal(parseMailAddress(text), null, JSON.stringify(text));
  });

  it('is shown so that only its owner knows it', () => {
    assert.equal(maskAddress('email', 'johan@example.com'), 'j…n@example.com');
    assert.equal(maskAddress('email', 'jo@example.com'), 'j…@example.com');
    assert.equal(maskAddress('sms', '+31612345678'), '+316…78');
  });
});

describe('a thread', () => {
  const lane = 's1:i1';
  const host = 'example.com';

  it('starts with its root, to which every later mail refers', () => {
    assert.deepEqual(threadOf({ id: 'o1', lane }, [], host), {
      messageId: threadRoot(lane, host),
      references: [],
    });
    assert.deepEqual(threadOf({ id: 'o2', lane }, ['o1'], host), {
      messageId: '<o2@example.com>',
      references: [threadRoot(lane, host)],
    });
    assert.deepEqual(threadOf({ id: 'o3', lane }, ['o1', 'o2'], host).references, [
      threadRoot(lane, host),
      messageIdOf('o2', host),
    ]);
  });

  it('has ids that a header can hold', () => {
    assert.equal(threadRoot('s 1:<i>\r\n1', host), '<thread.s.1.i.1@example.com>');
  });
});
