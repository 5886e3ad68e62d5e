import type { MailLayout } from './letter.ts';

/** White text on each of these has a contrast of more than 5:1, on a light page and on a dark one. */
const TONES: Readonly<Record<MailLayout['tone'], string>> = {
  down: '#b42318',
  over: '#116b47',
  planned: '#175cd3',
  plain: '#0b4f71',
};

const FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

// Programs that ignore a style sheet show the light form, whose colours are all inline.
const DARK = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){.page{background:#101418!important}.card{background:#1b2127!important;border-color:#39424c!important}.ink{color:#f2f4f7!important}.quiet,.quiet a{color:#b4bec9!important}}`;

/**
 * A mail as HTML for the programs that there are: tables, inline colours, no image and nothing that is
 * fetched. Colour never says alone what it says. Every text is escaped.
 */
export function mailHtml(layout: MailLayout): string {
  const { language, organisation, heading, tone, title, facts, body, action, footer } = layout;
  const colour = TONES[tone];
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escape(title)}</title>
<style>${DARK}</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f2f4f7">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f2f4f7"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;${FONT}">
<tr><td class="quiet" style="padding:0 4px 12px;font-size:14px;line-height:20px;color:#475467">${escape(organisation)}</td></tr>
<tr><td class="card" style="padding:28px 24px;background:#ffffff;border:1px solid #d0d5dd;border-radius:10px">
<p style="margin:0 0 12px"><span style="display:inline-block;padding:3px 12px;border-radius:999px;background:${colour};color:#ffffff;font-size:14px;line-height:20px;font-weight:600">${escape(heading)}</span></p>
<h1 class="ink" style="margin:0 0 16px;font-size:22px;line-height:29px;font-weight:650;color:#101828">${escape(title)}</h1>
${factsHtml(facts)}${bodyHtml(body)}<p style="margin:24px 0 0"><a href="${escape(action.url)}" style="display:inline-block;padding:11px 20px;border-radius:8px;background:${colour};color:#ffffff;font-size:16px;line-height:22px;font-weight:600;text-decoration:none">${escape(action.label)}</a></p>
</td></tr>
<tr><td class="quiet" style="padding:16px 4px 0;font-size:13px;line-height:20px;color:#475467">${footer.map(footerHtml).join('<br>')}</td></tr>
</table>
</td></tr></table>
</body>
</html>
`;
}

function factsHtml(facts: MailLayout['facts']): string {
  if (facts.length === 0) return '';
  const rows = facts.map(
    ({ label, value }) =>
      `<tr><th scope="row" class="quiet" style="padding:3px 16px 3px 0;text-align:left;vertical-align:top;font-weight:400;color:#475467">${escape(label)}</th><td class="ink" style="padding:3px 0;color:#101828">${escape(value)}</td></tr>`,
  );
  return `<table cellpadding="0" cellspacing="0" border="0" style="margin:0 0 18px;font-size:15px;line-height:21px">${rows.join('')}</table>\n`;
}

/** A blank line starts a paragraph, a line end is one: not every program knows white-space:pre-line. */
function bodyHtml(body: string): string {
  return body
    .trim()
    .split(/\r?\n[ \t]*\r?\n/)
    .map((paragraph) => {
      const lines = paragraph.trim().split(/\r?\n/).map(escape).join('<br>');
      return `<p class="ink" style="margin:0 0 12px;font-size:16px;line-height:25px;color:#101828">${lines}</p>\n`;
    })
    .join('');
}

function footerHtml({ text, url }: MailLayout['footer'][number]): string {
  return url === undefined
    ? escape(text)
    : `<a href="${escape(url)}" style="color:inherit">${escape(text)}</a>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
