import { roleMay } from '@upheld/domain/access/permissions.ts';
import type { APIContext } from 'astro';
import { defineMiddleware } from 'astro:middleware';
import { ruleOf } from './console/routes.ts';
import { SECURITY_HEADERS, transportSecurity } from './serve/headers.ts';
import { isOwnPost } from './serve/origin.ts';

/** RFC 8058: a mail server posts here for its user; the page itself tells such a post from others. */
const ONE_CLICK = '/unsubscribe';

const FOREIGN_FORM = 'This form was sent from another site.\n';

/** Refuses forms of other sites, turns what is thrown into the error page, and sets the headers. */
export const onRequest = defineMiddleware(async (context, next) => {
  const { request, url, locals } = context;
  const { upheld } = locals;
  let response: Response;
  if (
    request.method === 'POST' &&
    url.pathname !== ONE_CLICK &&
    !isOwnPost(request.headers, upheld.publicUrl)
  )
    response = new Response(FOREIGN_FORM, {
      status: 403,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    });
  else
    try {
      response = mayOpen(context) ? await next() : new Response(null, { status: 404 });
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
  }))
    response.headers.set(name, value);
  return response;
});

/** Whether the visitor may open the page: everyone a public one, and one of the console by its rule. */
function mayOpen({ routePattern, request, locals }: APIContext): boolean {
  if (!/^\/console(\/|$)/.test(routePattern)) return true;
  const rule = ruleOf(routePattern, request.method);
  if (rule === null) return false;
  if (rule === 'anyone') return true;
  if (locals.person === null) return false;
  return rule === 'signed-in' || roleMay(locals.person.role, rule);
}
