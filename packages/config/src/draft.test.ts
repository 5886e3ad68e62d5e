import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { checkDraft } from './draft.ts';
import { firstConfig } from './first-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'upheld-draft-'));
after(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, 'secret'), 'kept-in-a-file');
const VARIABLES = {
  PORT: '3000',
  PASSWORD: 'hunter2-of-the-environment',
  KEPT_FILE: join(folder, 'secret'),
};

const draft = (more: string): string => `organisation: { name: Zorgsoftware }
pages: [{ id: main, title: Status }]
groups: [{ id: a, name: A, components: [{ id: b, name: B }] }]
${more}
`;

const linesOf = (text: string): string[] =>
  checkDraft(text, VARIABLES).faults.map(({ line, path, message }) => `${line} ${path} ${message}`);

describe('a draft', () => {
  it('that is right is given, and one that is not has every fault with its line', () => {
    assert.ok(checkDraft(firstConfig(), VARIABLES).config);
    assert.deepEqual(linesOf(draft('timezone: Europe/Amsterdan\nserver: { ulr: x }')), [
      '4 timezone "Europe/Amsterdan" is no IANA zone; write one such as Europe/Amsterdam',
      '5 server.ulr is no known key; did you mean "url"?',
    ]);
  });

  it('gets nothing out of the environment or its files, wherever it asks for it', () => {
    for (const name of ['PASSWORD', 'KEPT']) {
      const asked = [
        `timezone: '\${${name}}'`,
        `language: '\${${name}}'`,
        `probing: { allow: ['\${${name}}'] }`,
        `probing: { concurrency: '\${${name}}' }`,
        `server: { url: '\${${name}}' }`,
        `channels: { email: { from: '\${${name}}', smtp: { host: h, user: '\${${name}}' } } }`,
        `console: { idle: '\${${name}}', allow: ['\${${name}}/24'] }`,
        `'\${${name}}': 1`,
        `colour: '\${${name}}'`,
      ];
      for (const one of asked) {
        const told = JSON.stringify(checkDraft(draft(one), VARIABLES));
        assert.ok(!told.includes('hunter2') && !told.includes('kept-in-a'), told);
      }
    }
  });

  it('is told of a variable that is not set, and not of what one that is set would have to be', () => {
    assert.deepEqual(linesOf(draft("server: { url: '${PASSWORD}' }")), []);
    assert.deepEqual(linesOf(draft("server: { url: '${KEPT}' }")), []);
    assert.match(
      linesOf(draft("server: { url: '${NOWHERE}' }")).join(),
      /^4 server\.url needs the environment variable NOWHERE/,
    );
    assert.match(linesOf(draft("timezone: '${'")).join(), /holds a "\$\{" that names no variable/);
  });

  it('may be anything at all', () => {
    for (const text of ['', '[', 'a: *b', '\0', 'null', '- 1', '['.repeat(500)])
      assert.ok(checkDraft(text, VARIABLES).faults.length > 0, text);
  });
});
