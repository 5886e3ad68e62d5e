import { roleMay } from '@upheld/domain/access/permissions.ts';
import type { APIContext } from 'astro';
import { defineMiddleware } from 'astro:middleware';
import { keptFields } from './console/kept-fields.ts';
import { ownPath } from './console/own-path.ts';
import { ruleOf } from './console/routes.ts';
import { consolePolicy, SECURITY_HEADERS, transportSecurity } from './serve/headers.ts';
import { isFromOwnForm, isOwnPost } from './serve/origin.ts';

/** RFC 8058: a mail server posts here for its user; the page itself tells such a post from others. */
const ONE_CLICK = '/unsubscribe';

/** Its forms hold passwords, which are shown to nobody again. */
const OWN_SECRETS = '/console/security';

/** No page has this path, so that the one for those that are not there answers. */
const NOT_THERE = '/console/not-there';

/** Where a second factor is shown before what makes new power is done. */
const CONFIRM = '/console/confirm';

const FOREIGN_FORM = 'This form was sent from another site.\n';

/** Refuses forms of other sites, turns what is thrown into the error page, and sets the headers. */
export const onRequest = defineMiddleware(async (context, next) => {
  const { locals, routePattern, url } = context;
  const { upheld } = locals;
  const inConsole = isConsole(routePattern);
  let response: Response;
  if (isForeignPost(context, inConsole))
    response = new Response(FOREIGN_FORM, {
      status: 403,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    });
  // Endpoints that Astro brings, such as the one that fetches images; no page of ours uses them.
  else if (routePattern.startsWith('/_')) response = new Response(null, { status: 404 });
  else
    try {
      response = inConsole ? await enterConsole(context, next) : await next();
    } catch (error) {
      upheld.log.error({ error, path: url.pathname }, 'a page could not be rendered');
      // Without a body Astro answers with src/pages/500.astro.
      response = new Response(null, { status: 500 });
    }
  if (response.headers.get('content-type') === 'text/html')
    response.headers.set('content-type', 'text/html; charset=utf-8');
  for (const [name, value] of Object.entries({
    ...SECURITY_HEADERS,
    ...transportSecurity(upheld.publicUrl),
    ...(inConsole ? consolePolicy(routePattern) : {}),
  }))
    response.headers.set(name, value);
  return response;
});

function isConsole(path: string): boolean {
  return /^\/console(\/|$)/.test(path);
}

function isForeignPost({ request, url, locals }: APIContext, inConsole: boolean): boolean {
  if (request.method !== 'POST' || url.pathname === ONE_CLICK) return false;
  const { publicUrl } = locals.upheld;
  return inConsole
    ? !isFromOwnForm(request.headers, publicUrl)
    : !isOwnPost(request.headers, publicUrl);
}

/** Opens a page of the console to whom its rule lets in, and says to others what they can do. */
async function enterConsole(
  context: APIContext,
  next: (page?: string) => Promise<Response>,
): Promise<Response> {
  const { routePattern, request, locals, url } = context;
  const rule = ruleOf(routePattern, request.method);
  if (rule === null) return new Response(null, { status: 404 });
  if (rule === 'anyone') return toConfirm(context, await next());
  const { person } = locals;
  if (person === null)
    return (await unsentForm(context)) ? next('/console/unsent') : toSignIn(context);
  if (rule === 'signed-in' || roleMay(person.role, rule)) {
    const response = await toConfirm(context, await next());
    const missing = response.status === 404 && response.body === null;
    return missing ? context.rewrite(new Request(new URL(NOT_THERE, url))) : response;
  }
  locals.lacking = rule;
  return next('/console/refused');
}

/** The page that asks for the second factor, in the place of an answer that needs it first. */
async function toConfirm(context: APIContext, response: Response): Promise<Response> {
  const { locals, routePattern, url } = context;
  if (!locals.unproven || routePattern === CONFIRM) return response;
  return context.rewrite(new Request(new URL(CONFIRM, url)));
}

/** Sends whoever has not signed in to the next step of it, which leads back here. */
function toSignIn({ request, url, locals }: APIContext): Response {
  const wish = request.method === 'POST' ? url.pathname : url.pathname + url.search;
  const query = wish === '/console' ? '' : `?${new URLSearchParams({ next: wish }).toString()}`;
  const location = `/console/${locals.pending ?? 'sign-in'}${query}`;
  return new Response(null, { status: 303, headers: { location } });
}

/** Keeps a form that came after its session had ended; false where there is none, or one of passwords. */
async function unsentForm({ request, routePattern, url, locals }: APIContext): Promise<boolean> {
  if (request.method !== 'POST' || routePattern === OWN_SECRETS) return false;
  try {
    const data = await request.clone().formData();
    const fields = keptFields(data);
    const to = data.get('proof.to');
    // Who was showing a second factor: what they were about to do is kept, not the code.
    const path =
      routePattern === CONFIRM
        ? ownPath(typeof to === 'string' ? to : null)
        : url.pathname + url.search;
    locals.unsent = { path, fields };
    return fields.length > 0;
  } catch {
    return false;
  }
}
