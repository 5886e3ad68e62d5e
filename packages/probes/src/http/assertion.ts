import { JSONPathEnvironment, JSONPathError, type JSONPathQuery, type JSONValue } from 'json-p3';
import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  inflateSync,
  zstdDecompressSync,
} from 'node:zlib';
import type { HttpTarget } from './target.ts';

/** However long a body is, so much of it is looked at, packed and unpacked. */
export const MOST_BODY_BYTES = 1024 * 1024;

/** Reads a body as far as its assertion needs. */
export interface BodyReader {
  /** Takes a piece; true when it has seen enough. */
  push(chunk: Buffer): boolean;
  /** What is wrong with the body; null when it is as expected. */
  fault(): string | null;
  /** The beginning of the body as text, for evidence. */
  start(): string;
}

/** Makes the reader for one answer, from its headers. */
export type Assertion = (headers: BodyHeaders) => BodyReader;

export interface BodyHeaders {
  encoding: string;
  contentType: string;
}

/**
 * The assertion of a target; null when none needs the body. Throws an Error in the operator's words when
 * the JSONPath is wrong.
 */
export function assertionOf({ text, json }: HttpTarget['expect']): Assertion | null {
  if (json) {
    const query = compile(json.path);
    return (headers) =>
      new WholeBody(headers, (body) => {
        const inText = text === undefined || body.includes(text) ? null : missing(text);
        return inText ?? jsonFault(body, query, json);
      });
  }
  if (text === undefined) return null;
  return (headers) =>
    isPlain(headers.encoding)
      ? new TextFinder(text, charsetOf(headers))
      : new WholeBody(headers, (body) => (body.includes(text) ? null : missing(text)));
}

const missing = (text: string): string => `the body does not contain "${text}"`;

const START_CHARACTERS = 512;
/** A character takes at most four. */
const START_BYTES = 4 * START_CHARACTERS;

/** Finds a text in a body as it comes in, and asks for no byte more. */
class TextFinder implements BodyReader {
  readonly #text: string;
  readonly #charset: BufferEncoding;
  readonly #needle: Buffer;
  #first: Buffer = Buffer.alloc(0);
  #tail: Buffer = Buffer.alloc(0);
  #read = 0;
  #found = false;

  constructor(text: string, charset: BufferEncoding) {
    this.#text = text;
    this.#charset = charset;
    this.#needle = Buffer.from(text, charset);
  }

  push(chunk: Buffer): boolean {
    const piece = chunk.subarray(0, MOST_BODY_BYTES - this.#read);
    const wanted = START_BYTES - this.#first.length;
    if (wanted > 0) this.#first = Buffer.concat([this.#first, piece.subarray(0, wanted)]);
    this.#read += piece.length;
    // What was at the end of the last piece may be the beginning of the text.
    const window = this.#tail.length === 0 ? piece : Buffer.concat([this.#tail, piece]);
    this.#found = window.includes(this.#needle);
    this.#tail = Buffer.from(window.subarray(Math.max(0, window.length - this.#needle.length + 1)));
    return this.#found || this.#read >= MOST_BODY_BYTES;
  }

  fault(): string | null {
    return this.#found ? null : missing(this.#text);
  }

  start(): string {
    return this.#first.toString(this.#charset).slice(0, START_CHARACTERS);
  }
}

/** Collects a body, up to the cap, and judges it as a whole. */
class WholeBody implements BodyReader {
  readonly #headers: BodyHeaders;
  readonly #judge: (body: string) => string | null;
  readonly #chunks: Buffer[] = [];
  #read = 0;
  #body: string | Error | undefined;
  #fault: string | null | undefined;

  constructor(headers: BodyHeaders, judge: (body: string) => string | null) {
    this.#headers = headers;
    this.#judge = judge;
  }

  push(chunk: Buffer): boolean {
    // The piece is memory that the parser uses again.
    this.#chunks.push(Buffer.from(chunk));
    this.#read += chunk.length;
    return this.#read > MOST_BODY_BYTES;
  }

  fault(): string | null {
    // Asked for twice where it has one: judging a body can take longer than getting it.
    if (this.#fault === undefined) this.#fault = this.#judged();
    return this.#fault;
  }

  #judged(): string | null {
    if (this.#read > MOST_BODY_BYTES) return 'the body is longer than 1 MiB';
    const body = this.#unpacked();
    return body instanceof Error ? unpackingFault(body) : this.#judge(body);
  }

  start(): string {
    const body = this.#unpacked();
    return body instanceof Error ? '' : body.slice(0, START_CHARACTERS);
  }

  #unpacked(): string | Error {
    if (this.#body === undefined) {
      try {
        const bytes = unpack(Buffer.concat(this.#chunks), this.#headers.encoding);
        this.#body = bytes.toString(charsetOf(this.#headers));
      } catch (error) {
        this.#body = error instanceof Error ? error : new Error(String(error));
      }
    }
    return this.#body;
  }
}

const isPlain = (encoding: string): boolean => encoding === '' || encoding === 'identity';

/** A body without its content encoding, at most MOST_BODY_BYTES of it; throws when it is longer or broken. */
function unpack(packed: Buffer, encoding: string): Buffer {
  const options = { maxOutputLength: MOST_BODY_BYTES };
  switch (encoding) {
    case '':
    case 'identity':
      return packed;
    case 'gzip':
    case 'x-gzip':
      return gunzipSync(packed, options);
    case 'deflate':
      return inflateSync(packed, options);
    case 'br':
      return brotliDecompressSync(packed, options);
    case 'zstd':
      return zstdDecompressSync(packed, {
        ...options,
        params: { [constants.ZSTD_d_windowLogMax]: 23 },
      });
    default:
      throw new Error(`its content encoding is "${encoding}", which no client asked for`);
  }
}

function unpackingFault(error: Error): string {
  return 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    ? 'the body unpacks to more than 1 MiB'
    : `the body cannot be unpacked: ${error.message}`;
}

/** How the characters of a body are written. */
export function charsetOf({ contentType }: BodyHeaders): BufferEncoding {
  const charset = /charset="?([\w-]+)/i.exec(contentType)?.[1]?.toLowerCase();
  const single = ['iso-8859-1', 'iso-8859-15', 'latin1', 'windows-1252', 'us-ascii'];
  return charset !== undefined && single.includes(charset) ? 'latin1' : 'utf8';
}

const MOST_NODES = 10_000;
const paths = new JSONPathEnvironment({ maxRecursionDepth: 200 });
// Regular expressions of JavaScript can take exponential time on a body that the product chooses.
paths.functionRegister.delete('match');
paths.functionRegister.delete('search');

function compile(path: string): JSONPathQuery {
  try {
    return paths.compile(path);
  } catch (error) {
    if (!(error instanceof JSONPathError)) throw error;
    throw new Error(`"${path}" is no JSONPath that can be used here: ${error.message}`, {
      cause: error,
    });
  }
}

/** Every value that the path selects must be the wanted one, and it must select at least one. */
function jsonFault(
  body: string,
  query: JSONPathQuery,
  { path, equals }: { path: string; equals: unknown },
): string | null {
  let nodes = 0;
  try {
    for (const { value } of query.lazyQuery(JSON.parse(body) as JSONValue)) {
      nodes += 1;
      if (value !== equals)
        return `${path} is ${JSON.stringify(value).slice(0, 100)}, not ${JSON.stringify(equals)}`;
      if (nodes === MOST_NODES) return `${path} selects more than ${MOST_NODES} values`;
    }
  } catch (error) {
    if (error instanceof SyntaxError) return 'the body is no JSON';
    if (error instanceof JSONPathError || error instanceof RangeError)
      return `${path} cannot be followed in the body: ${error.message}`;
    throw error;
  }
  return nodes === 0 ? `${path} selects nothing` : null;
}
