import { loadAgreementBook } from '@upheld/config/agreements.ts';
import { openDatabase } from '@upheld/db/open.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { changeCause } from '@upheld/services/incident/change-incident.ts';
import { announceMaintenance } from '@upheld/services/maintenance/announce-maintenance.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { fixedShelf } from '@upheld/services/agreement/shelf.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testSettings } from '@upheld/testkit/settings.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { recorder, type Recorder } from '@upheld/testkit/recorded.ts';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { webRole } from '../../apps/upheld/src/compose/web-role.ts';

/** Site and API over a year of records, at a moment that stands still. */
export interface FiguresServer {
  url: string;
  ctx: TestContext;
  /** The folder of a configuration with an agreement file of its own in it. */
  folder: string;
  stop(): Promise<void>;
}

const at = (text: string): Instant => Date.parse(text);
export const NOW = at('2026-11-21T09:32:20Z');
const engineer = { name: 'jan' };

const component = (
  id: string,
  name: string,
  agreements: { agreement: string; component?: string; contractStart?: string }[],
) => ({
  id,
  name,
  agreements,
  monitors: [{ id: `${id}-web`, kind: 'http' as const, url: `http://${id}.example.test/` }],
});

const config = testConfig({
  pages: [
    {
      id: 'main',
      title: { nl: 'Status van Zorgsoftware', en: 'Status of Zorgsoftware' },
      groups: ['care'],
    },
    { id: 'partners', title: 'Partners', groups: ['chain'] },
  ],
  groups: [
    {
      id: 'care',
      name: { nl: 'Voor de praktijk', en: 'For the practice' },
      components: [
        component('ketenone', 'KetenOne', [
          { agreement: 'infravision-cloud' },
          { agreement: 'fundament-it', contractStart: '2024-03-01' },
          { agreement: 'spotonmedics', component: 'ketenone' },
        ]),
        component('fresh', 'Planner', [{ agreement: 'standard' }]),
      ],
    },
    {
      id: 'chain',
      name: 'Chain',
      components: [component('portal', 'Portaal', [{ agreement: './our-contract.yaml' }])],
    },
    {
      id: 'inner',
      name: 'Inner',
      components: [component('payroll', 'Payroll', [{ agreement: 'standard' }])],
    },
  ],
});

/** Starts it on SQLite; the site must have been built. */
export async function serveFigures(): Promise<FiguresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'upheld-figures-'));
  writeOwnAgreement(folder);
  const db = await openDatabase({ kind: 'sqlite', file: join(folder, 'upheld.db') });
  const book = loadAgreementBook(folder);
  const contextAt = (now: Instant, idPrefix: string): TestContext => {
    const clock = controlledClock(now);
    return Object.assign(testContext(db, { config, clock, idPrefix }), {
      agreements: () => book,
      shelf: fixedShelf(book),
    });
  };
  const ctx = contextAt(NOW, 'now');
  await recordYear(ctx, contextAt);
  const server = createServer(await webRole(ctx, { settings: testSettings(ctx) })).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ctx,
    folder,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      await db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The shipped example under a name of its own, with what only one customer may know. */
function writeOwnAgreement(folder: string): void {
  const shipped = new URL('../../agreements/standard.yaml', import.meta.url);
  const text = readFileSync(shipped, 'utf8').replace('id: standard', 'id: our-contract');
  const customers = 'customers:\n  hospital-north: { source: A letter, replaces: {} }\n';
  writeFileSync(join(folder, 'our-contract.yaml'), text + customers);
}

async function recordYear(
  ctx: TestContext,
  contextAt: (now: Instant, idPrefix: string) => TestContext,
): Promise<void> {
  const record = recorder(ctx.db);
  await record.measured('ketenone', at('2026-02-01T08:00:00Z'));
  await record.measured('portal', at('2025-01-01T00:00:00Z'));
  await record.measured('payroll', at('2025-01-01T00:00:00Z'));
  await record.beat(NOW);

  // Office hours, the evening, a night of slowness, and a night that was the internet's fault.
  await outage(ctx, record, ['2026-03-10T09:12:07Z', '2026-03-10T16:40:31Z']);
  await outage(ctx, record, ['2026-06-18T18:03:00Z', '2026-06-18T19:15:42Z']);
  await outage(ctx, record, ['2026-08-02T01:00:00Z', '2026-08-02T02:30:00Z'], 'degraded');
  const dike = await outage(ctx, record, ['2026-09-14T02:11:00Z', '2026-09-14T05:11:30Z']);
  await changeCause(ctx, engineer, {
    incidentId: dike,
    cause: 'internet',
    effectiveFrom: at('2026-09-14T03:00:00Z'),
    reason: 'A cable was cut.',
    evidence: 'Report 4711 of the network.',
  });
  await record.outage({
    component: 'portal',
    from: at('2026-10-05T10:00:00Z'),
    to: at('2026-10-05T10:42:10Z'),
  });
  await record.gap({
    component: 'ketenone',
    from: at('2026-10-03T22:00:00Z'),
    to: at('2026-10-04T01:20:15Z'),
  });

  const works = [
    ['2026-10-14T09:00:00Z', '2026-10-17T18:00:00Z', '2026-10-17T20:00:00Z'],
    ['2026-11-07T17:30:00Z', '2026-11-07T18:00:00Z', '2026-11-07T19:30:00Z'],
  ] as const;
  for (const [index, [announced, from, to]] of works.entries())
    await announceMaintenance(contextAt(at(announced), `work${index}`), engineer, {
      componentIds: ['ketenone'],
      kind: 'planned',
      from: at(from),
      to: at(to),
      title: { nl: 'Nieuwe versie', en: 'New version' },
      text: { nl: 'We plaatsen een nieuwe versie.', en: 'We install a new version.' },
    });
  await outage(ctx, record, ['2026-11-07T18:01:10Z', '2026-11-07T19:12:00Z']);
}

/** An outage of KetenOne with the checks that found its beginning and its end. */
async function outage(
  ctx: TestContext,
  record: Recorder,
  [from, to]: readonly [string, string],
  state: 'down' | 'degraded' = 'down',
): Promise<string> {
  const span = { from: at(from), to: at(to) };
  const { incidentId } = await record.outage({ component: 'ketenone', state, ...span });
  const monitor = { monitorId: 'ketenone-web', componentId: 'ketenone' };
  await ctx.db.transact(async ({ q, t }) => {
    await q.insert(t.transitions).values([
      {
        id: `${incidentId}-found`,
        ...monitor,
        fromState: 'up',
        toState: state,
        at: span.from,
        noticedAt: span.from + 20_000,
        cause: state === 'down' ? 'status' : 'slow',
        evidence: state === 'down' ? { status: 503, latencyMs: 90 } : { latencyMs: 4000 },
      },
      {
        id: `${incidentId}-mended`,
        ...monitor,
        fromState: state,
        toState: 'up',
        at: span.to,
        noticedAt: span.to + 10_000,
        evidence: { status: 200, latencyMs: 81 },
      },
    ]);
  });
  return incidentId;
}
