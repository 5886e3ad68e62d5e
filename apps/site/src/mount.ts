import { DomainError } from '@upheld/domain/errors.ts';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { sendEntity } from './serve/entity.ts';
import { chooseLanguage, languageCookie, type LanguageChoice } from './serve/language.ts';
import { visitorAddress } from './serve/origin.ts';
import { pageCache, sendRendered, type KeepablePage, type PageCache } from './serve/page-cache.ts';
import { plainGet, render, type BuiltSite, type SiteLocals } from './serve/render.ts';
import { readStaticFiles } from './serve/static-files.ts';
import type { SiteContext } from './site-context.ts';
import { worksheetQuery } from './view/worksheet-query.ts';

/** Answers every request of the public site; its errors end in an answer and in the log. */
export type Site = (
  req: IncomingMessage,
  res: ServerResponse,
  locals: { upheld: SiteContext },
) => void;

/** Pages that are the same for everyone who reads one language, and depend on their path alone. */
const SHARED_PAGE = /^\/($|(pages|incidents|maintenances|history)\/|subscribe(\/sent|\/code)?$)/;

/** These depend on what is asked for as well. */
const WORKSHEET = /^\/components\/[^/]+\/availability$/;

const CONSOLE = /^\/console(\/|$)/;

/** Finds out who has signed in. Gives the cookies to send with the answer. */
async function recognise(locals: SiteLocals): Promise<string[]> {
  const { person, pending, cookies } = await locals.upheld.personOf(locals.visit);
  locals.person = person;
  locals.pending = pending;
  return [...cookies];
}

/** Before those of the page itself: what it says of a cookie is said last, and holds. */
function addCookies(headers: OutgoingHttpHeaders, cookies: readonly string[]): void {
  const own = headers['set-cookie'] ?? [];
  if (cookies.length > 0)
    headers['set-cookie'] = [...cookies, ...(Array.isArray(own) ? own : [own])];
}

/** The address of a page that is the same for everyone, without what it does not depend on; null for others. */
function sharedTarget(path: string, query: string): string | null {
  if (SHARED_PAGE.test(path)) return path;
  if (!WORKSHEET.test(path)) return null;
  const asked = new URLSearchParams(worksheetQuery(new URLSearchParams(query))).toString();
  return asked === '' ? path : `${path}?${asked}`;
}

const DIST = new URL('../dist/', import.meta.url);

/**
 * Loads what `npm run build` made of the site, and each page when it is first asked for. Throws
 * DomainError('unavailable') when nothing is built.
 */
export async function loadSite(dist: URL = DIST): Promise<Site> {
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
    const made = pageCache({
      upheld,
      render: (path, lang) => keepable(handler, path, lang, upheld),
    });
    caches.set(upheld, made);
    return made;
  };

  const answer = async (
    req: IncomingMessage,
    res: ServerResponse,
    upheld: SiteContext,
  ): Promise<void> => {
    const { path, query } = addressOf(req.url ?? '/');
    const refusal = refuseHost(req) ?? refuse(req.method, path, query) ?? refuseLength(req, path);
    if (refusal) {
      sendText(res, refusal);
      return;
    }
    const reading = req.method !== 'POST';
    const file = files.get(path);
    if (reading && file) return sendEntity(req, res, file);
    const choice = languageOf(req, query, upheld);
    const shared = reading ? sharedTarget(path, query) : null;
    if (shared !== null) return cacheOf(upheld).serve(req, res, { path: shared, ...choice });
    const locals = localsOf(req, upheld, choice.language);
    const cookies = CONSOLE.test(path) ? await recognise(locals) : [];
    if (choice.switched) cookies.push(languageCookie(choice.language));
    const page = await render(handler, req, locals);
    addCookies(page.headers, cookies);
    sendRendered(req, res, page);
  };

  return (req, res, { upheld }) => {
    answer(req, res, upheld).catch((error: unknown) => {
      upheld.log.error({ error, path: req.url?.split('?')[0] }, 'a page could not be answered');
      if (res.headersSent) res.destroy();
      else sendText(res, { status: 500, text: 'Something went wrong on our side. Try again.\n' });
    });
  };
}

/**
 * Node looks for the file of a module whenever it is imported again, also of one that it has: of those that
 * are loaded, it is told that it need not.
 */
function keepFound(server: URL, loaded: ReadonlySet<string>): void {
  registerHooks({
    resolve(specifier, context, next) {
      const { parentURL: from } = context;
      const url = from?.startsWith(server.href) ? URL.parse(specifier, from)?.href : undefined;
      if (url === undefined || !loaded.has(url)) return next(specifier, context);
      return { url, format: 'module', shortCircuit: true };
    },
  });
}

/**
 * Loads every page, so that a new build beside a running process does not take away those that nobody has
 * looked at yet. One after the other: it is for a process that is at work, and holds up no check.
 */
export async function loadEveryPage(dist: URL = DIST): Promise<void> {
  const server = new URL('server/', dist);
  const loaded = new Set<string>();
  keepFound(server, loaded);
  for (const file of await readdir(server, { recursive: true })) {
    if (!file.endsWith('.mjs')) continue;
    const { href } = new URL(file, server);
    await import(href);
    loaded.add(href);
  }
}

async function keepable(
  handler: BuiltSite,
  path: string,
  language: SiteLocals['language'],
  upheld: SiteContext,
): Promise<KeepablePage> {
  const locals: SiteLocals = {
    upheld,
    language,
    visitor: 'everyone',
    person: null,
    pending: null,
    visit: { address: 'everyone' },
    keep: { until: null },
  };
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
  return {
    upheld,
    language,
    visitor,
    person: null,
    pending: null,
    visit: {
      cookie: req.headers.cookie,
      address: visitor,
      userAgent: req.headers['user-agent'],
    },
    keep: { until: null },
  };
}

function languageOf(req: IncomingMessage, query: string, upheld: SiteContext): LanguageChoice {
  return chooseLanguage(
    {
      query: query === '' ? null : new URLSearchParams(query).get('lang'),
      cookie: req.headers.cookie,
      acceptLanguage: req.headers['accept-language'],
    },
    upheld.defaultLanguage,
  );
}

function addressOf(target: string): { path: string; query: string } {
  const mark = target.indexOf('?');
  return mark < 0
    ? { path: target, query: '' }
    : { path: target.slice(0, mark), query: target.slice(mark) };
}

interface PlainAnswer {
  status: number;
  text: string;
  headers?: Readonly<Record<string, string>>;
}

/** What is answered before any page is looked for; null when a page may be. */
function refuse(method: string | undefined, path: string, query: string): PlainAnswer | null {
  // A browser takes // and /\ for the beginning of another host.
  if (!/^\/(?!\/)[^\\]*$/.test(path)) return { status: 404, text: 'There is no such page.\n' };
  // No id has it, and PostgreSQL cannot even be asked for one that does.
  if (`${path}${query}`.includes('%00')) return { status: 400, text: 'This is no address.\n' };
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST')
    return {
      status: 405,
      text: 'This address is read or posted to.\n',
      headers: { allow: 'GET, HEAD, POST' },
    };
  if (path.length > 1 && path.endsWith('/') && method !== 'POST')
    return { status: 308, text: '', headers: { location: path.replace(/\/+$/, '') + query } };
  return null;
}

/** A Host that is none (RFC 9112, section 3.2). */
function refuseHost({ headers: { host = '' } }: IncomingMessage): PlainAnswer | null {
  return /^[\w.:[\]-]*$/.test(host) ? null : { status: 400, text: 'This is no host.\n' };
}

/** The largest form that everyone may send is a choice of components. */
const PUBLIC_FORM_BYTES = 64 * 1024;

/** A body that is no form of a public page; nothing of it is read. */
function refuseLength({ headers }: IncomingMessage, path: string): PlainAnswer | null {
  const bytes = Number(headers['content-length'] ?? 0);
  if (bytes <= PUBLIC_FORM_BYTES || CONSOLE.test(path)) return null;
  return { status: 413, text: 'This is too long for a form.\n', headers: { connection: 'close' } };
}

function sendText(res: ServerResponse, { status, text, headers }: PlainAnswer): void {
  res.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    ...headers,
  });
  res.end(text);
}
