import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { entity, type Entity } from './entity.ts';

export type StaticFiles = ReadonlyMap<string, Entity>;

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

// Astro puts a hash of the content into the names of what it builds.
const HASHED = '/_astro/';
const FOREVER = 'public, max-age=31536000, immutable';
const AN_HOUR = 'public, max-age=3600';

/** Reads every file of a folder into memory, keyed by its path in an address. There are few, and small. */
export async function readStaticFiles(folder: string): Promise<StaticFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return new Map(
    await Promise.all(
      files.map(async (file): Promise<[string, Entity]> => {
        const path = join(file.parentPath, file.name);
        const address = `/${relative(folder, path).split(sep).join('/')}`;
        return [address, entity(await readFile(path), headersOf(address))];
      }),
    ),
  );
}

function headersOf(address: string): Record<string, string> {
  return {
    'content-type': TYPES[extname(address)] ?? 'application/octet-stream',
    'cache-control': address.startsWith(HASHED) ? FOREVER : AN_HOUR,
    vary: 'Accept-Encoding',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    // A file opened by itself, such as an SVG, runs nothing.
    'content-security-policy': "default-src 'none'; style-src 'self'; sandbox",
  };
}
