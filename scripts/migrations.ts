import { spawnSync } from 'node:child_process';

// `npm run migrations -- add_outbox_reason` writes the step from the last schema to this one, for both databases.
const name = process.argv[2];
if (name === undefined || !/^[a-z][a-z0-9_]*$/.test(name)) {
  console.error(
    'give the step a name of lower-case letters and underscores: npm run migrations -- add_outbox_reason',
  );
  process.exit(2);
}
for (const dialect of ['sqlite', 'postgres']) {
  const { status } = spawnSync(
    'drizzle-kit',
    ['generate', '--config', `drizzle/${dialect}.config.ts`, '--name', name],
    { stdio: 'inherit' },
  );
  if (status !== 0) process.exit(1);
}
