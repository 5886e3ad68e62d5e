#!/usr/bin/env node
// Runs the command on the Node that the product brings along, whatever Node started this file:
// the sources are TypeScript, which older ones cannot run.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST = 24;
const main = new URL('../src/main.ts', import.meta.url);

if (Number(process.versions.node.split('.')[0]) >= OLDEST) {
  // What was compiled is kept, which halves the next start; where nothing can be kept, nothing is.
  module.enableCompileCache(
    fileURLToPath(new URL('../../../node_modules/.cache/upheld', import.meta.url)),
  );
  await import(main.href);
} else runOn(broughtAlong());

function broughtAlong() {
  try {
    const folder = dirname(module.createRequire(import.meta.url).resolve('node/package.json'));
    const binary = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

function runOn(node) {
  if (node === undefined) {
    console.error(
      `upheld: Node ${OLDEST} is needed and this is ${process.version}; run "npm ci" in the project, which brings it along`,
    );
    process.exit(1);
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    // The channel tells the other side when this one is killed.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'])
    process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`upheld: ${node} cannot be run: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    process.exit(signal === null ? code : 128 + (constants.signals[signal] ?? 0));
  });
}
