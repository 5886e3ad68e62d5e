import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textOfHtml } from './mail-text.ts';

test('of a mail in HTML the words are kept, a block a line, and nothing that runs', () => {
  const cases: [html: string, text: string][] = [
    ['<p>Hallo <b>daar</b></p><script>alert(1)</script>', 'Hallo daar'],
    ['een<br>twee\n drie<div>vier</div>', 'een\ntwee drie\nvier'],
    ['<head><title>t</title></head><style>p{}</style>&euro;&nbsp;5', '€ 5'],
    ['1 &lt; 2 &amp;amp; 3 <!-- no --> &quot;', '1 < 2 &amp; 3 "'],
    ['<img src=x onerror=alert(1)><a href="javascript:alert(1)">klik</a>', 'klik'],
    [`${'<table><tr><td>'.repeat(10_000)}diep`, 'diep'],
  ];
  for (const [html, text] of cases) assert.equal(textOfHtml(html), text);
});
