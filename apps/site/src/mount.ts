import { DomainError } from '@upheld/domain/errors.ts';
import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { chooseLanguage, languageCookie } from './serve/language.ts';
import { visitorAddress } from './serve/origin.ts';
import { pageCache, sendRendered, type KeepablePage, type PageCache } from './serve/page-cache.ts';
import { plainGet, render, type BuiltSite, type SiteLocals } from './serve/render.ts';
import { readStaticFiles, sendStaticFile } from './serve/static-files.ts';
import type { SiteContext } from './site-context.ts';

/** Answers every request of the public site; its errors end in an answer and in the log. */
export type Site = (
  req: IncomingMessage,
  res: ServerResponse,
  locals: { upheld: SiteContext },
) => void;

/** Pages that are the same for everyone who reads one language, and depend on their path alone. */
const SHARED_PAGE = /^\/($|pages\/|incidents\/|maintenances\/|history\/)/;

/**
 * Loads what `npm run build` made of the site. Throws DomainError('unavailable') when nothing is built.
 */
export async function loadSite(
  dist: URL = new URL('../dist/', import.meta.url),
): Promise<Site> {
  const entry = new URL('server/entry.mjs', dist);
  if (!existsSync(entry))
    throw new DomainError('unavailable', 'the site is not built yet; run: npm run build');
  const [{ handler }, files] = await Promise.all([
    import(entry.href) as Promise<{ handler: BuiltSite }>,
    readStaticFiles(fileURLToPath(new URL('client/', dist))),
  ]);
  const caches = new WeakMap<SiteContext, PageCache>();
  const cacheOf = (upheld: SiteContext): PageCache => {
    const known = caches.get(upheld);
    if (known) return known;
    const made = pageCache({ upheld, render: (path, lang) => keepable(handler, path, lang, upheld) });
    caches.set(upheld, made);
    return made;
  };

  const answer = async (
    req: IncomingMessage,
    res: ServerResponse,
    upheld: SiteContext,
  ): Promise<void> => {
    const { path, query } = addressOf(req.url ?? '/');
    if (path === null) return sendText(res, 404, 'There is no such page.\n');
    const reading = req.method === 'GET' || req.method === 'HEAD';
    if (!reading && req.method !== 'POST')
      return sendText(res, 405, 'This address is read or posted to.\n', { allow: 'GET, HEAD, POST' });
    const file = reading ? sendStaticFile(files, req, res, path) : null;
    if (file) return file;
    if (reading && path.length > 1 && path.endsWith('/'))
      return sendText(res, 308, '', { location: path.replace(/\/+$/, '') + query });
    const choice = chooseLanguage(
      {
        query: query === '' ? null : new URLSearchParams(query).get('lang'),
        cookie: req.headers.cookie,
        acceptLanguage: req.headers['accept-language'],
      },
      upheld.defaultLanguage,
    );
    if (reading && SHARED_PAGE.test(path)) return cacheOf(upheld).serve(req, res, { path, ...choice });
    const page = await render(handler, req, localsOf(req, upheld, choice.language));
    if (choice.switched) page.headers['set-cookie'] = languageCookie(choice.language);
    sendRendered(req, res, page);
  };

  return (req, res, { upheld }) => {
    answer(req, res, upheld).catch((error: unknown) => {
      upheld.log.error({ error, path: req.url?.split('?')[0] }, 'a page could not be answered');
      if (res.headersSent) res.destroy();
      else sendText(res, 500, 'Something went wrong on our side. Please try again.\n');
    });
  };
}

async function keepable(
  handler: BuiltSite,
  path: string,
  language: SiteLocals['language'],
  upheld: SiteContext,
): Promise<KeepablePage> {
  const locals: SiteLocals = { upheld, language, visitor: 'everyone', keep: { until: null } };
  const page = await render(handler, plainGet(path), locals);
  return { ...page, until: locals.keep.until };
}

function localsOf(
  req: IncomingMessage,
  upheld: SiteContext,
  language: SiteLocals['language'],
): SiteLocals {
  const forwarded = req.headers['x-forwarded-for'];
  const visitor = visitorAddress(
    {
      forwardedFor: Array.isArray(forwarded) ? forwarded.join(',') : forwarded,
      remote: req.socket.remoteAddress,
    },
    upheld.trustProxy,
  );
  return { upheld, language, visitor, keep: { until: null } };
}

/** Path and query of a request target; a path that a browser could take for another host is none. */
function addressOf(target: string): { path: string | null; query: string } {
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? '' : target.slice(mark);
  return { path: /^\/(?!\/)[^\\]*$/.test(path) ? path : null, query };
}

function sendText(
  res: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  res.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    ...headers,
  });
  res.end(text);
}
