import type { DELIVERY_STATES } from './delivery.ts';
import { reasonText } from './retry.ts';

type DeliveryState = (typeof DELIVERY_STATES)[number];

/** What a provider reports of a text message that it took. */
export interface SmsReport {
  /** Its id there. */
  sid: string;
  /** In Twilio's words: queued, sent, delivered, undelivered, failed … */
  status: string;
  /** Twilio's own code for what went wrong. */
  errorCode: string | null;
}

/** What is known of the message so far. */
export interface ReportedOn {
  state: DeliveryState;
  attempts: number;
  receipt: string | null;
  reason: string | null;
}

export interface AfterReport {
  state: 'sent' | 'dead';
  receipt: string;
  reason: string | null;
}

/** On a row that was sent: its provider says that it arrived. */
export const DELIVERED = 'delivered';

/**
 * What a report makes of a message; null when it says nothing new. Reports come twice and in any order: what
 * arrived has arrived whatever is said afterwards, and what is on its way is news only of a message in doubt.
 */
export function afterReport(row: ReportedOn, report: SmsReport): AfterReport | null {
  const { sid: receipt, status, errorCode } = report;
  if (!isOf(row, receipt)) return null;
  switch (status) {
    case 'delivered':
    case 'read':
      return isSame(row, 'sent', DELIVERED) ? null : { state: 'sent', receipt, reason: DELIVERED };
    case 'undelivered':
    case 'failed':
    case 'canceled':
      return failed(row, receipt, reasonText('not-delivered', `${status} ${errorCode ?? ''}`));
    default:
      return row.state === 'ambiguous' ? { state: 'sent', receipt, reason: null } : null;
  }
}

/** Whether a report can be about the message of a row: one that was given to the provider under that id. */
function isOf({ attempts, receipt }: ReportedOn, reported: string): boolean {
  return attempts > 0 && (receipt === null || receipt === reported);
}

function failed(row: ReportedOn, receipt: string, reason: string): AfterReport | null {
  const known = isSame(row, 'sent', DELIVERED) || isSame(row, 'dead', reason);
  return known ? null : { state: 'dead', receipt, reason };
}

function isSame(row: ReportedOn, state: DeliveryState, reason: string): boolean {
  return row.state === state && row.reason === reason;
}
