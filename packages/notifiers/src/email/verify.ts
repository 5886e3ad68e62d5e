import nodemailer from 'nodemailer';
import type { ChannelFault } from '../channel-fault.ts';
import { transportOptions, type MailSettings } from './mail.ts';
import { smtpFault } from './smtp-fault.ts';

const PATIENCE_MS = 10_000;

/** Connects and logs in as a send would, without sending: null when the server would take mail. */
export async function verifyEmail(settings: MailSettings): Promise<ChannelFault | null> {
  const transport = nodemailer.createTransport({
    ...transportOptions(settings),
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
  });
  try {
    await transport.verify();
    return null;
  } catch (error) {
    const { reason, detail } = smtpFault(error, 'talking');
    const { host, port, tls } = settings.smtp;
    const server = `the mail server ${host}:${port}`;
    if (reason === 'not-reached')
      return {
        message: `${server} cannot be reached: ${detail}`,
        remedy: 'correct channels.email.smtp.host and port, or the firewall between',
      };
    if (reason === 'not-secure')
      return {
        message: `${server} cannot be spoken to with tls: ${tls}: ${detail}`,
        remedy: 'choose the tls that it offers: starttls (587), implicit (465) or none',
      };
    if (reason === 'not-authorised')
      return {
        message: `${server} refuses the user or the password: ${detail}`,
        remedy: 'correct channels.email.smtp.user and password',
      };
    return { message: `${server} does not take mail: ${detail}`, remedy: 'ask who runs it' };
  } finally {
    transport.close();
  }
}
