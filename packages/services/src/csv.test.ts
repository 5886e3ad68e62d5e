import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { csvOf } from './csv.ts';

const cell = (text: string | number): string =>
  csvOf(['a'], [{ a: text }])
    .slice('a\r\n'.length)
    .replace(/\r\n$/, '');

describe('a cell of a CSV file', () => {
  it('is never a formula', () => {
    for (const start of ['=', '+', '-', '@', '\uff1d', '\uff0b', '\uff0d', '\uff20'])
      for (const before of ['', ' ', '\u00a0', '  '])
        assert.equal(cell(`${before}${start}1`), `${before}'${start}1`);
    for (const start of ['\t', '\r']) assert.match(cell(`${start}x`), /^"?'/);
  });

  it('holds none behind a semicolon, a tab or a line end, where a program may end it', () => {
    for (const end of [';', '; ', ';"', '\t', '\n', '\r\n', ';;'])
      for (const start of ['=', '+', '-', '@'])
        assert.ok(cell(`x${end}${start}1;y`).includes(`'${start}1`), JSON.stringify(end));
  });

  it('is looked through in time that grows with its length', () => {
    for (const run of ['\n', '\t', ' ', '\n"', ';', '=', '\n='])
      for (const text of [`x${run.repeat(100_000)}x`, `;${run.repeat(100_000)}=1`]) {
        const { user } = process.cpuUsage();
        cell(text);
        const took = (process.cpuUsage().user - user) / 1000;
        assert.ok(took < 2000, `${JSON.stringify(run)}: ${took} ms`);
      }
  });

  it('is what it was where nothing of that is in it, also a number below zero', () => {
    for (const text of ['FysioOne', 'a=b', 'a - b', '2026-11-21', 'x; y', '']) {
      assert.equal(cell(text), text);
    }
    assert.equal(cell(-5), '-5');
    assert.equal(cell('say "a, b"'), '"say ""a, b"""');
  });
});
