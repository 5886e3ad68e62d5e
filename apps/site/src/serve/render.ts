import type { Pending, SignedIn, Visit } from '@upheld/services/account/desk.ts';
import type { Permission } from '@upheld/domain/access/permissions.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Language } from '@upheld/domain/text.ts';
import type { OutgoingHttpHeaders } from 'node:http';
import { Writable } from 'node:stream';
import type { SiteContext } from '../site-context.ts';

/** What every page finds in `Astro.locals`. */
export interface SiteLocals {
  upheld: SiteContext;
  language: Language;
  /** The visitor's address, for limits on what one visitor may ask. */
  visitor: string;
  /** Who has signed in to the console; null on public pages and for everyone else. */
  person: SignedIn | null;
  /** What is left to do for who has entered a password and no second factor. */
  pending: Pending | null;
  /** What the person may not do, on the page that says so. */
  lacking?: Permission;
  /** A form that was sent without a session, on the page that keeps it. */
  unsent?: { path: string; fields: readonly { name: string; value: string }[] };
  /** A form that asks for a second factor first, on the page where it is shown. */
  unproven?: { path: string; fields: readonly { name: string; value: string }[] };
  /** What the desk of accounts is told of the request. */
  visit: Visit;
  /** A page that may be kept for others says here until when it is right. */
  keep: { until: Instant | null };
}

/** The part of Node's IncomingMessage that the built site reads. */
export interface PageRequest {
  method?: string | undefined;
  url?: string | undefined;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  socket: object;
  once(event: 'error', listener: (error: Error) => void): unknown;
}

/** What `astro build` makes of the site, in the adapter's middleware mode. */
export type BuiltSite = (
  request: PageRequest,
  response: Writable,
  next: undefined,
  locals: SiteLocals,
) => Promise<void>;

export interface Rendered {
  status: number;
  headers: OutgoingHttpHeaders;
  body: Buffer;
}

/** Lets the built site answer a request into memory. Rejects when it breaks off half-way. */
export async function render(
  site: BuiltSite,
  request: PageRequest,
  locals: SiteLocals,
): Promise<Rendered> {
  const answer = new Answer(request);
  const finished = new Promise<void>((resolve, reject) => {
    answer.once('finish', resolve);
    answer.once('error', reject);
    answer.once('close', () => reject(new Error('the page broke off')));
  });
  await Promise.all([site(request, answer, undefined, locals), finished]);
  return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(answer.chunks) };
}

/** A GET of a page that depends on its path alone: no header of the visitor reaches it. */
export function plainGet(path: string): PageRequest {
  return { method: 'GET', url: path, headers: { host: 'localhost' }, socket: {}, once: () => {} };
}

/** Stands in for Node's ServerResponse and keeps what is written to it. */
class Answer extends Writable {
  readonly chunks: Buffer[] = [];
  statusCode = 200;
  statusMessage = '';
  headers: OutgoingHttpHeaders = {};
  headersSent = false;
  /** The adapter takes its listeners off the connection through this. */
  readonly req: PageRequest;

  constructor(request: PageRequest) {
    super();
    this.req = request;
  }

  writeHead(status: number, headers: OutgoingHttpHeaders = {}): this {
    this.statusCode = status;
    this.headers = headers;
    this.headersSent = true;
    return this;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.chunks.push(chunk);
    done();
  }
}
