import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textOfHtml, withoutHistory } from './mail-text.ts';

test('of a mail in HTML the words are kept, a block a line, and nothing that runs', () => {
  const cases: [html: string, text: string][] = [
    ['<p>Hallo <b>daar</b></p><script>alert(1)</script>', 'Hallo daar'],
    ['een<br>twee\n drie<div>vier</div>', 'een\ntwee drie\nvier'],
    ['<head><title>t</title></head><style>p{}</style>&euro;&nbsp;5', '€ 5'],
    ['1 &lt; 2 &amp;amp; 3 <!-- no --> &quot;', '1 < 2 &amp; 3 "'],
    ['<img src=x onerror=alert(1)><a href="javascript:alert(1)">klik</a>', 'klik'],
    ['<div>a</div><div><br></div><div>b</div><div>c<br></div>d', 'a\n\nb\nc\nd'],
    [
      '<p>Twee:</p><ul><li>een</li><li>twee</li></ul><p>Groet</p>',
      'Twee:\n\n- een\n- twee\n\nGroet',
    ],
    ['<table><tr><td>a</td><td>b</td></tr><tr><th>c</th></tr></table>', 'a  b\nc'],
    [`${'<table><tr><td>'.repeat(10_000)}diep`, 'diep'],
  ];
  for (const [html, text] of cases) assert.equal(textOfHtml(html), text);
});

test('of an answer the mails before it are cut, whichever program quoted them', () => {
  const own = 'Het werkt weer.\nDank!';
  const histories = [
    'Op ma 23 nov 2026 om 09:00 schreef Zorgsoftware <status@zs.example>:\n> Werkt het?\n>\n> Groet',
    'Op ma 23 nov 2026 om 09:00 schreef Zorgsoftware\n<status@zs.example>:\n\n> Werkt het?',
    'On 23-11-2026 09:00, Status wrote:\n> Does it?\n',
    'Op 23 nov 2026, om 09:00 heeft S <s@zs.example> het volgende geschreven:\n\n> Werkt het?',
    '-----Oorspronkelijk bericht-----\nVan: Status\nWerkt het?',
    'Van: Status <s@zs.example>\nVerzonden: maandag 23 november 2026 09:00\nAan: Jan\n\nWerkt het?',
    '*From:* Status\n*Sent:* Monday\n\nDoes it?',
    '________________________________\nVan: Status\nWerkt het?',
  ];
  for (const history of histories)
    assert.equal(withoutHistory(`${own}\n\n${history}`), `${own}\n\n[…]`, history);
});

test('of an answer nothing is cut that they may have written themselves', () => {
  const kept = [
    'Het werkt weer.',
    '> Werkt het?\nNee.\n> En nu?\nOok niet.',
    'Dit staat op het scherm:\n> fout 500\n> opnieuw proberen',
    'Op ma 23 nov 2026 schreef Status:\n> Werkt het?',
    'Van: maandag tot vrijdag doet hij het niet.\nDaarna wel.',
    '',
  ];
  for (const text of kept) assert.equal(withoutHistory(text), text);
});

test('a long answer does not hold the process', () => {
  const began = performance.now();
  for (const line of ['on ', '> ', 'wrote: ', '-'])
    for (const text of [line.repeat(200_000), `${line}\n`.repeat(200_000)]) withoutHistory(text);
  assert.ok(performance.now() - began < 2000);
});
