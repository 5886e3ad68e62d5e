import type { OpenAPIHono, z } from '@hono/zod-openapi';
import type { ApiEnv, ProductContext } from './env.ts';
import { KEY_PARAMETER, takesKey } from './idempotency.ts';
import { ruleOf } from './permissions.ts';
import { problemOf, problemSchema, PROBLEM_TYPE, type ProblemKind } from './problem.ts';

const SCHEME = 'token';

/** On every route behind the guard. */
export const TOKEN = [{ [SCHEME]: [] }];

type Schemas = Readonly<Record<number, z.ZodType>>;

interface JsonAnswer<S extends z.ZodType> {
  description: string;
  content: { 'application/json': { schema: S } };
}

type Answers<T extends Schemas> = {
  [Status in keyof T]: T[Status] extends z.ZodType ? JsonAnswer<T[Status]> : never;
};

const WORDS: Readonly<Record<number, string>> = {
  200: 'Done; this is it.',
  201: 'Made; this is it.',
  202: 'Taken on.',
  503: 'Not ready.',
};

/** The answers of a route: what it gives, and the problems that are its own. */
export function answers<const T extends Schemas>(
  schemas: T,
  problems: readonly ProblemKind[],
): Answers<T> {
  const own = Object.entries(schemas).map(([status, schema]) => [
    status,
    {
      description: WORDS[Number(status)] ?? 'An answer.',
      content: { 'application/json': { schema } },
    },
  ]);
  // The problems are documented but not typed: a handler throws them.
  return Object.fromEntries([...problems.map(refusal), ...own]) as Answers<T>;
}

/** The same for a route that gives a file, by default of text. */
export function textAnswer(
  type: string,
  problems: readonly ProblemKind[],
  schema: { type: 'string' | 'object' } = { type: 'string' },
): Record<string, { description: string; content?: object }> {
  const content = { [type]: { schema } };
  return {
    ...Object.fromEntries(problems.map(refusal)),
    200: { description: 'Done; this is it.', content },
  };
}

function refusal(kind: ProblemKind): [string, object] {
  const { status, title } = problemOf(kind);
  const content = { [PROBLEM_TYPE]: { schema: problemSchema } };
  return [String(status), { description: title, content }];
}

/** A body that has to be there. */
export function jsonBody<S extends z.ZodType>(schema: S) {
  return { required: true, content: { 'application/json': { schema } } };
}

/** The OpenAPI 3.1 document of what is mounted on the app. */
export function openApiDocument(
  app: OpenAPIHono<ApiEnv>,
  ctx: ProductContext,
  version: string,
): OpenApiDocument {
  const { organisation, server } = ctx.config();
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: `Status of ${organisation.name}`,
      version,
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
      description: [
        'Reading what is public is open to everyone. What writes needs a token:',
        '`upheld token create` makes one; send it as `Authorization: Bearer upheld_…`.',
        'Moments are ISO 8601 with an offset, on whole seconds where they are given in.',
        'Whatever goes wrong is told as problem details (RFC 9457).',
      ].join(' '),
    },
    servers: [{ url: server.url.replace(/\/+$/, '') }],
  });
  addCommonProblems(document);
  return document;
}

export type OpenApiDocument = ReturnType<OpenAPIHono<ApiEnv>['getOpenAPI31Document']>;

const EVERYWHERE: readonly ProblemKind[] = ['internal'];
const GUARDED: readonly ProblemKind[] = ['unauthorised', 'forbidden', 'too-many-requests'];
const WITH_BODY: readonly ProblemKind[] = ['bad-request', 'too-large', 'not-json', 'invalid-input'];
const IN_ADDRESS: readonly ProblemKind[] = ['bad-request'];
const KEYED: readonly ProblemKind[] = ['in-flight', 'key-reused'];
const VERSIONED: readonly ProblemKind[] = ['changed-meanwhile', 'invalid-input'];

type Operation = NonNullable<NonNullable<OpenApiDocument['paths']>[string]['get']>;

/** What any route may answer with: written once, pointed at from everywhere. */
function addCommonProblems(document: OpenApiDocument): void {
  const used = [...EVERYWHERE, ...GUARDED, ...WITH_BODY, ...KEYED, ...VERSIONED];
  const schema = { $ref: '#/components/schemas/Problem' };
  document.components = {
    ...document.components,
    securitySchemes: { [SCHEME]: { type: 'http', scheme: 'bearer', bearerFormat: 'upheld_…' } },
    responses: Object.fromEntries(
      used.map((kind) => [
        kind,
        { description: problemOf(kind).title, content: { [PROBLEM_TYPE]: { schema } } },
      ]),
    ),
  };
  for (const [path, item] of Object.entries(document.paths ?? {}))
    for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
      const operation = item[method];
      if (operation) complete(operation, method.toUpperCase(), path);
    }
}

function complete(operation: Operation, method: string, path: string): void {
  const rule = operation.security === undefined ? null : (ruleOf(`${method} ${path}`) ?? 'nobody');
  // OpenAPI 3.1 has room for what a bearer token must be allowed to do.
  if (rule !== null) operation.security = [{ [SCHEME]: [rule] }];
  const takes = takesKey(method, rule !== null);
  const parameters = [...(operation.parameters ?? []), ...(takes ? [KEY_PARAMETER] : [])];
  if (parameters.length > 0) operation.parameters = parameters;
  const kinds = [
    ...EVERYWHERE,
    ...(rule === null ? [] : GUARDED),
    ...(parameters.length > 0 ? IN_ADDRESS : []),
    ...(operation.requestBody ? WITH_BODY : []),
    ...(takes ? KEYED : []),
    ...(hasIfMatch(parameters) ? VERSIONED : []),
  ];
  operation.responses = withProblems(operation.responses, kinds);
}

function withProblems(
  known: object | undefined,
  kinds: readonly ProblemKind[],
): NonNullable<Operation['responses']> {
  const responses: Partial<Record<string, object>> = { ...known };
  for (const kind of kinds)
    responses[problemOf(kind).status] ??= { $ref: `#/components/responses/${kind}` };
  return responses;
}

function hasIfMatch(parameters: readonly object[]): boolean {
  return parameters.some((one) => 'name' in one && one.name === 'if-match');
}
