import { DomainError } from '@upheld/domain/errors.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readEnvironment } from './environment.ts';

describe('the environment', () => {
  it('has a default for everything, and an empty variable counts as missing', () => {
    const { variables, ...rest } = readEnvironment({ PORT: '', DATABASE_URL: ' ' }, '/srv/upheld');
    assert.deepEqual(rest, {
      port: 3000,
      dataDir: '/srv/upheld/data',
      configPath: '/srv/upheld/upheld.yaml',
      databaseUrl: null,
    });
    assert.deepEqual(variables, { PORT: '', DATABASE_URL: ' ' });
  });

  it('says everything that is wrong at once, and never shows a password', () => {
    const read = () =>
      readEnvironment({ PORT: '70000', DATABASE_URL: 'mysql://u:hunter2@h/d' }, '/');
    assert.throws(read, (error: unknown) => {
      assert.ok(error instanceof DomainError);
      assert.deepEqual(
        error.faults.map((fault) => fault.path),
        ['PORT', 'DATABASE_URL'],
      );
      assert.ok(!JSON.stringify(error.faults).includes('hunter2'));
      return true;
    });
  });
});
