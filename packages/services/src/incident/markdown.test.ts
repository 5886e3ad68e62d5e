import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { markdownHtml } from './markdown.ts';

test('headings begin at the third level, and no level is left out', () => {
  assert.equal(
    markdownHtml('## Cause\n\n#### Details\n\n## After').replaceAll('\n', ''),
    '<h3>Cause</h3><h4>Details</h4><h3>After</h3>',
  );
});

test('lists, tables, code and emphasis are markup', () => {
  const html = markdownHtml('- one\n- **two** `x < 1`\n\n|a|b|\n|-|-|\n|1|2|\n');
  for (const tag of ['<ul>', '<strong>two</strong>', '<code>x &lt; 1</code>', '<td>2</td>'])
    assert.ok(html.includes(tag), tag);
});

test('HTML is shown as it was typed', () => {
  const html = markdownHtml('<script>alert(1)</script>\n\na <b onclick="x()">bold</b> move');
  assert.ok(html.includes('&lt;script&gt;alert(1)&lt;/script&gt;'), html);
  assert.ok(html.includes('&lt;b onclick='), html);
});

for (const address of [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\tscript:alert(1)',
  '&#106;avascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  '//evil.example/x',
])
  test(`no link leads to ${address}`, () => {
    const html = markdownHtml(`[x](<${address}>) <${address}>\n\n[y]: ${address}\n\n[y]`);
    assert.ok(!/href="(?!https?:|mailto:)[^"]/i.test(html), html);
    assert.ok(!/href="[^"]*script/i.test(html), html);
  });

test('no picture is fetched from elsewhere', () => {
  const html = markdownHtml('![a spy](https://spy.example/x.png)');
  assert.ok(!html.includes('<img'), html);
  assert.ok(html.includes('https://spy.example/x.png'), html);
});

test('whatever is written, nothing but the allowed tags and attributes comes out', () => {
  const piece = fc.constantFrom(
    ...['<', '>', '"', "'", '`', '[', ']', '(', ')', '!', '#', '*', '&', ';', ':', '/', '\\', '\n'],
    ...['script', 'img src=x onerror=y', 'javascript:', 'svg/onload', 'a', 'style', '<!--', '-->'],
    ...['<a href=', '](', '&#x6a;', '|', '- ', '    ', '~~~', '<math><mi>', 'xlink:href'],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const html = markdownHtml(pieces.join(''));
      for (const [, name = '', rest = ''] of html.matchAll(/<\/?([a-z0-9]*)([^>]*)>/gi)) {
        assert.match(
          name,
          /^(h[3-6]|p|ul|ol|li|blockquote|pre|code|hr|br|em|strong|del|a|table|thead|tbody|tr|th|td)$/,
        );
        assert.match(rest, /^( (href|rel|start)="[^"]*")* ?\/?$/);
      }
    }),
    { numRuns: 2000 },
  );
});

test('what is nested too deep to be read is shown as it was typed', () => {
  assert.match(markdownHtml(`${'>'.repeat(50_000)} <b>x</b>`), /&#60;b&#62;x/);
  assert.match(markdownHtml('- '.repeat(5000)), /^<p>- - /);
  assert.match(markdownHtml(`Oorzaak\n${'-'.repeat(80)}`), /<h3>Oorzaak/);
});
