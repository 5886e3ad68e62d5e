import { APIError } from 'better-auth/api';
import { BLOCKED } from './auth.ts';
import type { Refusal } from './types.ts';

/** What the passkey plug-in calls every registration that does not verify, with the status of a fault. */
const MALFORMED = 'FAILED_TO_VERIFY_REGISTRATION';

/** Which refusal an error of better-auth is; rethrows what is no answer to the person but a fault of ours. */
export function failureOf(error: unknown, otherwise: Refusal): Refusal {
  if (!(error instanceof APIError)) throw error;
  if (error.body?.code === BLOCKED) return 'blocked';
  if (error.statusCode >= 500 && error.body?.code !== MALFORMED) throw error;
  return otherwise;
}
