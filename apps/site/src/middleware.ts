import { defineMiddleware } from 'astro:middleware';
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
      response = await next();
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
