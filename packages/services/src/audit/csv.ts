import { csvOf } from '../csv.ts';
import { canonical } from './chain.ts';
import type { AuditView } from './list.ts';
import { moment } from './moment.ts';

const COLUMNS = [
  'number',
  'at',
  'actor',
  'via',
  'address',
  'action',
  'subject',
  'before',
  'after',
  'hash',
] as const;

/** Changes as CSV (RFC 4180), one line each; how it was and how it became as JSON. */
export function auditCsv(rows: readonly AuditView[]): string {
  return csvOf(
    COLUMNS,
    rows.map((row) => ({
      number: row.seq,
      at: moment(row.at) ?? '',
      actor: row.actor,
      via: row.via,
      address: row.address ?? '',
      action: row.action,
      subject: row.subject,
      before: jsonOf(row.before),
      after: jsonOf(row.after),
      hash: row.hash,
    })),
  );
}

function jsonOf(value: unknown): string {
  return value === null || value === undefined ? '' : canonical(value);
}
