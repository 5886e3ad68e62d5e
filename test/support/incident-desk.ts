import type { Database } from '@upheld/db/database.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { recorder } from '@upheld/testkit/recorded.ts';
import { serveConsole, type ConsoleServer } from './console-server.ts';

/** Three products under three agreements; the first one is watched. */
const config = testConfig({
  groups: [
    {
      id: 'products',
      name: { nl: 'Producten', en: 'Products' },
      components: [
        {
          id: 'fysioone',
          name: 'FysioOne',
          agreements: [{ agreement: 'spotonmedics', component: 'fysioone' }],
          monitors: [{ id: 'fysioone-web', kind: 'http', url: 'http://fysioone.example.test/' }],
        },
        { id: 'flexkids', name: 'Flexkids', agreements: [{ agreement: 'flexkids' }] },
        {
          id: 'integration',
          name: 'Integration',
          agreements: [{ agreement: 'infravision-cloud' }],
        },
      ],
    },
  ],
});

export const EXCERPT = '<h1>Service unavailable</h1><script>alert("body")</script>';
const MINUTE = 60_000;

export interface IncidentDesk extends ConsoleServer {
  /** The incident that the detector opened thirteen minutes ago. */
  incidentId: string;
  /** The monitor sees it work again. */
  mend(): Promise<void>;
}

/** The console while FysioOne is seen failing, with two subscribers; on the caller's database if there is one. */
export async function serveIncidentDesk(database?: Database): Promise<IncidentDesk> {
  const server = await serveConsole({ config, ...(database ? { database } : {}) });
  const { ctx, clock } = server;
  const from = clock.now() - 13 * MINUTE;
  const record = recorder(ctx.db);
  await record.measured('fysioone', from - 30 * 24 * 60 * MINUTE);
  await record.beat(clock.now());
  const { incidentId } = await record.outage({
    component: 'fysioone',
    from,
    severity: { spotonmedics: 'a' },
  });
  await ctx.db.transact(async ({ q, t }) => {
    await q.insert(t.incidentUpdates).values({
      id: 'update-1',
      incidentId,
      status: 'investigating',
      bodyNl: 'FysioOne reageert niet.',
      bodyEn: 'FysioOne does not respond.',
      recordedAt: from + MINUTE,
      recordedBy: 'detector',
    });
    await q.insert(t.transitions).values({
      id: 'transition-down',
      monitorId: 'fysioone-web',
      componentId: 'fysioone',
      fromState: 'up',
      toState: 'down',
      at: from,
      noticedAt: from + MINUTE,
      cause: 'status',
      evidence: {
        status: 503,
        latencyMs: 812,
        address: '10.20.30.40',
        message: 'HTTP status 503',
        bodyStart: EXCERPT,
        phases: { lookupMs: 3, connectMs: 11, tlsMs: 24, firstByteMs: 770 },
        tls: { protocol: 'TLSv1.3', certificateUntil: clock.now() + 40 * 24 * 60 * MINUTE },
      },
    });
    for (const [id, channel, address, language] of [
      ['subscriber-1', 'email', 'els@example.test', 'nl'],
      ['subscriber-2', 'sms', '+31612345678', 'en'],
    ] as const)
      await q.insert(t.subscribers).values({
        id,
        channel,
        address,
        addressKey: address,
        language,
        state: 'confirmed',
        challengeTries: 0,
        createdAt: from,
        confirmedAt: from,
        version: 1,
      });
  });
  return {
    ...server,
    incidentId,
    mend: () =>
      ctx.db.transact(async ({ q, t }) => {
        await q.update(t.outages).set({ endedAt: clock.now() });
      }),
  };
}
