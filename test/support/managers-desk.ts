import type { Config } from '@upheld/config/schema.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { recorder } from '@upheld/testkit/recorded.ts';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startBrowser } from './browser.ts';
import { CONSOLE_NOW, serveConsole, type ConsoleServer } from './console-server.ts';
import { visit } from './visit.ts';

/** The console as a manager sees it in a browser, with one component under two agreements. */
export interface ManagersDesk {
  server: ConsoleServer;
  browser: Browser;
  /** A page of the console, opened by the manager who has signed in. */
  open(
    path: string,
    options: BrowserContextOptions,
    look: (page: Page) => Promise<void>,
  ): Promise<void>;
  stop(): Promise<void>;
}

/** In what light and on what device a page of the console is looked at. */
export const VIEWS: readonly [string, BrowserContextOptions][] = [
  ['in the light', { viewport: { width: 1280, height: 900 } }],
  ['in the dark', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' }],
  ['on a telephone of 320 pixels', { viewport: { width: 320, height: 640 } }],
];

const HOUR = 3_600_000;

const config = (): Config =>
  testConfig({
    groups: [
      {
        id: 'products',
        name: 'Products',
        components: [
          {
            id: 'ketenone',
            name: { nl: 'KetenOne', en: 'KetenOne' },
            agreements: [
              { agreement: 'spotonmedics', component: 'ketenone', contractStart: '2024-03-01' },
              { agreement: 'infravision-cloud' },
            ],
            monitors: [{ id: 'ketenone-web', kind: 'http', url: 'http://one.example.test/' }],
          },
        ],
      },
    ],
  });

/** Measured for `days`, with an outage of the highest level from each of the moments, for some hours. */
export async function openManagersDesk(past: {
  days: number;
  outages: readonly { from: number; hours: number }[];
}): Promise<ManagersDesk> {
  const server = await serveConsole({ role: 'manager', config: config() });
  const record = recorder(server.ctx.db);
  await record.measured('ketenone', CONSOLE_NOW - past.days * 24 * HOUR);
  await record.beat(CONSOLE_NOW);
  const severity = { spotonmedics: 'a', 'infravision-cloud': 'top' };
  for (const { from, hours } of past.outages)
    await record.outage({ component: 'ketenone', from, to: from + hours * HOUR, severity });
  const browser = await startBrowser();
  return {
    server,
    browser,
    open: (path, options, look) =>
      visit(browser, `${server.url}/favicon.svg`, { locale: 'en-GB', ...options }, async (page) => {
        page.setDefaultTimeout(8000);
        await server.signIn(page.context());
        await page.goto(server.url + path);
        await look(page);
      }),
    async stop() {
      await browser.close();
      await server.stop();
    },
  };
}
