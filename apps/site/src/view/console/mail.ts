import { DomainError } from '@upheld/domain/errors.ts';
import { LANGUAGES } from '@upheld/domain/text.ts';
import type { NotificationPreview } from '@upheld/services/outbox/preview.ts';
import { posted, type Posted } from '../../console/forms.ts';
import { readForm } from '../forms.ts';

/** What stands in the frame before anybody asked for a mail. */
const NOTHING_YET = 'Choose a language to see the mail.';
const NO_TEXT = 'There is no mail yet: write what customers read in Dutch and in English.';

/**
 * The mail that a form would send, in the language of the button that was pressed, exactly as it is sent;
 * a line in its place where there is none. Stores nothing. The answer is a document of its own, for the
 * frame of a page: its policy (serve/headers.ts) lets it do nothing.
 */
export async function mailAnswer(
  request: Request,
  sentOf: (form: Posted) => Promise<NotificationPreview | null>,
): Promise<Response> {
  if (request.method !== 'POST') return html(note(NOTHING_YET));
  const data = await readForm(request);
  if (data === null) return new Response(null, { status: 400 });
  const form = posted(data);
  try {
    const preview = await sentOf(form);
    const language = LANGUAGES.find((one) => one === form.text('language')) ?? LANGUAGES[0];
    return html(preview ? preview.messages[language].mail.html : note(NO_TEXT));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return html(note(`There is no mail yet: ${error.message}.`), 422);
  }
}

function html(text: string, status = 200): Response {
  return new Response(text, { status, headers: { 'content-type': 'text/html; charset=utf-8' } });
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function note(text: string): string {
  const escaped = text.replace(/[&<>]/g, (character) => ENTITIES[character] ?? '');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>The mail</title></head>
<body style="margin:1.5rem;font:1rem/1.5 system-ui,sans-serif"><p>${escaped}</p></body></html>
`;
}
