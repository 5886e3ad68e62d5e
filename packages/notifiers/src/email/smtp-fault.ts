import type { SendFailure } from '@upheld/domain/notify/send.ts';
import type { Stage } from './transcript.ts';

const LONGEST_DETAIL = 300;

interface SmtpError {
  code?: string | undefined;
  responseCode?: number | undefined;
  response?: string | undefined;
  command?: string | undefined;
  message: string;
}

/**
 * What an error of nodemailer means for a mail, given how far the conversation came. A reply is definite:
 * 4xx may pass, 5xx will not. Without one, a mail that was being handed over may have gone out.
 */
export function smtpFault(error: unknown, stage: Stage): SendFailure {
  const fault = fieldsOf(error);
  const detail = (fault.response ?? fault.message).replace(/\s+/g, ' ').slice(0, LONGEST_DETAIL);
  if (fault.responseCode !== undefined) return byReply(fault, fault.responseCode, detail);
  if (stage === 'handing-over')
    return { ok: false, retry: 'unknown', reason: 'outcome-unknown', detail };
  switch (fault.code) {
    case 'EAUTH':
    case 'ENOAUTH':
      return { ok: false, retry: 'later', reason: 'not-authorised', detail };
    case 'ETLS':
      return { ok: false, retry: 'later', reason: 'not-secure', detail };
    case 'EENVELOPE':
      return { ok: false, retry: 'never', reason: 'bad-address', detail };
    case 'EMESSAGE':
      return { ok: false, retry: 'never', reason: 'refused', detail };
    default:
      return isTlsFault(error)
        ? { ok: false, retry: 'later', reason: 'not-secure', detail }
        : { ok: false, retry: 'later', reason: 'not-reached', detail };
  }
}

function byReply(fault: SmtpError, reply: number, detail: string): SendFailure {
  const command = fault.command ?? '';
  // What the server has against us, and not against the mail, is the operator's to mend: the mail waits.
  if (fault.code === 'EAUTH' || command.startsWith('AUTH'))
    return { ok: false, retry: 'later', reason: 'not-authorised', detail };
  if (fault.code === 'ETLS') return { ok: false, retry: 'later', reason: 'not-secure', detail };
  if (reply < 500 || !/^(MAIL FROM|RCPT TO|DATA)/.test(command))
    return { ok: false, retry: 'later', reason: 'refused-for-now', detail };
  const reason = command === 'RCPT TO' ? 'bad-address' : 'refused';
  return { ok: false, retry: 'never', reason, detail };
}

/** A certificate that does not fit, or a server that speaks no TLS where it should. */
function isTlsFault(error: unknown): boolean {
  const cause =
    error instanceof Error && 'code' in error ? `${String(error.code)} ${error.message}` : '';
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL|certificate|wrong version number/i.test(
    cause,
  );
}

function fieldsOf(error: unknown): SmtpError {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, responseCode, response, command } = error as Error & Partial<SmtpError>;
  return { code, responseCode, response, command, message: error.message };
}
