import type { Instant } from '@upheld/domain/ports.ts';
import type { Language } from '@upheld/domain/text.ts';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { SiteContext } from '../site-context.ts';
import { entity, sendEntity, sizeOf, without, type Entity } from './entity.ts';
import { within } from './gather.ts';
import { keeper } from './keeper.ts';
import { languageCookie, type LanguageChoice } from './language.ts';
import type { Rendered } from './render.ts';
import { watchRevision } from './revision-watch.ts';

/** A page as rendered, and until when it may be shown to others; null when it may not be. */
export interface KeepablePage extends Rendered {
  until: Instant | null;
}

export interface PageWish extends LanguageChoice {
  path: string;
}

export interface PageCache {
  /** Answers GET or HEAD of a public page in the chosen language. */
  serve(req: IncomingMessage, res: ServerResponse, wish: PageWish): Promise<void>;
}

export interface PageCacheOptions {
  upheld: SiteContext;
  render: (path: string, language: Language) => Promise<KeepablePage>;
  /** The longest that a page is kept, though nothing changed: "measured until" moves on. */
  keepMs?: number;
  maxBytes?: number;
  /** How long the database may take to say that nothing changed. */
  patienceMs?: number;
  /** How long a page may take to render. */
  renderMs?: number;
}

interface Kept {
  page: Entity;
  /** The same page under the banner that says how old it is; made when it is needed. */
  aged: Entity | null;
  revision: number;
  until: Instant;
  /** Rendering it anew failed: not before this moment again. */
  tryAgainAt: Instant;
}

/** The layout renders the banner hidden, in the page's language and zone; taking this out shows it. */
export const HIDDEN_BANNER = ' data-age-banner hidden';

const SHARED = 'public, max-age=10, stale-while-revalidate=60, stale-if-error=86400';
const VARY = 'Accept-Language, Cookie, Accept-Encoding';
const TRY_AGAIN_MS = 1000;
/** No revision equals it, so a page that was made without knowing one is made again. */
const UNKNOWN = -1;

/**
 * Rendered pages, keyed by path and language, each as of a revision of what is recorded. When the
 * database fails, the last good page is shown with its age.
 */
export function pageCache(options: PageCacheOptions): PageCache {
  const { upheld, keepMs = 30_000 } = options;
  const kept = keeper<Kept>(options.maxBytes ?? 64 * 1024 * 1024, ({ page }) => sizeOf(page));
  const revision = watchRevision(upheld, options.patienceMs ?? 2000);
  const render = shared((wish) => renderInTime(options, wish));

  /** The page to show now, or the answer that nobody keeps. */
  async function find(wish: PageWish): Promise<Entity | Rendered> {
    const key = keyOf(wish);
    const current = await revision();
    const known = kept.get(key);
    const now = upheld.now();
    const usable = known && asItIs(known, current, now);
    if (usable) return usable;
    const page = await render(wish, current ?? UNKNOWN);
    if (page.status >= 500 && known) {
      known.tryAgainAt = now + TRY_AGAIN_MS;
      return withAge(known);
    }
    if (page.status !== 200 || page.until === null) return page;
    const made: Kept = {
      page: toEntity(page, wish),
      aged: null,
      revision: current ?? UNKNOWN,
      until: Math.min(page.until, now + keepMs),
      tryAgainAt: now,
    };
    kept.set(key, made);
    return made.page;
  }

  return {
    async serve(req, res, wish) {
      const found = await find(wish);
      if ('status' in found) sendRendered(req, res, found);
      else await sendEntity(req, res, found, onSwitch(wish));
    },
  };
}

/** What was rendered before, where it may be shown without rendering it again. */
function asItIs(known: Kept, current: number | null, now: Instant): Entity | null {
  if (current === null || now < known.tryAgainAt) return withAge(known);
  return known.revision === current && now < known.until ? known.page : null;
}

function keyOf({ language, path }: PageWish): string {
  return `${language} ${path}`;
}

/** One rendering for all who wait for the same page of the same revision. */
function shared(
  render: (wish: PageWish) => Promise<KeepablePage>,
): (wish: PageWish, revision: number) => Promise<KeepablePage> {
  const underWay = new Map<string, { revision: number; page: Promise<KeepablePage> }>();
  return (wish, revision) => {
    const key = keyOf(wish);
    const running = underWay.get(key);
    if (running?.revision === revision) return running.page;
    const page = render(wish).finally(() => {
      if (underWay.get(key)?.page === page) underWay.delete(key);
    });
    underWay.set(key, { revision, page });
    return page;
  };
}

const TEXT = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };
const APOLOGY = 'Something went wrong on our side. Please try again in a minute.\n';

/** A rendering that breaks off or hangs is an answer too: 500. */
async function renderInTime(
  { upheld, render, renderMs = 5000 }: PageCacheOptions,
  { path, language }: PageWish,
): Promise<KeepablePage> {
  try {
    return await within(renderMs, render(path, language), 'rendering a page');
  } catch (error) {
    upheld.log.error({ error, path }, 'a page could not be rendered');
    return { status: 500, headers: TEXT, body: Buffer.from(APOLOGY), until: null };
  }
}

function toEntity(page: Rendered, { language }: PageWish): Entity {
  const headers = { 'cache-control': SHARED, vary: VARY, 'content-language': language };
  return entity(page.body, { ...without(page.headers, 'content-length'), ...headers });
}

function withAge(known: Kept): Entity {
  known.aged ??= entity(
    Buffer.from(known.page.body.toString('utf8').replace(HIDDEN_BANNER, '')),
    known.page.headers,
  );
  return known.aged;
}

/** A switch is remembered, and an answer that sets a cookie is for nobody else. */
function onSwitch(wish: PageWish): OutgoingHttpHeaders | undefined {
  if (!wish.switched) return undefined;
  return { 'set-cookie': languageCookie(wish.language), 'cache-control': 'private, no-cache' };
}

/** Sends a page that nobody keeps. */
export function sendRendered(
  req: IncomingMessage,
  res: ServerResponse,
  { status, headers, body }: Rendered,
): void {
  res.writeHead(status, {
    'cache-control': 'no-store',
    ...without(headers, 'content-length'),
    'content-length': body.length,
    // The rest of a body that was too long still comes; no other request could be read after it.
    ...(req.complete ? {} : { connection: 'close' }),
  });
  if (req.method === 'HEAD') res.end();
  else res.end(body);
}
