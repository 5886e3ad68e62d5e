import { loadSite } from '@upheld/site/mount.ts';
import type {
  DeskAnswer,
  Subscription,
  SubscriptionDesk,
} from '@upheld/services/subscriber/desk.ts';
import type { SiteContext } from '@upheld/site/site-context.ts';
import type { WorksheetAnswer } from '@upheld/services/read/find-worksheet.ts';
import type { PageView } from '@upheld/services/read/page-view.ts';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SITUATIONS } from './situations.ts';
import { NOW, announced, doneMaintenance, openIncident, resolvedIncident } from './views.ts';

export type DeskCall =
  | ['subscribe', Parameters<SubscriptionDesk['subscribe']>[0]]
  | ['confirm', string]
  | ['confirmCode', Parameters<SubscriptionDesk['confirmCode']>[0]]
  | ['choose', string, Parameters<SubscriptionDesk['choose']>[1]]
  | ['unsubscribe', string];

/** A site on a port of its own, over views that the test chooses. */
export interface SiteFixture {
  url: string;
  view: PageView;
  /** Pages other than the first, by id. */
  others: Record<string, PageView>;
  revision: number;
  now: number;
  /** Thrown by everything that would read from the database. */
  broken: Error | null;
  /** How often a whole page was read. */
  reads: number;
  /** What the desk was asked to change, in order. */
  calls: DeskCall[];
  /** What the desk answers to all that it is asked. */
  answer: DeskAnswer;
  /** The subscription that the token `good` stands for. */
  subscription: Subscription;
  worksheet: WorksheetAnswer;
  logged: { level: string; fields: object; message: string }[];
  trustProxy: boolean;
  stop(): Promise<void>;
}

/** Starts it, from a build elsewhere where one is given; the site must have been built. */
export async function startSite(dist?: URL): Promise<SiteFixture> {
  const site = await loadSite(dist);
  const upheld: SiteContext = contextOf(() => fixture);
  const server = createServer((req, res) => site(req, res, { upheld })).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const fixture: SiteFixture = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    view: SITUATIONS.calm,
    others: {},
    revision: 1,
    now: NOW,
    broken: null,
    reads: 0,
    calls: [],
    answer: { ok: true },
    subscription: {
      channel: 'email',
      maskedAddress: 'j…n@example.com',
      confirmed: false,
      language: 'nl',
      componentIds: null,
      reminders: ['24h'],
    },
    worksheet: { ok: false, reason: 'unknown' },
    logged: [],
    trustProxy: false,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return fixture;
}

function contextOf(fixture: () => SiteFixture): SiteContext {
  const reading = <T>(answer: (f: SiteFixture) => T): Promise<T> => {
    const f = fixture();
    return f.broken ? Promise.reject(f.broken) : Promise.resolve(answer(f));
  };
  const log = (level: string) => (fields: object, message: string) => {
    fixture().logged.push({ level, fields, message });
  };
  const events = [openIncident, resolvedIncident];
  const works = [announced, doneMaintenance];
  return {
    get product(): never {
      throw new Error('a public page reads views and calls no verb');
    },
    defaultLanguage: 'nl',
    publicUrl: 'https://status.zorgsoftware.example',
    get trustProxy() {
      return fixture().trustProxy;
    },
    log: { info: log('info'), warn: log('warn'), error: log('error') },
    now: () => fixture().now,
    revision: () => reading((f) => f.revision),
    pageView: (id) =>
      reading((f) => {
        f.reads += 1;
        return id === undefined || id === f.view.page.id ? f.view : (f.others[id] ?? null);
      }),
    incident: (id) => reading(() => events.find((event) => event.id === id) ?? null),
    maintenance: (id) => reading(() => works.find((work) => work.id === id) ?? null),
    month: (month) => reading(() => (month === '2026-11' ? [...works, ...events] : [])),
    worksheet: () => reading((f) => f.worksheet),
    subscriptions: deskOf(reading),
    personOf: () => reading(() => ({ person: null, pending: null, cookies: [] })),
    get accounts(): never {
      throw new Error('a public page knows no accounts');
    },
    get settings(): never {
      throw new Error('a public page knows no settings');
    },
  };
}

function deskOf(reading: <T>(answer: (f: SiteFixture) => T) => Promise<T>): SubscriptionDesk {
  const did = (call: DeskCall): Promise<DeskAnswer> =>
    reading((f) => {
      f.calls.push(call);
      return f.answer;
    });
  return {
    subscribe: (input) => did(['subscribe', input]),
    look: (token) => reading((f) => (token === 'good' ? f.subscription : null)),
    confirm: (token) => did(['confirm', token]),
    confirmCode: (input) => did(['confirmCode', input]),
    choose: (token, choice) => did(['choose', token, choice]),
    unsubscribe: (token) => did(['unsubscribe', token]),
  };
}
