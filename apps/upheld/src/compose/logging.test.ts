import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLogging } from './logging.ts';

function logged(options: { pretty?: boolean } = {}) {
  const lines: string[] = [];
  return { lines, ...createLogging((line) => lines.push(line), options) };
}

describe('the log', () => {
  it('writes one JSON line a message, with its time and level', () => {
    const { lines, log } = logged();
    log.warn({ monitor: 'web' }, 'slow');
    const line = JSON.parse(lines[0]!) as Record<string, unknown>;
    assert.equal(line['level'], 'warn');
    assert.equal(line['monitor'], 'web');
    assert.equal(line['msg'], 'slow');
    assert.match(String(line['time']), /^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('hides secrets by the name of their field and by their value, also inside errors', () => {
    const { lines, log, hide } = logged();
    hide(['hunter2', 'quo"ted']);
    log.info({ smtp: { password: 'other' }, token: 'x1' }, 'the password is hunter2');
    log.error({ error: new Error('535 refused quo"ted and hunter2') }, 'mail');
    const all = lines.join('');
    for (const secret of ['hunter2', 'other', 'x1', 'quo"ted', 'quo\\"ted'])
      assert.ok(!all.includes(secret), all);
    assert.equal(lines.length, 2);
  });

  it('writes for people on a terminal', () => {
    const { lines, log } = logged({ pretty: true });
    log.info({ port: 3000 }, 'listening');
    log.error({ error: new Error('boom') }, 'failed');
    assert.match(lines[0]!, /^\d\d:\d\d:\d\d {2}listening {2}port=3000\n$/);
    assert.match(lines[1]!, /^\d\d:\d\d:\d\d {2}error: failed {2}boom\n$/);
  });
});
