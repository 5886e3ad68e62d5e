import { createApi } from '@upheld/api/app.ts';
import { limitedDesk } from '@upheld/api/http/limited-desk.ts';
import { apiLimits } from '@upheld/api/http/limits.ts';
import { accountDesk, type AccountDesk } from '@upheld/services/account/desk.ts';
import type { Context } from '@upheld/services/context.ts';
import { findWorksheet } from '@upheld/services/read/find-worksheet.ts';
import { readIncident, readMaintenance, readMonth } from '@upheld/services/read/lists.ts';
import { readPage } from '@upheld/services/read/page.ts';
import { visiblePart } from '@upheld/services/read/visible-part.ts';
import { revisionReader } from '@upheld/services/revision.ts';
import type { SettingsFile } from '@upheld/services/settings/file.ts';
import { subscriptionDesk } from '@upheld/services/subscriber/desk.ts';
import { loadEveryPage, loadSite } from '@upheld/site/mount.ts';
import type { SiteContext } from '@upheld/site/site-context.ts';
import { getRequestListener } from '@hono/node-server';
import type { RequestListener } from 'node:http';
import { version } from '../version.ts';

/** What is of this machine, and what a test may put in the place of the product's own. */
export interface WebParts {
  settings: SettingsFile;
  accounts?: AccountDesk;
  personOf?: AccountDesk['personOf'];
}

/** Answers every request: the API's own paths by Hono, all others by the site. */
export async function webRole(ctx: Context, parts: WebParts): Promise<RequestListener> {
  const desk = subscriptionDesk(ctx);
  const { settings } = parts;
  const limits = apiLimits();
  const api = getRequestListener(
    createApi(ctx, { desk, limits, settings, version: version() }).fetch,
  );
  const site = await loadSite();
  const accounts = parts.accounts ?? accountDesk(ctx);
  const upheld: SiteContext = {
    product: ctx,
    get defaultLanguage() {
      return ctx.config().language;
    },
    get publicUrl() {
      return ctx.config().server.url;
    },
    get trustProxy() {
      return ctx.config().server.trustProxy;
    },
    log: ctx.log,
    now: () => ctx.clock.now(),
    revision: agreedRevision(ctx),
    pageView: (pageId) => readPage(ctx, pageId),
    incident: async (id) => visiblePart(ctx.config(), await readIncident(ctx, id)),
    maintenance: async (id) => visiblePart(ctx.config(), await readMaintenance(ctx, id)),
    month: async (month) =>
      (await readMonth(ctx, month)).flatMap((one) => visiblePart(ctx.config(), one) ?? []),
    worksheet: (wish) => findWorksheet(ctx, wish),
    settings,
    subscriptions: limitedDesk(desk, limits),
    personOf: parts.personOf ?? ((visit) => accounts.personOf(visit)),
    accounts,
  };
  return (req, res) => {
    if (isApi(req.url ?? '/')) void api(req, res);
    else site(req, res, { upheld });
  };
}

/** Loading every page takes the process about a second: the first visitors come before it. */
const FIRST_VISITORS_MS = 3000;

/** Loads the pages that nobody has asked for yet, behind what the process is there for. */
export function loadPagesBehind({ log }: Context): void {
  const load = (): void => {
    loadEveryPage().catch((error: unknown) => {
      log.warn({ error }, 'not every page could be loaded beforehand');
    });
  };
  setTimeout(load, FIRST_VISITORS_MS).unref();
}

/**
 * The revision of the facts, given only when what was adopted by then is known here: a page that was made
 * for a revision stays in the cache until the next one.
 */
export function agreedRevision(ctx: Context): () => Promise<number> {
  const read = revisionReader(ctx.db.read);
  let seen: number | null = null;
  return async () => {
    const revision = await read();
    if (revision !== seen) await ctx.shelf.refresh();
    seen = revision;
    return revision;
  };
}

/** Whether a request target belongs to the API. */
export function isApi(target: string): boolean {
  return (
    /^\/(api|healthz|readyz|pages\/[^/?]+\/api)([/?]|$)/.test(target) ||
    /^(\/(pages|components)\/[^/?]+)?\/(calendar\.ics|feed\.atom)(\?|$)/.test(target)
  );
}
