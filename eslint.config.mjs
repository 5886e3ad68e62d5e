import tseslint from 'typescript-eslint';
import astro from 'eslint-plugin-astro';

/* What this house forbids by itself, and the pages of the site. The rest is in .oxlintrc.json. */
const noEnv = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Only packages/config reads the environment; take the value from Config.',
};
const noClock = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Take the time from a Clock.',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Take the time from a Clock.',
  },
];
const noDialect = {
  selector: "MemberExpression[property.name='dialect']",
  message: 'Dialect branches live in packages/db/src/dialect.ts and open-*.ts.',
};

export default tseslint.config(
  { ignores: ['**/dist/', '**/.astro/', 'node_modules/', 'drizzle/', 'data/', '**/*.d.ts'] },
  // What is no part of the running product may read the clock and the environment.
  {
    ignores: [
      '**/*.test.ts',
      '**/*.case.ts',
      'test/**',
      'bench/**',
      'scripts/**',
      'packages/testkit/**',
    ],
  },
  {
    files: ['**/*.ts'],
    languageOptions: { parser: tseslint.parser },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: { 'no-restricted-syntax': ['error', noEnv, ...noClock, noDialect] },
  },
  { files: ['packages/config/src/**'], rules: { 'no-restricted-syntax': ['error', ...noClock] } },
  {
    files: ['packages/db/src/dialect.ts', 'packages/db/src/open-*.ts'],
    rules: { 'no-restricted-syntax': ['error', noEnv, ...noClock] },
  },
  {
    files: [
      'apps/upheld/src/compose/system.ts',
      // Sets what a library that reads the machine's clock by itself against ours.
      'packages/services/src/account/machine-clock.ts',
    ],
    rules: { 'no-restricted-syntax': ['error', noEnv, noDialect] },
  },
  ...astro.configs.recommended,
);
