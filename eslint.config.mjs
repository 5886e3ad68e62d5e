import tseslint from 'typescript-eslint';
import astro from 'eslint-plugin-astro';

const limits = {
  'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
  complexity: ['error', 12],
};
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
  ...tseslint.configs.strictTypeChecked.map((c) => ({ ...c, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      ...limits,
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      'no-restricted-syntax': ['error', noEnv, ...noClock, noDialect],
      'no-empty': ['error', { allowEmptyCatch: false }],
      eqeqeq: 'error',
    },
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
  {
    files: [
      '**/*.test.ts',
      '**/*.case.ts',
      'test/**',
      'bench/**',
      'scripts/**',
      'packages/testkit/**',
    ],
    rules: {
      'no-restricted-syntax': 'off',
      'max-lines': 'off',
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: ['test', 'it', 'describe', 'suite'].map((name) => ({
            from: 'package',
            name,
            package: 'node:test',
          })),
        },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  // A schema is a list: splitting it by length would hide it.
  { files: ['packages/db/src/tables/**'], rules: { 'max-lines-per-function': 'off' } },
  ...astro.configs.recommended,
);
