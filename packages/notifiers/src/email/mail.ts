import type { Notifier, OutgoingMail, SendResult } from '@upheld/domain/notify/send.ts';
import { watchTranscript } from './transcript.ts';
import { smtpFault } from './smtp-fault.ts';

export interface MailSettings {
  from: string;
  replyTo?: string | undefined;
  smtp: {
    host: string;
    port: number;
    tls: 'starttls' | 'implicit' | 'none';
    user?: string | undefined;
    password?: string | undefined;
  };
}

const SECOND = 1000;
const LONGEST_RECEIPT = 300;

/**
 * E-mail over SMTP, a connection for each mail: what is known of a broken one is then about this mail.
 * With `starttls` a server that offers no encryption is refused, not trusted.
 */
export function createMailNotifier(settings: MailSettings): Notifier {
  const options = transportOptions(settings);
  return {
    async send(outgoing, signal): Promise<SendResult> {
      if (outgoing.channel !== 'email') throw new Error(`not a mail: ${outgoing.channel}`);
      const transcript = watchTranscript();
      const { createTransport } = await import('nodemailer');
      const transport = createTransport({ ...options, ...transcript.options });
      try {
        const { response } = await transport.sendMail({ ...messageOf(outgoing, settings), signal });
        return { ok: true, receipt: response.slice(0, LONGEST_RECEIPT) };
      } catch (error) {
        return smtpFault(error, transcript.stage());
      }
    },
  };
}

/** How nodemailer reaches the server. Its own time limits end before the lease of a message does. */
export function transportOptions({ smtp }: MailSettings) {
  const { host, port, tls, user, password } = smtp;
  return {
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    dnsTimeout: 15 * SECOND,
    connectionTimeout: 15 * SECOND,
    greetingTimeout: 30 * SECOND,
    // A server may take ten minutes to answer the final dot (RFC 5321 4.5.3.2.6).
    socketTimeout: 600 * SECOND,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
  };
}

function messageOf(mail: OutgoingMail, settings: MailSettings) {
  const { unsubscribeUrl, references } = mail;
  return {
    from: settings.from,
    ...(settings.replyTo === undefined ? {} : { replyTo: settings.replyTo }),
    // As an object nothing in it is parsed: it is one mailbox, whatever it holds.
    to: { name: '', address: mail.to },
    ...(mail.returnPath ? { envelope: { from: mail.returnPath, to: [mail.to] } } : {}),
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    messageId: mail.messageId,
    ...(references.length > 0
      ? { inReplyTo: references.at(-1) ?? '', references: [...references] }
      : {}),
    headers: {
      'Auto-Submitted': 'auto-generated',
      ...(mail.listId === null ? {} : { 'List-Id': `<${mail.listId}>` }),
      ...(unsubscribeUrl === null
        ? {}
        : {
            'List-Unsubscribe': { prepared: true, value: `<${unsubscribeUrl}>` },
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          }),
    },
  };
}
