import type { Context } from '@upheld/services/context.ts';
import { MAINTENANCE_KINDS } from '@upheld/domain/maintenance/maintenance.ts';
import { Option, type Command } from 'commander';
import type { Io } from '../io.ts';
import { parseMoment } from './moment.ts';
import { titleOf } from './options.ts';

/* What the commands under `upheld maintenance` have in common. */

export interface Json {
  json?: true;
}

export interface Window {
  from: string;
  to: string;
}

/** What customers read, in both languages. */
export interface Texts {
  textNl: string;
  textEn: string;
}

export interface Titles {
  titleNl?: string;
  titleEn?: string;
}

export const TIMES = `
Times are those of the page's zone: 2026-12-01T22:00 or "2026-12-01 22:00". With an offset they are
what they say: 2026-12-01T22:00:00+01:00. A time that occurs twice or never is refused.`;

export function kindOption(): Option {
  return new Option('--kind <kind>', 'what kind of work it is')
    .choices(MAINTENANCE_KINDS)
    .default('planned');
}

export function withWindow(command: Command, words: Window): Command {
  return command
    .requiredOption('--from <time>', words.from)
    .requiredOption('--to <time>', words.to);
}

export function withTexts(command: Command): Command {
  return command
    .requiredOption('--text-nl <text>', 'what customers read, in Dutch')
    .requiredOption('--text-en <text>', 'the same in English');
}

export function withTitles(command: Command): Command {
  return command
    .option('--title-nl <title>', 'one line instead of the kind, in Dutch')
    .option('--title-en <title>', 'the same in English');
}

/** Throws DomainError('invalid-input') for a moment that is none. */
export function windowOf(ctx: Context, { from, to }: Window): { from: number; to: number } {
  const zone = ctx.config().timezone;
  return { from: parseMoment(from, zone, '--from'), to: parseMoment(to, zone, '--to') };
}

export function textOf({ textNl, textEn }: Texts): { nl: string; en: string } {
  return { nl: textNl, en: textEn };
}

export function textsOf({ titleNl, titleEn, ...texts }: Texts & Titles) {
  return { text: textOf(texts), title: titleOf(titleNl, titleEn) };
}

/** The outcome, as people or as programs read it. */
export function print(io: Io, { json }: Json, value: unknown, text: string): void {
  io.out(json ? JSON.stringify(value) : text);
}
