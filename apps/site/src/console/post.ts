import { DomainError, type ErrorCode, type Fault } from '@upheld/domain/errors.ts';
import type { Actor } from '@upheld/services/context.ts';
import type { APIContext } from 'astro';
import { readForm } from '../view/forms.ts';
import { fieldOf, forms, posted, type Forms, type Posted } from './forms.ts';
import { actorOf, visitorAt } from './signed-in.ts';

/** What a verb of a page came to: where to go, or what to show in this answer and never again. */
export type Done<T> =
  | { kind: 'done'; to: string | null; said: string | null; cookies: readonly string[] }
  | { kind: 'shown'; value: T; cookies: readonly string[] };

/** One verb of a page. */
export type PageVerb<T> = (form: Posted, actor: Actor) => Promise<Done<T>>;

interface Page {
  request: Request;
  url: URL;
  locals: Pick<APIContext['locals'], 'person' | 'visitor'>;
  response: ResponseInit & { readonly headers: Headers };
}

/**
 * It is done: show the page again, or the page at `to` (an own path), with `?said=<said>`, for which a
 * Said component on that page has the words.
 */
export function done(
  said: string | null,
  { to = null, cookies = [] }: { to?: string | null; cookies?: readonly string[] } = {},
): Done<never> {
  return { kind: 'done', to, said, cookies };
}

/** It is done, and this is to be seen once: rendered by this very answer, as `forms.shown`. */
export function shown<T>(value: T, cookies: readonly string[] = []): Done<T> {
  return { kind: 'shown', value, cookies };
}

/** Stops a verb with one line for whoever filled in the form, at a field where there is one. */
export function refuse(message: string, field?: string, code: ErrorCode = 'invalid-input'): never {
  throw new DomainError(code, message, field === undefined ? [] : [{ path: field, message }]);
}

const STATUS: Readonly<Record<ErrorCode, number>> = {
  'invalid-input': 422,
  'not-found': 404,
  conflict: 409,
  unauthorised: 401,
  forbidden: 403,
  'too-many-requests': 429,
  unavailable: 503,
};

/**
 * What a page of the console does first: runs the verb of the form that was posted (its field `do`; the
 * only one where a page has one), and gives the forms to show, or the answer to return. What the caller
 * can mend is shown at its fields, with what was typed; `fields` maps paths of faults to field names.
 */
export async function handle<T = never>(
  page: Page,
  verbs: Readonly<Record<string, PageVerb<T>>>,
  fields: Readonly<Record<string, string>> = {},
): Promise<Response | Forms<T>> {
  if (page.request.method !== 'POST') return forms<T>(null, null);
  const data = await readForm(page.request);
  const verb = data && verbOf(data, Object.keys(verbs));
  const run = verb === null ? undefined : verbs[verb];
  if (data === null || verb === null || !run) return new Response(null, { status: 400 });
  try {
    const answer = await run(posted(data), whoeverPosts(page));
    if (answer.kind === 'done') return redirect(page.url, answer);
    for (const cookie of answer.cookies) page.response.headers.append('set-cookie', cookie);
    return forms<T>(null, answer.value);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    page.response.status = STATUS[error.code];
    const faults = renamed(error.faults, fields);
    return forms<T>({ verb, data, message: error.message, faults }, null);
  }
}

function whoeverPosts({ locals: { person, visitor } }: Page): Actor {
  return person ? actorOf(person, visitor) : visitorAt(visitor);
}

function renamed(faults: readonly Fault[], fields: Readonly<Record<string, string>>): Fault[] {
  return faults.map((fault) => ({
    ...fault,
    path: fields[fault.path] ?? fields[fieldOf(fault.path)] ?? fault.path,
  }));
}

function verbOf(data: FormData, names: readonly string[]): string | null {
  const asked = data.get('do');
  if (asked === null && names.length === 1) return names[0] ?? null;
  return names.find((name) => name === asked) ?? null;
}

function redirect(
  url: URL,
  { to, said, cookies }: { to: string | null; said: string | null; cookies: readonly string[] },
): Response {
  const target = new URL(to ?? url.pathname, url);
  if (said !== null) target.searchParams.set('said', said);
  const headers = new Headers({ location: target.pathname + target.search + target.hash });
  for (const cookie of cookies) headers.append('set-cookie', cookie);
  return new Response(null, { status: 303, headers });
}
