import twilio from 'twilio';

type Asked<T> = Parameters<typeof twilio.RequestClient.prototype.request<T>>[0];
type Answer<T> = Awaited<ReturnType<typeof twilio.RequestClient.prototype.request<T>>>;

/** An answer that refuses: the package's own error has no room for what Retry-After says. */
export class TwilioRefusal extends Error {
  readonly status: number;
  /** Twilio's own code (twilio.com/docs/api/errors). */
  readonly code: number | undefined;
  readonly retryAfterMs: number | undefined;
  constructor(answer: Answer<unknown>) {
    const { message, code } = fieldsOf(answer.body);
    super(message ?? `HTTP ${answer.statusCode}`);
    this.name = 'TwilioRefusal';
    this.status = answer.statusCode;
    this.code = code;
    this.retryAfterMs = secondsIn(answer.headers);
  }
}

/** The HTTP client of Twilio's package: to another address where one is given, and with all of a refusal. */
class RequestClient extends twilio.RequestClient {
  readonly #baseUrl: string | undefined;

  constructor(baseUrl: string | undefined, timeout: number) {
    // A repeated request could send a second message: what to repeat is decided by the outbox.
    super({ timeout, autoRetry: false });
    this.#baseUrl = baseUrl?.replace(/\/+$/, '');
  }

  override async request<TData>(asked: Asked<TData>): Promise<Answer<TData>> {
    const answer = await super.request<TData>({ ...asked, uri: this.#elsewhere(asked.uri) });
    if (answer.statusCode >= 400) throw new TwilioRefusal(answer);
    return answer;
  }

  #elsewhere(uri: string): string {
    if (this.#baseUrl === undefined) return uri;
    const { pathname, search } = new URL(uri);
    return `${this.#baseUrl}${pathname}${search}`;
  }
}

/** The client of Twilio's own package. */
export function twilioClient(
  settings: { accountSid: string; authToken: string; baseUrl?: string | undefined },
  timeout: number,
): twilio.Twilio {
  return twilio(settings.accountSid, settings.authToken, {
    httpClient: new RequestClient(settings.baseUrl, timeout),
  });
}

function fieldsOf(body: unknown): { message?: string; code?: number } {
  if (typeof body !== 'object' || body === null) return {};
  const { message, code } = body as { message?: unknown; code?: unknown };
  return {
    ...(typeof message === 'string' ? { message } : {}),
    ...(typeof code === 'number' ? { code } : {}),
  };
}

function secondsIn(headers: unknown): number | undefined {
  const value = (headers as Record<string, unknown> | undefined)?.['retry-after'];
  return typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) * 1000 : undefined;
}
