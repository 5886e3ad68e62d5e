import type {
  Notifier,
  OutgoingWebhook,
  SendFailure,
  SendResult,
} from '@upheld/domain/notify/send.ts';
import { createHmac } from 'node:crypto';
import { lookup, type LookupAddress } from 'node:dns';
import { request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';

/** Judges an address as a socket uses it: the guard of the checks. */
export interface AddressGuard {
  judge(address: string, port: number): { allowed: true } | { allowed: false; why: string };
}

const TIMEOUT_MS = 15_000;
const LONGEST_DETAIL = 300;
const MOST_RETRY_AFTER_S = 3600;

class Refused extends Error {}

/**
 * Calls a webhook of somebody on call, signed as Standard Webhooks say (standardwebhooks.com): HMAC-SHA256
 * over the id, the moment and the body. Redirects are not followed, and the answer is not read.
 */
export function createWebhookNotifier(guard: AddressGuard): Notifier {
  return {
    send(outgoing, signal) {
      if (outgoing.channel !== 'webhook') throw new Error(`not a webhook: ${outgoing.channel}`);
      return call(outgoing, guard, signal);
    },
  };
}

/** The headers that let whoever is called know that it was us, and the same call from another one. */
export function signedHeaders({ id, at, body, secret }: OutgoingWebhook): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000));
  const signature = createHmac('sha256', secret)
    .update(`${id}.${timestamp}.${body}`)
    .digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}

async function call(
  outgoing: OutgoingWebhook,
  guard: AddressGuard,
  signal: AbortSignal,
): Promise<SendResult> {
  const url = new URL(outgoing.to);
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  // Of an address in brackets the socket knows only what is inside.
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0) {
    const judged = guard.judge(host, port);
    if (!judged.allowed) return refused(judged.why);
  }
  const progress = { handedOver: false };
  try {
    const answer = await exchange(url, outgoing, guardedLookup(guard, port), signal, () => {
      progress.handedOver = true;
    });
    return byStatus(answer);
  } catch (error) {
    if (error instanceof Refused) return refused(error.message);
    const detail = (error instanceof Error ? error.message : String(error)).slice(
      0,
      LONGEST_DETAIL,
    );
    return progress.handedOver
      ? { ok: false, retry: 'unknown', reason: 'outcome-unknown', detail }
      : { ok: false, retry: 'later', reason: 'not-reached', detail };
  }
}

function exchange(
  url: URL,
  outgoing: OutgoingWebhook,
  guarded: LookupFunction,
  signal: AbortSignal,
  onHandedOver: () => void,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const request: ClientRequest = send(url, {
      method: 'POST',
      agent: false,
      lookup: guarded,
      signal,
      headers: {
        ...signedHeaders(outgoing),
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(outgoing.body),
        'user-agent': 'Upheld',
      },
    });
    const late = setTimeout(() => request.destroy(new Error('no answer in time')), TIMEOUT_MS);
    request.on('close', () => clearTimeout(late));
    request.on('socket', (socket) =>
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', onHandedOver),
    );
    request.on('error', reject);
    request.on('response', (answer) => {
      resolve(answer);
      answer.on('error', () => undefined);
      answer.destroy();
    });
    request.end(outgoing.body);
  });
}

/** Every address that a name has must be allowed; the socket then connects to one of exactly those. */
function guardedLookup(guard: AddressGuard, port: number): LookupFunction {
  return (hostname, options, done) => {
    lookup(hostname, { all: true }, (error, addresses) => {
      if (error) {
        done(error, '', 0);
        return;
      }
      for (const { address } of addresses) {
        const judged = guard.judge(address, port);
        if (!judged.allowed) {
          done(new Refused(judged.why), '', 0);
          return;
        }
      }
      const [first] = addresses;
      if (options.all === true)
        (done as unknown as (error: null, all: LookupAddress[]) => void)(null, addresses);
      else done(null, first?.address ?? '', first?.family ?? 4);
    });
  };
}

const refused = (why: string): SendFailure => ({
  ok: false,
  retry: 'never',
  reason: 'bad-address',
  detail: why.slice(0, LONGEST_DETAIL),
});

/** What an answer means: any 2xx is a yes; what may pass is tried again, what will not is given up. */
function byStatus({ statusCode = 0, headers }: IncomingMessage): SendResult {
  const detail = `HTTP ${statusCode}`;
  if (statusCode >= 200 && statusCode < 300) return { ok: true, receipt: detail };
  if (statusCode === 408 || statusCode === 425 || statusCode === 429 || statusCode >= 500) {
    const seconds = Number(headers['retry-after']);
    const reason = statusCode === 429 ? 'rate-limited' : 'refused-for-now';
    return {
      ok: false,
      retry: 'later',
      reason,
      detail,
      ...(seconds > 0 ? { retryAfterMs: Math.min(seconds, MOST_RETRY_AFTER_S) * 1000 } : {}),
    };
  }
  if (statusCode === 401 || statusCode === 403)
    return { ok: false, retry: 'later', reason: 'not-authorised', detail };
  return { ok: false, retry: 'never', reason: 'refused', detail };
}
