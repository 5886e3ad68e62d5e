import { createHash } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

type Encoding = 'br' | 'gzip' | 'identity';

interface Representation {
  headers: OutgoingHttpHeaders;
  etag: string;
  body: Buffer;
}

/** Bytes that are sent again and again: with a strong ETag, and compressed once for each encoding. */
export interface Entity {
  body: Buffer;
  headers: OutgoingHttpHeaders;
  hash: string;
  made: Partial<Record<Encoding, Promise<Representation>>>;
}

export function entity(body: Buffer, headers: OutgoingHttpHeaders): Entity {
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 22);
  return { body, headers, hash, made: {} };
}

/** Headers but for those named. */
export function without(
  headers: OutgoingHttpHeaders,
  ...names: readonly string[]
): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

/** The memory that an entity takes with its compressed forms, roughly and from above. */
export function sizeOf({ body }: Entity): number {
  return 2 * body.length;
}

/** Answers GET or HEAD with an entity: 304 where the visitor has it, compressed where that helps. */
export async function sendEntity(
  req: IncomingMessage,
  res: ServerResponse,
  entity: Entity,
  extra?: OutgoingHttpHeaders,
): Promise<void> {
  const encoding = bestEncoding(req.headers['accept-encoding'], entity);
  const { headers, etag, body } = await (entity.made[encoding] ??= represent(entity, encoding));
  const all = extra === undefined ? headers : { ...headers, ...extra };
  if (has(req.headers['if-none-match'], etag)) {
    res.writeHead(304, without(all, 'content-length', 'content-encoding')).end();
    return;
  }
  res.writeHead(200, all);
  if (req.method === 'HEAD') res.end();
  else res.end(body);
}

const compress = { br: promisify(brotliCompress), gzip: promisify(gzip) };
// Quality 5 is close to the best for HTML at a tenth of its time: a page is compressed on every change.
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

async function represent(entity: Entity, encoding: Encoding): Promise<Representation> {
  const { headers, hash } = entity;
  const body =
    encoding === 'br'
      ? await compress.br(entity.body, BROTLI)
      : encoding === 'gzip'
        ? await compress.gzip(entity.body)
        : entity.body;
  // Strong: other bytes, another tag (RFC 9110, section 8.8.3).
  const etag = encoding === 'identity' ? `"${hash}"` : `"${hash}-${encoding}"`;
  return {
    body,
    etag,
    headers: {
      ...headers,
      ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
      'content-length': body.length,
      etag,
    },
  };
}

const WORTH_COMPRESSING = 1024;

function bestEncoding(accepted: string | undefined, { body, headers }: Entity): Encoding {
  if (accepted === undefined || body.length < WORTH_COMPRESSING) return 'identity';
  if (!/^(text\/|image\/svg|application\/(json|javascript))/.test(String(headers['content-type'])))
    return 'identity';
  if (accepts(accepted, 'br')) return 'br';
  return accepts(accepted, 'gzip') ? 'gzip' : 'identity';
}

function accepts(header: string, encoding: string): boolean {
  return header.split(',').some((part) => {
    const [name = '', quality = ''] = part.split(';');
    return name.trim().toLowerCase() === encoding && !/^\s*q=0(\.0*)?\s*$/.test(quality);
  });
}

/** If-None-Match; a cache on the way may have weakened the tag or dropped the encoding from it. */
function has(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
