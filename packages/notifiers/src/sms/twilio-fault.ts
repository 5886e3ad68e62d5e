import type { FailureReason, SendFailure } from '@upheld/domain/notify/send.ts';

const LONGEST_DETAIL = 300;

/** Twilio's own codes that say more than the status (twilio.com/docs/api/errors). */
const BY_CODE: Readonly<Record<number, { retry: SendFailure['retry']; reason: FailureReason }>> = {
  21211: { retry: 'never', reason: 'bad-address' },
  21214: { retry: 'never', reason: 'bad-address' },
  21217: { retry: 'never', reason: 'bad-address' },
  21612: { retry: 'never', reason: 'bad-address' },
  21614: { retry: 'never', reason: 'bad-address' },
  21610: { retry: 'never', reason: 'unsubscribed-there' },
  // Ours to mend in the console or the configuration, so the message waits for that.
  20003: { retry: 'later', reason: 'not-authorised' },
  21212: { retry: 'later', reason: 'not-authorised' },
  21408: { retry: 'later', reason: 'not-authorised' },
  21606: { retry: 'later', reason: 'not-authorised' },
  21659: { retry: 'later', reason: 'not-authorised' },
};

/** Codes of errors from before a request was sent. */
const NEVER_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/**
 * What an error of a request to Twilio means. A refusal (4xx) was not carried out, 429 neither, which may
 * be repeated. After a 5xx, a time-out or a broken connection the message may be on its way.
 */
export function twilioFault(error: unknown): SendFailure {
  const { status, code, message, retryAfterMs } = fieldsOf(error);
  const detail = message.replace(/\s+/g, ' ').slice(0, LONGEST_DETAIL);
  const fault = (retry: SendFailure['retry'], reason: FailureReason): SendFailure => ({
    ok: false,
    retry,
    reason,
    detail: typeof code === 'number' ? `${code} ${detail}` : detail,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
  if (status !== undefined && status < 500) {
    const known = BY_CODE[Number(code)];
    if (known) return fault(known.retry, known.reason);
    if (status === 429) return fault('later', 'rate-limited');
    if (status === 401 || status === 403) return fault('later', 'not-authorised');
    return fault('never', 'refused');
  }
  if (typeof code === 'string' && NEVER_CONNECTED.includes(code))
    return fault('later', 'not-reached');
  if (typeof code === 'string' && /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL/.test(code))
    return fault('later', 'not-secure');
  return fault('unknown', 'outcome-unknown');
}

interface RequestError {
  status?: number;
  code?: string | number;
  retryAfterMs?: number;
  message: string;
}

function fieldsOf(error: unknown): RequestError {
  if (!(error instanceof Error)) return { message: String(error) };
  const { status, code, retryAfterMs } = error as Error & Record<string, unknown>;
  return {
    message: error.message,
    ...(typeof status === 'number' ? { status } : {}),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}),
  };
}
