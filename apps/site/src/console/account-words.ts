import { DomainError, type ErrorCode } from '@upheld/domain/errors.ts';
import type { Role } from '@upheld/domain/access/permissions.ts';
import type { Answer, Refused } from '@upheld/services/account/desk.ts';

const REFUSALS: Readonly<
  Record<Refused['reason'], readonly [code: ErrorCode, line: string, field?: string]>
> = {
  'wrong-credentials': ['unauthorised', 'This mail address and password do not go together.'],
  'wrong-code': [
    'unauthorised',
    'is not right; codes change every 30 seconds and are taken once',
    'code',
  ],
  'offer-ended': [
    'conflict',
    'is of a secret that is too old, or that another page replaced; scan the one below and type its code',
    'code',
  ],
  'too-many-tries': ['too-many-requests', 'There were too many wrong tries.'],
  blocked: ['forbidden', 'This account is blocked. An owner can open it again under People.'],
  'address-not-allowed': [
    'forbidden',
    'The console may not be used from this network address. Use the network or the VPN that it is meant for.',
  ],
  'link-invalid': [
    'not-found',
    'This link is unknown, used already, or too old. Ask an owner for a new one.',
  ],
  'session-ended': ['unauthorised', 'This took too long, or was ended elsewhere. Sign in again.'],
  'passkey-refused': [
    'unauthorised',
    'This passkey was not accepted. Try again, or use another way.',
  ],
};

/** What an answer of the desk of accounts gives; throws DomainError with a line for the person otherwise. */
export function granted<T extends object>(answer: Answer<T>): { ok: true } & T {
  if (answer.ok) return answer;
  const [code, line, field] = REFUSALS[answer.reason];
  const wait = answer.retryAfterSeconds;
  const message = wait === undefined ? line : `${line} Try again ${waitText(wait)}.`;
  throw new DomainError(code, message, field === undefined ? [] : [{ path: field, message }]);
}

/** The line for a refusal, on a page that is not a form. */
export function refusalLine({ reason }: Refused): string {
  return REFUSALS[reason][1];
}

function waitText(seconds: number): string {
  if (seconds < 90) return `in ${Math.max(1, Math.ceil(seconds))} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `in ${minutes} minutes` : `in ${Math.ceil(minutes / 60)} hours`;
}

/** What each role may do, for whoever gives one. */
export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  viewer: 'sees everything on the desk, changes nothing',
  engineer: 'runs incidents, maintenance and tickets',
  manager: 'also agreements, corrections, and the audit log',
  owner: 'also people, tokens and settings',
};

/** A browser and its system out of a User-Agent, as far as they tell: 'Firefox on Linux'. */
export function deviceText(userAgent: string | null): string {
  if (userAgent === null || userAgent === '') return 'Unknown device';
  const find = (names: readonly (readonly [RegExp, string])[]): string | undefined =>
    names.find(([pattern]) => pattern.test(userAgent))?.[1];
  const browser = find([
    [/Edg/, 'Edge'],
    [/Firefox/, 'Firefox'],
    [/Chrome|Chromium|CriOS/, 'Chrome'],
    [/Safari/, 'Safari'],
  ]);
  const system = find([
    [/iPhone|iPad/, 'iOS'],
    [/Android/, 'Android'],
    [/Mac OS/, 'macOS'],
    [/Windows/, 'Windows'],
    [/Linux/, 'Linux'],
  ]);
  const known = [browser, system].filter((part) => part !== undefined);
  return known.length > 0 ? known.join(' on ') : userAgent.slice(0, 60);
}
