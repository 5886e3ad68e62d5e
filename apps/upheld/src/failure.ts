import { DomainError } from '@upheld/domain/errors.ts';
import { CommanderError } from 'commander';
import { EXIT, type ExitCode, type Io } from './io.ts';

/** Says in words of the operator what stopped a command, and gives the status that goes with it. */
export function explainFailure(error: unknown, io: Pick<Io, 'err'>): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.badInput;
  if (!(error instanceof DomainError)) {
    io.err(`upheld: ${unexpected(error)}`);
    return EXIT.failed;
  }
  io.err(`upheld: ${error.message}`);
  const [first, ...others] = error.faults;
  // A single fault is often the message itself, in which it was told with its place already.
  const told = first !== undefined && others.length === 0 && error.message.includes(first.message);
  for (const { path, message } of told ? [] : error.faults)
    io.err(path === '' ? `  ${message}` : `  ${path}: ${message}`);
  return error.code === 'invalid-input' ? EXIT.badInput : EXIT.failed;
}

/** A bug, or a machine that does not do its work: one line with the place, for a report. */
export function unexpected(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = /\((?:file:\/\/)?([^)]+:\d+):\d+\)|at (?:file:\/\/)?(\/\S+:\d+):\d+/.exec(
    error.stack ?? '',
  );
  const where = place?.[1] ?? place?.[2];
  const message = error.message.replaceAll(/\s*\n\s*/g, ' ');
  return where === undefined ? message : `${message} (at ${where})`;
}

/** The words of an error, also of one that Node leaves without: a refused connection to two addresses. */
export function reason(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reason(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return error.message === '' ? code || error.name : error.message;
}
