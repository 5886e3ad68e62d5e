import { LANGUAGES } from '@upheld/domain/text.ts';
import type { NotificationPreview } from '@upheld/services/outbox/preview.ts';
import type { Io } from '../io.ts';

const NAMES = { nl: 'Dutch', en: 'English' } as const;

/** Says what would be sent, and to how many. */
export function printPreview(
  io: Io,
  { json }: { json?: true },
  preview: NotificationPreview,
): void {
  io.out(json ? JSON.stringify(preview) : previewText(preview));
}

function previewText({ messages, recipients }: NotificationPreview): string {
  return [
    `This would go to ${toWhom(recipients)}. Nothing is sent.`,
    ...LANGUAGES.flatMap((language) => {
      const { mail, sms, recipients: readers } = messages[language];
      const segments = `${sms.segments} ${sms.segments === 1 ? 'segment' : 'segments'}`;
      return [
        '',
        `${NAMES[language]}, to ${toWhom(readers)}`,
        `  mail: ${mail.subject}`,
        ...mail.text
          .trimEnd()
          .split('\n')
          .map((line) => `    ${line}`.trimEnd()),
        `  text message, ${segments}, ${sms.encoding}:`,
        `    ${sms.text}`,
      ];
    }),
  ].join('\n');
}

const toWhom = ({ email, sms }: NotificationPreview['recipients']): string =>
  `${email} by mail and ${sms} by text message`;
