// Imports point one way: domain <- config, db, probes, notifiers; db <- services <- apps.
// `npm run boundaries` holds the tree to it; test/boundaries.test.ts plants a violation as control.
const LEAVES = ['config', 'db', 'probes', 'notifiers'];
const TESTS = '\\.(test|case)\\.ts$|^apps/[^/]+/test/';
const pkg = (...names) => `^packages/(${names.join('|')})/`;
const rule = (name, from, to, comment) => ({ name, severity: 'error', comment, from, to });

export default {
  forbidden: [
    rule('no-circular', {}, { circular: true }, 'A cycle has no first reader.'),
    rule(
      'domain-is-pure',
      { path: pkg('domain') + 'src', pathNot: TESTS },
      { path: '^(apps|packages/(?!domain/)|node:)|^(fs|path|os|http|https|net|crypto|process)$' },
      'The domain has no I/O, no clock and no process.',
    ),
    ...LEAVES.map((leaf) =>
      rule(
        `${leaf}-knows-only-the-domain`,
        { path: pkg(leaf) + 'src', pathNot: TESTS },
        {
          path:
            '^apps/|' +
            pkg(...[...LEAVES, 'services', 'testkit'].filter((other) => other !== leaf)),
        },
        'config, db, probes and notifiers build on the domain alone.',
      ),
    ),
    rule(
      'services-below-apps',
      { path: pkg('services') + 'src', pathNot: TESTS },
      { path: '^apps/|' + pkg('probes', 'notifiers', 'testkit') },
      'Services know neither transports nor apps; the worker joins them.',
    ),
    rule(
      'apps-touch-db-only-in-composition-roots',
      { path: '^apps/', pathNot: '^apps/upheld/src/compose/|' + TESTS },
      { path: pkg('db') },
      'An app calls a service verb; only a composition root opens a database.',
    ),
    rule(
      'one-importer-of-drizzle',
      { pathNot: pkg('db', 'testkit') + '|' + TESTS },
      { path: 'node_modules/(drizzle-orm|better-sqlite3|pg)/' },
      'Queries are written in the words of packages/db/src/query.ts.',
    ),
    rule(
      'one-importer-of-luxon',
      { pathNot: '^packages/domain/src/time/zoned(\\.test)?\\.ts$' },
      { path: 'node_modules/luxon/' },
      'Calendar arithmetic has one home: time/zoned.ts.',
    ),
    rule(
      'testkit-is-for-tests',
      { path: '/src/', pathNot: '\\.(test|case)\\.ts$|^packages/testkit/|^apps/upheld/src/demo/' },
      { path: pkg('testkit') },
      'Only tests, benches and the demo use the local servers of the testkit.',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.astro)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
