import type { Instant } from '@upheld/domain/ports.ts';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Language } from '@upheld/domain/text.ts';
import type { SiteContext } from '../site-context.ts';
import { entity, sendEntity, sizeOf, type Entity } from './entity.ts';
import { gather, within } from './gather.ts';
import { languageCookie, type LanguageChoice } from './language.ts';
import type { Rendered } from './render.ts';

/** A page as rendered, and until when it may be shown to others; null when it may not be. */
export interface KeepablePage extends Rendered {
  until: Instant | null;
}

export interface PageCache {
  /** Answers GET or HEAD of a public page in the chosen language. */
  serve(req: IncomingMessage, res: ServerResponse, wish: PageWish): Promise<void>;
}

export interface PageWish extends LanguageChoice {
  path: string;
}

export interface PageCacheOptions {
  upheld: SiteContext;
  render(path: string, language: Language): Promise<KeepablePage>;
  /** The longest that a page is kept, though nothing changed: "data as of" moves on. */
  keepMs?: number;
  maxBytes?: number;
  /** How long the database may take to say that nothing changed. */
  patienceMs?: number;
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
const ASK_AGAIN_MS = 1000;
const RENDER_MS = 5000;
const TEXT = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };
const APOLOGY = 'Something went wrong on our side. Please try again in a minute.\n';
/** No revision equals it, so a page that was made without knowing one is made again. */
const UNKNOWN = -1;

/**
 * Rendered pages, keyed by path and language, each as of a revision of what is recorded. When the
 * database fails, the last good page is shown with its age.
 */
export function pageCache(options: PageCacheOptions): PageCache {
  const { upheld, keepMs = 30_000, patienceMs = 2000 } = options;
  const kept = keeper(options.maxBytes ?? 64 * 1024 * 1024);
  const rendering = new Map<string, { revision: number; page: Promise<KeepablePage> }>();
  const latest = gather(() => within(patienceMs, askRevision(upheld), 'reading the revision'));
  let failedAt: Instant | null = null;

  async function revision(): Promise<number | null> {
    if (failedAt !== null && upheld.now() < failedAt + ASK_AGAIN_MS) return null;
    try {
      const answer = await latest();
      if (failedAt !== null) upheld.log.info({}, 'the database answers again; pages are current');
      failedAt = null;
      return answer;
    } catch (error) {
      failed(error);
      return null;
    }
  }

  function failed(error: unknown): void {
    if (failedAt === null)
      upheld.log.error({ error }, 'the database does not answer; showing the last good pages');
    failedAt = upheld.now();
  }

  /** One rendering for all who wait for the same page of the same revision. */
  function fresh(key: string, wish: PageWish, current: number): Promise<KeepablePage> {
    const underWay = rendering.get(key);
    if (underWay?.revision === current) return underWay.page;
    const page = renderInTime(wish).finally(() => {
      if (rendering.get(key)?.page === page) rendering.delete(key);
    });
    rendering.set(key, { revision: current, page });
    return page;
  }

  /** A rendering that breaks off or hangs is an answer too: 500. */
  async function renderInTime({ path, language }: PageWish): Promise<KeepablePage> {
    try {
      return await within(RENDER_MS, options.render(path, language), 'rendering a page');
    } catch (error) {
      upheld.log.error({ error, path }, 'a page could not be rendered');
      return { status: 500, headers: TEXT, body: Buffer.from(APOLOGY), until: null };
    }
  }

  async function serve(req: IncomingMessage, res: ServerResponse, wish: PageWish): Promise<void> {
    const key = `${wish.language} ${wish.path}`;
    const now = upheld.now();
    const current = await revision();
    const known = kept.get(key);
    if (known && current === known.revision && now < known.until)
      return sendEntity(req, res, known.page, onSwitch(wish));
    if (known && (current === null || now < known.tryAgainAt))
      return sendEntity(req, res, withAge(known), onSwitch(wish));
    const page = await fresh(key, wish, current ?? UNKNOWN);
    if (page.status >= 500 && known) {
      known.tryAgainAt = now + ASK_AGAIN_MS;
      return sendEntity(req, res, withAge(known), onSwitch(wish));
    }
    if (page.status !== 200 || page.until === null) return sendRendered(req, res, page);
    const made: Kept = {
      page: toEntity(page, wish),
      aged: null,
      revision: current ?? UNKNOWN,
      until: Math.min(page.until, now + keepMs),
      tryAgainAt: now,
    };
    kept.set(key, made);
    return sendEntity(req, res, made.page, onSwitch(wish));
  }

  return { serve };
}

async function askRevision(upheld: SiteContext): Promise<number> {
  return upheld.revision();
}

function toEntity(page: Rendered, { language }: PageWish): Entity {
  const headers = { 'cache-control': SHARED, vary: VARY, 'content-language': language };
  return entity(page.body, { ...withoutLength(page.headers), ...headers });
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
    ...withoutLength(headers),
    'content-length': body.length,
  });
  if (req.method === 'HEAD') res.end();
  else res.end(body);
}

function withoutLength(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  const { 'content-length': _length, ...rest } = headers;
  return rest;
}

interface Keeper {
  get(key: string): Kept | undefined;
  set(key: string, value: Kept): void;
}

/** Keeps what was used last, up to a number of bytes. */
function keeper(maxBytes: number): Keeper {
  const pages = new Map<string, Kept>();
  let bytes = 0;
  const drop = (key: string): void => {
    const old = pages.get(key);
    if (!old) return;
    bytes -= sizeOf(old.page);
    pages.delete(key);
  };
  return {
    get(key) {
      const found = pages.get(key);
      if (found) {
        pages.delete(key);
        pages.set(key, found);
      }
      return found;
    },
    set(key, value) {
      drop(key);
      bytes += sizeOf(value.page);
      pages.set(key, value);
      for (const oldest of pages.keys()) {
        if (bytes <= maxBytes || oldest === key) break;
        drop(oldest);
      }
    },
  };
}
