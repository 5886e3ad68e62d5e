import { testConfig } from '@upheld/testkit/config.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { harness, problemIn, type Harness } from '../../test/harness.ts';

const product = (id: string) => ({
  id,
  name: id,
  agreements: [{ agreement: 'standard' }],
  monitors: [{ id: `${id}-web`, kind: 'http' as const, url: `http://${id}.example.test/` }],
});

/** Two pages, and a group that neither of them shows. */
const config = testConfig({
  pages: [
    { id: 'main', title: 'Main', groups: ['open'] },
    { id: 'second', title: 'Second', groups: ['more'] },
  ],
  groups: [
    { id: 'open', name: 'Open', components: [product('shop')] },
    { id: 'more', name: 'More', components: [product('portal')] },
    { id: 'inner', name: 'Inner', components: [product('payroll')] },
  ],
});

eachDatabase(
  'what no page shows',
  (databases) => {
    let h: Harness;
    let hiddenId: string;
    let sharedId: string;
    before(async () => {
      h = await harness(await databases.open(), { config });
      hiddenId = await incident(['payroll']);
      sharedId = await incident(['payroll', 'shop']);
    });
    const incident = async (componentIds: string[]): Promise<string> => {
      const answer = await h.as('POST', '/api/v1/incidents', {
        title: { nl: 'Storing', en: 'Outage' },
        body: { nl: 'We zoeken.', en: 'We search.' },
        componentIds,
      });
      return (answer.json as { id: string }).id;
    };

    it('does not exist for the public: the answers are those for what was never there', async () => {
      const pairs = [
        ['/api/v1/components/payroll', '/api/v1/components/nobody1'],
        ['/api/v1/components/payroll/statement', '/api/v1/components/nobody1/statement'],
        ['/api/v1/components/payroll/facts', '/api/v1/components/nobody1/facts'],
        [`/api/v1/incidents/${hiddenId}`, '/api/v1/incidents/nobody1'],
      ];
      for (const [hidden = '', absent = ''] of pairs) {
        const [one, other] = [
          problemIn(await h.ask('GET', hidden)),
          problemIn(await h.ask('GET', absent)),
        ];
        assert.equal(one.status, 404, hidden);
        assert.equal(one.detail.replace(/"[^"]*"/, ''), other.detail.replace(/"[^"]*"/, ''));
      }
    });

    it('is in no public answer at all', async () => {
      const paths = [
        '/api/v1/pages',
        '/api/v1/pages/main',
        '/api/v1/pages/second',
        '/api/v1/components',
        '/api/v1/incidents?limit=200',
        '/api/v1/maintenances',
        `/api/v1/incidents/${sharedId}`,
        '/api/v2/summary.json',
        '/api/v2/incidents.json',
        '/pages/second/api/v2/incidents.json',
      ];
      for (const path of paths) {
        const { status, text } = await h.ask('GET', path);
        assert.equal(status, 200, path);
        assert.doesNotMatch(text, /payroll/, path);
        assert.ok(!text.includes(hiddenId), path);
      }
    });

    it('hides no part of an incident that is public', async () => {
      const shared = (await h.ask('GET', `/api/v1/incidents/${sharedId}`)).json;
      assert.deepEqual((shared as { componentIds: string[] }).componentIds, ['shop']);
    });

    it('can not be subscribed to', async () => {
      const body = {
        channel: 'email',
        address: 'a@example.com',
        componentIds: ['shop', 'payroll'],
      };
      const { status, faults } = problemIn(await h.ask('POST', '/api/v1/subscriptions', { body }));
      assert.equal(status, 422);
      assert.deepEqual(
        faults?.map(({ path }) => path),
        ['componentIds[1]'],
      );
      assert.deepEqual(h.desk.asked, []);
    });

    it('each page has only its own incidents in the words of Statuspage', async () => {
      const ids = async (path: string) =>
        ((await h.ask('GET', path)).json as { incidents: { id: string }[] }).incidents.map(
          ({ id }) => id,
        );
      assert.deepEqual(await ids('/api/v2/incidents.json'), [sharedId]);
      assert.deepEqual(await ids('/api/v2/incidents.json?page=second'), []);
      assert.deepEqual(await ids('/pages/main/api/v2/incidents/unresolved.json'), [sharedId]);
    });

    it('all components of all pages are listed once', async () => {
      const { components } = (await h.ask('GET', '/api/v1/components')).json as {
        components: { id: string; groupId: string }[];
      };
      assert.deepEqual(
        components.map(({ id, groupId }) => [id, groupId]),
        [
          ['shop', 'open'],
          ['portal', 'more'],
        ],
      );
    });
  },
  'sqlite',
);
