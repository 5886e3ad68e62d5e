import { DomainError, type ErrorCode, type Fault } from '@upheld/domain/errors.ts';
import { ProofNeeded } from '@upheld/services/account/proof.ts';
import type { Actor } from '@upheld/services/context.ts';
import type { APIContext } from 'astro';
import { readForm } from '../view/forms.ts';
import { fieldOf, forms, posted, type Forms, type Posted } from './forms.ts';
import { keptFields, type KeptField } from './kept-fields.ts';
import { actorOf, visitorAt } from './signed-in.ts';

/** What a verb of a page came to: where to go, or what to show in this answer and never again. */
export type Done<T> =
  | {
      kind: 'done';
      to: string | null;
      said: string | null;
      cookies: readonly string[];
      resend: boolean;
    }
  | { kind: 'shown'; value: T; cookies: readonly string[] };

/** One verb of a page. */
export type PageVerb<T> = (form: Posted, actor: Actor) => Promise<Done<T>>;

interface Page {
  request: Request;
  url: URL;
  locals: Pick<APIContext['locals'], 'person' | 'visitor' | 'unproven'>;
  response: ResponseInit & { readonly headers: Headers };
}

/**
 * It is done: show the page again, or the page at `to` (an own path), with `?said=<said>`, for which a
 * Said component on that page has the words. `resend` sends the same form on to that page.
 */
export function done(
  said: string | null,
  {
    to = null,
    cookies = [],
    resend = false,
  }: { to?: string | null; cookies?: readonly string[]; resend?: boolean } = {},
): Done<never> {
  return { kind: 'done', to, said, cookies, resend };
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

interface Options {
  /** The field that names the verb. */
  verbField?: string;
  /** Fields that are never kept for somebody who has to show a second factor first. */
  secrets?: readonly string[];
}

/**
 * What a page of the console does first: runs the verb of the form that was posted (its field `do`; the
 * only one where a page has one), and gives the forms to show, or the answer to return. What the caller
 * can mend is shown at its fields, with what was typed; `fields` maps paths of faults to field names.
 * Where a second factor has to be shown first, the middleware asks for it and keeps the form meanwhile.
 */
export async function handle<T = never>(
  page: Page,
  verbs: Readonly<Record<string, PageVerb<T>>>,
  fields: Readonly<Record<string, string>> = {},
  { verbField = 'do', secrets = [] }: Options = {},
): Promise<Response | Forms<T>> {
  if (page.request.method !== 'POST') return forms<T>(null, null);
  const data = await readForm(page.request);
  const asked = data && verbOf(data, verbField, verbs);
  if (!asked) return new Response(null, { status: 400 });
  const [verb, run] = asked;
  try {
    const answer = await run(posted(data), whoeverPosts(page));
    if (answer.kind === 'done') return redirect(page.url, answer);
    for (const cookie of answer.cookies) page.response.headers.append('set-cookie', cookie);
    return forms<T>(null, answer.value);
  } catch (error) {
    if (error instanceof ProofNeeded) return unproven(page, keptFields(data, secrets));
    return forms<T>({ verb, data, ...refusalOf(page, error, fields) }, null);
  }
}

/** What is wrong, with the status of the answer; throws again what is no answer to the person. */
function refusalOf(
  page: Page,
  error: unknown,
  fields: Readonly<Record<string, string>>,
): { message: string; faults: Fault[] } {
  if (!(error instanceof DomainError)) throw error;
  page.response.status = STATUS[error.code];
  return { message: error.message, faults: renamed(error.faults, fields) };
}

/** Leaves a form to the middleware, which shows the page that asks for a second factor instead. */
function unproven({ url, locals }: Page, fields: readonly KeptField[]): Response {
  locals.unproven = { path: url.pathname + url.search, fields };
  return new Response(null, { status: 401 });
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

function verbOf<T>(
  data: FormData,
  field: string,
  verbs: Readonly<Record<string, PageVerb<T>>>,
): [name: string, run: PageVerb<T>] | null {
  const asked = data.get(field);
  const all = Object.entries(verbs);
  if (asked === null && all.length === 1) return all[0] ?? null;
  return all.find(([name]) => name === asked) ?? null;
}

function redirect(
  url: URL,
  { to, said, cookies, resend }: Extract<Done<never>, { kind: 'done' }>,
): Response {
  const target = new URL(to ?? url.pathname, url);
  if (said !== null) target.searchParams.set('said', said);
  const headers = new Headers({ location: target.pathname + target.search + target.hash });
  for (const cookie of cookies) headers.append('set-cookie', cookie);
  // 307 is the one that every browser sends the same form on for.
  return new Response(null, { status: resend ? 307 : 303, headers });
}
