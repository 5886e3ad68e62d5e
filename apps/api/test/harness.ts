import type { Config } from '@upheld/config/schema.ts';
import { PERMISSIONS } from '@upheld/domain/access/permissions.ts';
import type { Database } from '@upheld/db/database.ts';
import type { SubscriptionDesk } from '@upheld/services/subscriber/desk.ts';
import { readHead } from '@upheld/services/audit/head.ts';
import { createToken } from '@upheld/services/token/tokens.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { testSettings } from '@upheld/testkit/settings.ts';
import assert from 'node:assert/strict';
import { createApi } from '../src/app.ts';
import type { ApiDeps } from '../src/deps.ts';
import type { MailDns } from '../src/incoming/mail-dns.ts';
import { conformance, type OpenApiDocument } from './conformance.ts';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON; null where there is none. */
  json: unknown;
}

interface Asking {
  body?: unknown;
  /** By default none. */
  token?: string;
  headers?: Record<string, string>;
  /** The address that the request comes from. */
  from?: string;
}

export interface Harness {
  ctx: TestContext;
  api: ReturnType<typeof createApi>;
  desk: RecordingDesk;
  document: OpenApiDocument;
  /** Asks, and asserts that the answer is one that the OpenAPI document tells of. */
  ask: (method: string, path: string, asking?: Asking) => Promise<Answer>;
  /** The same with a token that is good. */
  as: (method: string, path: string, body?: unknown) => Promise<Answer>;
  token: string;
}

/** The API over a real database, with a clock and a desk that the test controls. */
export async function harness(
  db: Database,
  options: {
    config?: Config;
    deps?: Partial<ApiDeps>;
    /** In the place of the recording one. */
    desk?: (ctx: TestContext) => SubscriptionDesk;
  } = {},
): Promise<Harness> {
  const ctx = testContext(db, options.config ? { config: options.config } : {});
  const desk = recordingDesk();
  const api = createApi(ctx, {
    desk: options.desk?.(ctx) ?? desk,
    mailDns: nothingKnown,
    settings: testSettings(ctx),
    ...options.deps,
  });
  const { token } = await createToken(ctx, { name: 'cli' }, { name: 'tests', scopes: PERMISSIONS });
  const document = (await (await api.request('/api/openapi.json')).json()) as OpenApiDocument;
  const conforms = conformance(document);

  const auditRows = async (): Promise<number> => (await readHead(db.read))?.seq ?? 0;
  const ask = async (method: string, path: string, asking: Asking = {}): Promise<Answer> => {
    const { body, from = '192.0.2.1' } = asking;
    const headers = {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(asking.token === undefined ? {} : { authorization: `Bearer ${asking.token}` }),
      ...asking.headers,
    };
    const sent =
      body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const bindings = { incoming: { socket: { remoteAddress: from } } };
    const known = method === 'GET' ? 0 : await auditRows();
    const response = await api.request(path, { method, headers, ...sent }, bindings);
    const text = await response.text();
    const answer = {
      status: response.status,
      headers: response.headers,
      text,
      json:
        text !== '' && /json/.test(response.headers.get('content-type') ?? '') ? parse(text) : null,
    };
    conforms(method, path, answer);
    if (changesSomething(method, path, answer))
      assert.ok(
        (await auditRows()) > known,
        `${method} ${path} changed something of which the audit log is silent`,
      );
    return answer;
  };
  return {
    ctx,
    api,
    desk,
    document,
    token,
    ask,
    as: (method, path, body) =>
      ask(method, path, { token, ...(body === undefined ? {} : { body }) }),
  };
}

/** Domains that say nothing of who may write in their name: no test asks the network. */
const nothingKnown: MailDns = {
  withinMs: 1000,
  forOne: () => (name) =>
    Promise.reject(Object.assign(new Error(`there is no ${name}`), { code: 'ENOTFOUND' })),
};

/** Whether an answer says that somebody with a token changed something. */
function changesSomething(method: string, path: string, { status, headers }: Answer): boolean {
  const { pathname } = new URL(path, 'http://localhost');
  return (
    !['GET', 'HEAD', 'OPTIONS'].includes(method) &&
    status >= 200 &&
    status < 300 &&
    pathname.startsWith('/api/v1/') &&
    !pathname.startsWith('/api/v1/subscriptions') &&
    !/\/(preview|plan)$/.test(pathname) &&
    headers.get('idempotency-replayed') === null
  );
}

const parse = (text: string): unknown => JSON.parse(text);

export interface RecordingDesk extends SubscriptionDesk {
  asked: { verb: string; input: unknown }[];
  /** What it answers next. */
  answer: Awaited<ReturnType<SubscriptionDesk['confirm']>>;
}

/** A desk that keeps what it is asked. */
function recordingDesk(): RecordingDesk {
  const asked: RecordingDesk['asked'] = [];
  const desk: RecordingDesk = {
    asked,
    answer: { ok: true },
    subscribe: (input) => keep('subscribe', input),
    confirm: (token) => keep('confirm', { token }),
    confirmCode: (input) => keep('confirmCode', input),
    choose: (token, componentIds) => keep('choose', { token, componentIds }),
    unsubscribe: (token) => keep('unsubscribe', { token }),
    look: (token) =>
      Promise.resolve(
        token === 'good'
          ? {
              channel: 'email' as const,
              maskedAddress: 'j…n@example.com',
              confirmed: true,
              language: 'nl' as const,
              componentIds: ['fysioone'],
              reminders: ['24h' as const],
            }
          : null,
      ),
  };
  const keep = (verb: string, input: unknown) => {
    asked.push({ verb, input });
    return Promise.resolve(desk.answer);
  };
  return desk;
}

/** The problem that an answer is; asserts its form. */
export function problemIn(answer: Answer): {
  status: number;
  title: string;
  detail: string;
  faults?: { path: string; message: string }[];
  requestId: string;
  type: string;
} {
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  const problem = answer.json as ReturnType<typeof problemIn>;
  assert.equal(problem.status, answer.status);
  assert.notEqual(problem.requestId, '');
  return problem;
}
