import { DomainError } from '@upheld/domain/errors.ts';
import type { Actor } from '@upheld/services/context.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { InvalidArgumentError } from 'commander';
import { hostname, userInfo } from 'node:os';

/** Who does what a command line asks for, in the record; the address is whose shell it is. */
export const CLI: Actor = { name: 'cli', via: 'cli', address: `${user()}@${hostname()}` };

/** A container may run as a number that no name belongs to. */
function user(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}

/** Of an option that may be given more than once. */
export function collect(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** A whole number of rows. */
export function rowCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > 500)
    throw new InvalidArgumentError('write a whole number from 1 to 500');
  return count;
}

/** A title in both languages, or none. Throws DomainError('invalid-input') where one is left out. */
export function titleOf(nl: string | undefined, en: string | undefined): Localised | undefined {
  if (nl === undefined && en === undefined) return undefined;
  if (nl === undefined || en === undefined)
    throw new DomainError(
      'invalid-input',
      `--title-${nl === undefined ? 'nl' : 'en'} is missing; a title is in Dutch and in English`,
    );
  return { nl, en };
}
