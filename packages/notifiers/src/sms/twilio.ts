import type {
  Notifier,
  Outgoing,
  OutgoingSms,
  Reconciled,
  SendResult,
} from '@upheld/domain/notify/send.ts';
import type { Twilio } from 'twilio';
import { twilioFault } from './twilio-fault.ts';

export interface TwilioSettings {
  accountSid: string;
  authToken: string;
  from: string;
  /** Another address of the API. */
  baseUrl?: string | undefined;
  /** Where the provider reports what became of a message, by its outbox id. */
  reportTo?: ((outboxId: string) => string) | undefined;
}

const TIMEOUT_MS = 30_000;
/** Clocks of two machines differ a little. */
const SKEW_MS = 60_000;
/** Twilio takes at most ten hours, and advises more than five seconds. */
const VALIDITY_SECONDS = { least: 10, most: 36_000 };
const MOST_LISTED = 200;

/** Text messages over Twilio. */
export function createTwilioNotifier(settings: TwilioSettings): Notifier {
  // Loading the package takes a tenth of a second, which a start without text messages does not spend.
  let loading: Promise<Twilio> | undefined;
  const client = (): Promise<Twilio> => {
    loading ??= import('./request-client.ts').then((m) => m.twilioClient(settings, TIMEOUT_MS));
    return loading;
  };
  return {
    async send(outgoing, signal) {
      const sms = smsOf(outgoing);
      try {
        return await orAborted(send(await client(), settings, sms), signal);
      } catch (error) {
        return twilioFault(error);
      }
    },
    async reconcile(outgoing, since, signal) {
      const sms = smsOf(outgoing);
      try {
        return await orAborted(reconcile(await client(), sms, since), signal);
      } catch (error) {
        return { found: null, detail: twilioFault(error).detail };
      }
    },
  };
}

async function send(
  client: Twilio,
  { from, reportTo }: TwilioSettings,
  sms: OutgoingSms,
): Promise<SendResult> {
  const { least, most } = VALIDITY_SECONDS;
  const message: { sid?: unknown } = await client.messages.create({
    to: sms.to,
    from,
    body: sms.body,
    validityPeriod: Math.min(most, Math.max(least, sms.validForSeconds)),
    ...(reportTo ? { statusCallback: reportTo(sms.id) } : {}),
    // Fraudsters have codes sent to numbers that they earn by; whom an alert goes to has confirmed.
    riskCheck: sms.purpose === 'code' ? 'enable' : 'disable',
  });
  return typeof message.sid === 'string' && message.sid !== ''
    ? { ok: true, receipt: message.sid }
    : {
        ok: false,
        retry: 'unknown',
        reason: 'outcome-unknown',
        detail: 'the answer was not one of Twilio',
      };
}

/** There is no key by which Twilio knows a message again, so number, words and moment have to do. */
async function reconcile(client: Twilio, sms: OutgoingSms, since: number): Promise<Reconciled> {
  const from = since - SKEW_MS;
  const listed = await client.messages.list({
    to: sms.to,
    dateSentAfter: new Date(from),
    limit: MOST_LISTED,
  });
  const same = listed.find(
    (message) =>
      message.body === sms.body &&
      message.to === sms.to &&
      !['failed', 'canceled'].includes(message.status) &&
      // RFC 2822 dates have no fractions of a second.
      message.dateCreated.getTime() >= from,
  );
  return same ? { found: true, receipt: same.sid } : { found: false };
}

function smsOf(outgoing: Outgoing): OutgoingSms {
  if (outgoing.channel !== 'sms') throw new Error(`not a text message: ${outgoing.channel}`);
  return outgoing;
}

/** The package cannot be told to stop; who cannot wait leaves its answer behind. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(new Error('given up while it was being answered'));
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
    // Already told to who waited, or left behind by who gave up.
    work.catch(() => undefined);
  }
}
