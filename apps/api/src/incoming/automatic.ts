/** Headers that only machines write. */
const MACHINES = [
  'list-id',
  'list-unsubscribe',
  'x-autoreply',
  'x-autorespond',
  'x-autoresponder',
  'x-loop',
  'feedback-id',
];

/** Why headers say that nobody wrote this to us (RFC 3834, RFC 2919, and what is in use); null: nothing does. */
export function automaticBy(headers: ReadonlyMap<string, string>): string | null {
  const value = (name: string): string => headers.get(name)?.toLowerCase() ?? '';
  // A comment may stand anywhere in it (RFC 3834 5.2).
  const submitted = value('auto-submitted')
    .replace(/\([^()]*\)/g, '')
    .split(';')[0]
    ?.trim();
  if (submitted && submitted !== 'no') return `Auto-Submitted: ${submitted}`;
  if (/^(bulk|junk|list|auto_reply)$/.test(value('precedence')))
    return `Precedence: ${value('precedence')}`;
  for (const name of MACHINES) if (headers.has(name)) return `there is a ${name} header`;
  if (/^<\s*>$/.test(value('return-path'))) return 'it is a notice of a mail server';
  return value('content-type').startsWith('multipart/report') ? 'it is a report on a mail' : null;
}

/** How programs that set no header begin the subject of an answer in somebody's absence. */
const ABSENT =
  /^\s*(automatic reply|auto(matic)?[- ]?(reply|response)|out of (the )?office|automatisch antwoord|afwezig(heid(sbericht)?)?|niet aanwezig)\b/i;

/**
 * Whether a mail is taken but nothing automatic answers it: it says so (MS-OXCMAIL 2.2.3.2.14), or reads
 * like an answer in somebody's absence. It may still be a report, so it is not ignored.
 */
export function wantsNoAnswer(headers: ReadonlyMap<string, string>, subject: string): boolean {
  const suppressed = headers.get('x-auto-response-suppress')?.toLowerCase() ?? '';
  return /\b(all|oof|autoreply)\b/.test(suppressed) || ABSENT.test(subject);
}
