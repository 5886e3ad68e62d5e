import { DomainError } from '@upheld/domain/errors.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runCli } from './cli.ts';
import { explainFailure, reason, unexpected } from './failure.ts';
import type { Io } from './io.ts';

function fakeIo(): Io & { stdout: string; stderr: string } {
  return {
    stdout: '',
    stderr: '',
    out(text) {
      this.stdout += text;
    },
    err(text) {
      this.stderr += text;
    },
    stdin: () => Promise.resolve(''),
    cwd: '/',
    now: () => 0,
    exit: () => undefined,
    withContext: () => Promise.reject(new DomainError('unavailable', 'there is no database')),
  };
}

async function run(...args: string[]) {
  const io = fakeIo();
  const bound: Io = { ...io, out: (text) => io.out(text), err: (text) => io.err(text) };
  return { code: await runCli(args, bound, '1.2.3'), stdout: io.stdout, stderr: io.stderr };
}

describe('the command line', () => {
  it('shows every command and examples when asked for help', async () => {
    const { code, stdout } = await run('--help');
    assert.equal(code, 0);
    const commands =
      'serve statement maintenance incident subscriber token migrate doctor reload demo';
    for (const command of commands.split(' '))
      assert.match(stdout, new RegExp(`^ {2}${command}`, 'm'));
    assert.match(stdout, /Examples:/);
    assert.match(stdout, /Exit status/);
  });

  it('shows examples in the help of each command', async () => {
    for (const command of ['serve', 'statement', 'migrate', 'doctor', 'reload', 'demo']) {
      const { code, stdout } = await run(command, '--help');
      assert.equal(code, 0, command);
      assert.match(stdout, new RegExp(`\\$ (npm run|npx upheld|upheld) ?${command}`), command);
    }
  });

  it('gives its version', async () => {
    assert.deepEqual(await run('--version'), { code: 0, stdout: '1.2.3\n', stderr: '' });
  });

  it('ends with 2 on a command or an option that does not exist, and says which was meant', async () => {
    const command = await run('doctr');
    assert.equal(command.code, 2);
    assert.match(command.stderr, /unknown command 'doctr'[\s\S]*doctor/);
    const option = await run('serve', '--rol', 'web');
    assert.equal(option.code, 2);
    assert.match(option.stderr, /--role/);
    assert.equal((await run('serve', '--role', 'both')).code, 2);
    assert.equal((await run('statement')).code, 2);
  });
});

describe('what stops a command', () => {
  const explained = (error: unknown): { code: number; said: string[] } => {
    const said: string[] = [];
    return { code: explainFailure(error, { err: (text) => said.push(text) }), said };
  };

  it('is told with all its faults, and ends with 2 where the input is at fault', () => {
    const error = new DomainError('invalid-input', 'this is not usable', [
      { path: 'from', message: 'is missing' },
      { path: '', message: 'upheld.yaml:3: x is missing' },
    ]);
    assert.deepEqual(explained(error), {
      code: 2,
      said: ['upheld: this is not usable', '  from: is missing', '  upheld.yaml:3: x is missing'],
    });
  });

  it('is one line where there is one fault, which the line tells already', () => {
    const path = 'period';
    const told = new DomainError('invalid-input', 'period is not over', [
      { path, message: 'is not over' },
    ]);
    assert.deepEqual(explained(told).said, ['upheld: period is not over']);
    const apart = new DomainError('invalid-input', 'it has a fault', [
      { path, message: 'is not over' },
    ]);
    assert.deepEqual(explained(apart).said, ['upheld: it has a fault', '  period: is not over']);
  });

  it('ends with 1 where the input is right', () => {
    const error = new DomainError('conflict', 'somebody else was first');
    assert.deepEqual(explained(error), { code: 1, said: ['upheld: somebody else was first'] });
  });

  it('is one line with its place when nobody expected it', () => {
    const { code, said } = explained(new Error('no\nsuch thing'));
    assert.equal(code, 1);
    assert.match(said[0] ?? '', /^upheld: no such thing \(at \S+cli\.test\.ts:\d+\)$/);
    assert.equal(unexpected('text'), 'text');
  });

  it('has words also where Node leaves them out', () => {
    const refused = Object.assign(new Error(''), { code: 'ECONNREFUSED' });
    assert.equal(reason(new AggregateError([refused])), 'ECONNREFUSED');
    assert.equal(reason(new Error('plain')), 'plain');
  });
});
