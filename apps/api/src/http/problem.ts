import { DomainError, type ErrorCode, type Fault } from '@upheld/domain/errors.ts';
import { z } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import type { ApiContext, ProductContext } from './env.ts';
import { VersionConflict } from '@upheld/services/version.ts';
import { whereBroken } from './broken-json.ts';
import { TooManyRequests } from './limits.ts';

/** Every kind of problem that this API answers with: its status and what it is called. */
const PROBLEMS = {
  'bad-request': [
    400,
    'The request cannot be read',
    'The body is no JSON, or the address has faults.',
  ],
  unauthorised: [
    401,
    'A token is needed',
    'Send one, or a new one: this one is unknown or revoked.',
  ],
  forbidden: [403, 'Not allowed', 'The token is good, but not for this.'],
  'not-found': [404, 'Not found', 'Nothing is at this address, or nothing has this id.'],
  'method-not-allowed': [405, 'This method is not known here', 'Allow names those that are.'],
  conflict: [409, 'Conflict with the present state', 'Read it again: it is not what it was.'],
  'in-flight': [409, 'The first request with this key is being answered', 'Ask again in a moment.'],
  'changed-meanwhile': [
    412,
    'Somebody changed it meanwhile',
    'Read it again, and send the ETag that it has now.',
  ],
  'too-large': [413, 'The request is too large', 'Send less.'],
  'not-json': [415, 'The request must be JSON', 'Say so with Content-Type: application/json.'],
  'invalid-input': [422, 'The input has faults', 'Mend each of the faults, at its path.'],
  'key-reused': [
    422,
    'The Idempotency-Key was used for another request',
    'Make a key for every request, and keep it only to repeat that one.',
  ],
  'too-many-requests': [429, 'Too many requests', 'Wait as long as Retry-After says.'],
  internal: [500, 'Something went wrong here', 'Tell us of it, with the request id.'],
  unavailable: [503, 'Not available now', 'Try again after what Retry-After says.'],
} as const satisfies Record<ErrorCode | (string & {}), readonly [number, string, string]>;

export type ProblemKind = keyof typeof PROBLEMS;
export const PROBLEM_KINDS = Object.keys(PROBLEMS) as readonly ProblemKind[];

/** The status of a kind of problem, what it is called and what helps. */
export function problemOf(kind: ProblemKind): {
  status: (typeof PROBLEMS)[ProblemKind][0];
  title: string;
  remedy: string;
} {
  const [status, title, remedy] = PROBLEMS[kind];
  return { status, title, remedy };
}

/** The largest body that is read, in bytes. */
export const LARGEST_BODY = 64 * 1024;

export const PROBLEM_TYPE = 'application/problem+json';

export const problemSchema = z
  .strictObject({
    type: z.string().meta({ description: 'An address that names the kind of problem.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What is wrong here, and what would be right.' }),
    faults: z
      .array(z.strictObject({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'Each fault of the input, with the place where it stands.' }),
    requestId: z.string().meta({ description: 'Names this request in the log of the server.' }),
  })
  .openapi('Problem', { description: 'RFC 9457 problem details.' });

interface ProblemInput {
  detail: string;
  faults?: readonly Fault[];
  headers?: Readonly<Record<string, string>>;
}

/** An answer of RFC 9457. It is never stored by a cache. */
export function problem(
  ctx: ProductContext,
  c: ApiContext,
  kind: ProblemKind,
  { detail, faults = [], headers = {} }: ProblemInput,
): Response {
  const { status, title } = problemOf(kind);
  const body: z.infer<typeof problemSchema> = {
    type: problemType(ctx, kind),
    title,
    status,
    detail,
    ...(faults.length > 0
      ? { faults: faults.map(({ path, message }) => ({ path, message })) }
      : {}),
    requestId: c.get('requestId'),
  };
  return c.body(JSON.stringify(body), status, {
    'content-type': PROBLEM_TYPE,
    'cache-control': 'no-store',
    ...headers,
  });
}

/** The address that names a kind of problem; it leads to its explanation on the API's own page. */
export function problemType(ctx: ProductContext, kind: ProblemKind): string {
  return new URL(`/api#${kind}`, ctx.config().server.url).href;
}

/** Turns whatever a handler threw into a problem; what is not expected is logged and not shown. */
export function onError(ctx: ProductContext) {
  return async (error: Error, c: ApiContext): Promise<Response> => {
    if (error instanceof VersionConflict && c.req.header('if-match') !== undefined)
      return problem(ctx, c, 'changed-meanwhile', { detail: error.message });
    if (error instanceof DomainError)
      return problem(ctx, c, error.code, {
        detail: error.message,
        faults: error.faults,
        headers: headersOf(error),
      });
    if (error instanceof HTTPException && error.status === 400)
      return problem(ctx, c, 'bad-request', {
        detail: `the body is no valid JSON: ${whereBroken(await c.req.text())}`,
      });
    if (error instanceof HTTPException && error.status === 413)
      return problem(ctx, c, 'too-large', { detail: `a body has at most ${LARGEST_BODY} bytes` });
    ctx.log.error(
      { error, requestId: c.get('requestId'), method: c.req.method, path: c.req.path },
      'a request failed',
    );
    return problem(ctx, c, 'internal', {
      detail: 'the server could not answer this; its log tells more under the request id',
    });
  };
}

function headersOf(error: DomainError): Readonly<Record<string, string>> {
  if (error instanceof TooManyRequests) return { 'retry-after': String(error.retryAfterSeconds) };
  return error.code === 'unavailable' ? { 'retry-after': '10' } : {};
}
