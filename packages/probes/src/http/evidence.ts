import type { Evidence } from '@upheld/domain/monitor/outcome.ts';
import { TLSSocket } from 'node:tls';
import type { Socket } from 'node:net';
import type { Assertion, BodyHeaders, BodyReader } from './assertion.ts';
import { charsetOf } from './assertion.ts';

/** What is kept of a body, in bytes of UTF-8. */
const MOST_EXCERPT_BYTES = 512;

/** Reads the first of a body, for evidence alone: whatever comes is right. */
export const excerptOnly: Assertion = (headers) => new Excerpt(headers);

class Excerpt implements BodyReader {
  readonly #headers: BodyHeaders;
  #first: Buffer = Buffer.alloc(0);

  constructor(headers: BodyHeaders) {
    this.#headers = headers;
  }

  // Whatever comes with the first piece is enough: a product in trouble may never send another.
  push(chunk: Buffer): boolean {
    this.#first = Buffer.from(chunk.subarray(0, MOST_EXCERPT_BYTES));
    return true;
  }

  fault(): string | null {
    return null;
  }

  start(): string {
    const { encoding } = this.#headers;
    if (encoding !== '' && encoding !== 'identity') return '';
    return this.#first.toString(charsetOf(this.#headers));
  }
}

/** The protocol and how long the certificate is good for; undefined where there is no TLS. */
export function tlsOf(socket: Socket | undefined): Evidence['tls'] {
  if (!(socket instanceof TLSSocket) || socket.destroyed) return undefined;
  const until = Date.parse(socket.getPeerX509Certificate()?.validTo ?? '');
  const protocol = socket.getProtocol();
  return {
    ...(protocol === null ? {} : { protocol }),
    ...(Number.isNaN(until) ? {} : { certificateUntil: until }),
  };
}

/** Names that are followed by a secret in headers, addresses, forms and JSON. */
const SECRET =
  /((?:authorization|cookie|token|secret|passw(?:or)?d|wachtwoord|api[-_]?key|session)[\w-]*["']?\s*[:=]\s*["']?)((?:bearer|basic)\s+)?[^\s"'&;,<]+/gi;
const BEARER = /\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi;
const TOKEN_LIKE = /\beyJ[\w-]+\.[\w-]+\.[\w-]+/g;
const SHORTEST_OWN = 6;

/**
 * Text of a product as it may be kept: at most 512 bytes, without what looks like a secret and without the
 * values that the operator put into the request, which a product in trouble may send back.
 */
export function excerpt(text: string, own: readonly string[]): string {
  const masked = own
    .filter((value) => value.length >= SHORTEST_OWN)
    .reduce((rest, value) => rest.replaceAll(value, '***'), text)
    .replace(SECRET, '$1***')
    .replace(BEARER, '$1 ***')
    .replace(TOKEN_LIKE, '***');
  return cut(masked);
}

/** To so many bytes, with no half character at the end. */
function cut(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= MOST_EXCERPT_BYTES) return text;
  return new TextDecoder().decode(bytes.subarray(0, MOST_EXCERPT_BYTES), { stream: true });
}
