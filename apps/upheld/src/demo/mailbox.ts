import type { Instant } from '@upheld/domain/ports.ts';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An e-mail or a text message that arrived. */
export interface Message {
  channel: 'e-mail' | 'sms';
  at: Instant;
  from: string;
  to: string;
  /** Null for a text message. */
  subject: string | null;
  text: string;
  html: string | null;
}

/** A mailbox for everybody, to look at in a browser. */
export interface Mailbox {
  url: string;
  receive(message: Message): void;
  close(): Promise<void>;
}

/** So many are kept; older ones go. */
const KEPT = 200;

/** Serves what was received on a local port: 0 lets the system choose one. */
export async function startMailbox(port: number): Promise<Mailbox> {
  const messages = new Map<number, Message>();
  let count = 0;
  const server = createServer((request, response) => {
    const [, kind, number] = /^\/(?:(messages|html)\/(\d+))?$/.exec(request.url ?? '') ?? [];
    const message = messages.get(Number(number));
    if (request.url === '/') send(response, listPage([...messages].reverse()));
    else if (!message) send(response, page('Not found', '<p>There is no such message.</p>'), 404);
    else if (kind === 'html') sendMail(response, message.html ?? '');
    else send(response, messagePage(Number(number), message));
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    receive(message) {
      count += 1;
      messages.set(count, message);
      messages.delete(count - KEPT);
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function send(response: ServerResponse, html: string, status = 200): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'",
    'cache-control': 'no-store',
  });
  response.end(html);
}

/** A mail as its reader's program would show it: without scripts and without fetching anything. */
function sendMail(response: ServerResponse, html: string): void {
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy':
      "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
  });
  response.end(html.replace(/<head>/i, '<head><base target="_blank">'));
}

function listPage(messages: readonly (readonly [number, Message])[]): string {
  const rows = messages.map(
    ([number, { channel, at, to, subject, text }]) => `<tr>
      <td>${time(at)}</td><td>${channel}</td><td>${escape(to)}</td>
      <td><a href="/messages/${number}">${escape(subject ?? text.slice(0, 80))}</a></td></tr>`,
  );
  const table =
    rows.length === 0
      ? '<p>Nothing has arrived yet. Subscribe on the status page: the confirmation comes here.</p>'
      : `<table><thead><tr><th>Arrived</th><th>By</th><th>To</th><th>Message</th></tr></thead>
         <tbody>${rows.join('')}</tbody></table>`;
  return page('Mailbox of the demo', `<h1>Mailbox of the demo</h1>${table}`, true);
}

function messagePage(number: number, message: Message): string {
  const { channel, at, from, to, subject, text, html } = message;
  const body =
    html === null
      ? `<pre>${linked(escape(text))}</pre>`
      : `<iframe src="/html/${number}" title="The mail as it looks" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>
         <details><summary>As plain text</summary><pre>${linked(escape(text))}</pre></details>`;
  return page(
    subject ?? 'Text message',
    `<p><a href="/">All messages</a></p><h1>${escape(subject ?? 'Text message')}</h1>
     <p>${channel} from ${escape(from)} to ${escape(to)}, ${time(at)}</p>${body}`,
  );
}

const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: start; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid #8884; vertical-align: top; }
  iframe { width: 100%; height: 70vh; border: 1px solid #8884; border-radius: 6px; background: Canvas; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  a { color: LinkText; }`;

function page(title: string, body: string, refresh = false): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width">${refresh ? '<meta http-equiv="refresh" content="5">' : ''}
<title>${escape(title)}</title><style>${STYLE}</style></head><body>${body}</body></html>`;
}

function linked(escaped: string): string {
  return escaped.replace(/https?:\/\/[^\s<>"]+/g, (url) => `<a href="${url}">${url}</a>`);
}

function time(at: Instant): string {
  const text = new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'medium',
    timeZone: 'Europe/Amsterdam',
  }).format(at);
  return `<time datetime="${new Date(at).toISOString()}">${text}</time>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}
