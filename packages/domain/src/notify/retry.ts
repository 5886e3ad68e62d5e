import type { Instant } from '../ports.ts';
import type { SendResult } from './send.ts';

/** What is known of a message when a send of it ends. */
export interface DeliverySoFar {
  /** Sends begun, this one included. */
  attempts: number;
  /** Whether an earlier send ended without anybody knowing how. */
  inDoubt: boolean;
  /** Whether the channel can be asked for a message that may have gone out, so that none is sent twice. */
  canAsk: boolean;
  expiresAt: Instant;
  now: Instant;
  /** Uniform in [0, 1). */
  random: number;
}

export type AfterSend =
  | { state: 'sent'; receipt: string }
  | { state: 'pending' | 'ambiguous'; availableAt: Instant; reason: string }
  | { state: 'dead'; reason: string };

const FIRST_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 30 * 60_000;
/** A provider needs so long until a message that it took can be found there; a mail server, to deliver it. */
export const DOUBT_WAIT_MS = 2 * 60_000;
const LONGEST_DETAIL = 500;

/**
 * What becomes of a message after a send. It is tried again while that may help and it is still worth
 * telling: the age decides, not a count. A mail in doubt is repeated once; what can be asked after is
 * asked before each repetition. What is given up keeps its reason.
 */
export function afterSend(result: SendResult, so: DeliverySoFar): AfterSend {
  if (result.ok) return { state: 'sent', receipt: result.receipt };
  const reason = reasonText(result.reason, result.detail);
  if (result.retry === 'never') return { state: 'dead', reason };
  if (result.retry === 'unknown' && so.inDoubt && !so.canAsk) return { state: 'dead', reason };
  const wait =
    result.retry === 'unknown'
      ? DOUBT_WAIT_MS
      : Math.max(result.retryAfterMs ?? 0, backoff(so.attempts, so.random));
  const availableAt = so.now + wait;
  if (availableAt >= so.expiresAt) return { state: 'dead', reason };
  return { state: result.retry === 'unknown' ? 'ambiguous' : 'pending', availableAt, reason };
}

/** A closed reason and the other side's words, on one line that a table can show. */
export function reasonText(reason: string, detail: string): string {
  const words = detail
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_DETAIL);
  return words === '' ? reason : `${reason}: ${words}`;
}

/** Full jitter (ms) between 10 seconds and a bound that doubles with every attempt, up to 30 minutes. */
export function backoff(attempts: number, random: number): number {
  const bound = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempts, 20));
  return FIRST_WAIT_MS + Math.floor(random * (bound - FIRST_WAIT_MS));
}
