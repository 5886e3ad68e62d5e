/** The parts of a request that tell which site a form was sent from. */
export interface PostedFrom {
  fetchSite: string | undefined;
  origin: string | undefined;
  host: string | undefined;
}

/**
 * Whether a POST comes from a page of ours (or from no page at all, as a mail server's does). Browsers
 * say it in Sec-Fetch-Site, and over plain HTTP only in Origin. Origin is held against the Host and
 * against the public address, because a proxy may change the Host.
 */
export function isFromOwnPage(request: PostedFrom, publicUrl: string): boolean {
  const { fetchSite, origin, host } = request;
  if (fetchSite !== undefined) return fetchSite === 'same-origin' || fetchSite === 'none';
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const sender = new URL(origin);
  return sender.host === host?.toLowerCase() || sender.origin === new URL(publicUrl).origin;
}

/** The same for the headers of a request as a page gets them. */
export function isOwnPost(headers: Headers, publicUrl: string): boolean {
  return isFromOwnPage(postedFrom(headers), publicUrl);
}

/**
 * Whether a POST comes from a form of ours, in a browser that says so: what the console asks for. A
 * request that says nothing of where it comes from is refused; the API is there for programs.
 */
export function isFromOwnForm(headers: Headers, publicUrl: string): boolean {
  const from = postedFrom(headers);
  if (from.fetchSite === undefined && from.origin === undefined) return false;
  return from.fetchSite !== 'none' && isFromOwnPage(from, publicUrl);
}

function postedFrom(headers: Headers): PostedFrom {
  return {
    fetchSite: headers.get('sec-fetch-site') ?? undefined,
    origin: headers.get('origin') ?? undefined,
    host: headers.get('host') ?? undefined,
  };
}

/**
 * The address of the visitor. Behind a proxy of the operator that is the last entry of
 * X-Forwarded-For, the one that this proxy wrote; the entries before it are the visitor's own words.
 */
export function visitorAddress(
  request: { forwardedFor: string | undefined; remote: string | undefined },
  trustProxy: boolean,
): string {
  const forwarded = trustProxy ? request.forwardedFor?.split(',').at(-1)?.trim() : undefined;
  return (forwarded ?? '') || (request.remote ?? 'unknown');
}
