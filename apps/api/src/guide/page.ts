import { createHash } from 'node:crypto';
import type { OpenApiDocument } from '../http/openapi.ts';
import { PROBLEM_KINDS, problemOf } from '../http/problem.ts';

const STYLE = [
  ':root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}',
  'body{max-width:60rem;margin:2rem auto;padding:0 1rem}',
  'code{font:.9em ui-monospace,monospace;overflow-wrap:anywhere}',
  'dt{margin-top:.75rem}dd{margin:0 0 0 1rem}',
].join('');

/** The policy under which the page is styled: by this style and no other. */
export const STYLE_SOURCE = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

/** The API for people: every route, every kind of problem, and where the document for programs is. */
export function guidePage(document: OpenApiDocument): string {
  const title = escape(`API: ${document.info.title}`);
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${title}</title><style>${STYLE}</style></head><body><main>`,
    `<h1>${title}</h1><p>${escape(document.info.description ?? '')}</p>`,
    '<p>For programs: <a href="/api/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>',
    ...[...byTag(document)].map(([tag, entries]) => section(tag, entries)),
    `<h2>Problems</h2><dl>${PROBLEM_KINDS.map((kind) => problemEntry(kind)).join('')}</dl>`,
    '</main></body></html>',
  ].join('\n');
}

interface Entry {
  tag: string;
  route: string;
  summary: string;
  /** The scope that a token needs; null where none is asked for. */
  scope: string | null;
}

function byTag(document: OpenApiDocument): Map<string, Entry[]> {
  const entries = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    (['get', 'post', 'put', 'patch', 'delete'] as const).flatMap((method): Entry[] => {
      const operation = methods[method];
      if (!operation) return [];
      return [
        {
          tag: operation.tags?.[0] ?? 'Other',
          route: `${method.toUpperCase()} ${path}`,
          summary: operation.summary ?? '',
          scope: Object.values(operation.security?.[0] ?? {})[0]?.[0] ?? null,
        },
      ];
    }),
  );
  return Map.groupBy(entries, (entry) => entry.tag);
}

function section(tag: string, entries: readonly Entry[]): string {
  const list = entries.map(
    ({ route, summary, scope }) =>
      `<dt><code>${escape(route)}</code></dt><dd>${escape(summary)}${scope === null ? '' : ` (token: ${escape(scope)})`}</dd>`,
  );
  return `<h2>${escape(tag)}</h2><dl>${list.join('')}</dl>`;
}

function problemEntry(kind: (typeof PROBLEM_KINDS)[number]): string {
  const { status, title, remedy } = problemOf(kind);
  return `<dt id="${kind}">${status} <code>${kind}</code></dt><dd>${escape(`${title}. ${remedy}`)}</dd>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
