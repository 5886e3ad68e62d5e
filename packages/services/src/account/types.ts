import type { Role } from '@upheld/domain/access/permissions.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Actor } from '../context.ts';

/** Whoever has signed in to the console, with a second factor. */
export interface SignedIn {
  id: string;
  name: string;
  email: string;
  role: Role;
  sessionId: string;
  /** When a second factor was last shown in this session. */
  provenAt: Instant | null;
}

/** What a request says of who sends it. */
export interface Visit {
  /** The Cookie header, whole. */
  cookie?: string | undefined;
  /** The visitor's address, as the product judges it behind proxies. */
  address: string;
  userAgent?: string | undefined;
}

/**
 * Why something was refused. Input that breaks a rule (a weak password, a missing name) is thrown as
 * DomainError('invalid-input') instead, with a fault for each field.
 */
export type Refusal =
  /** The mail address or the password; which of them is never said. */
  | 'wrong-credentials'
  | 'wrong-code'
  /** The secret that was to be confirmed is too old, or was offered to another browser. */
  | 'offer-ended'
  /** Too many wrong tries; comes with retryAfterSeconds. */
  | 'too-many-tries'
  /** The account is blocked; said only to who knows the password or holds the passkey. */
  | 'blocked'
  /** The console may not be used from this address. */
  | 'address-not-allowed'
  /** The link of a set-up or an invitation is unknown, used or too old. */
  | 'link-invalid'
  /** The session that this step belongs to is over; sign in again. */
  | 'session-ended'
  | 'passkey-refused';

export interface Refused {
  ok: false;
  reason: Refusal;
  retryAfterSeconds?: number;
}

export type Answer<T = unknown> = ({ ok: true } & T) | Refused;

/** Set-Cookie values, ready to send. */
export interface Cookies {
  cookies: string[];
}

/** What a session without a passed second factor may do: enter one, or make the first one. */
export type Pending = 'second-factor' | 'enrol';

/** Shown once, right after the first factor was made; null when the person has codes already. */
export interface FirstCodes {
  recoveryCodes: string[] | null;
}

export interface SessionView {
  id: string;
  createdAt: Instant;
  lastUsedAt: Instant;
  address: string | null;
  userAgent: string | null;
  /** Whether it is the one that asks. */
  current: boolean;
}

export interface PasskeyView {
  id: string;
  name: string | null;
  createdAt: Instant;
}

export interface Factors {
  totp: boolean;
  passkeys: PasskeyView[];
  recoveryCodesLeft: number;
}

export interface PersonView {
  id: string;
  name: string;
  email: string;
  role: Role;
  createdAt: Instant;
  lastSignInAt: Instant | null;
  /** Null while the account may be used. */
  blockedAt: Instant | null;
  blockedBecause: 'by-hand' | 'unused' | null;
  hasSecondFactor: boolean;
}

export interface InvitationView {
  id: string;
  email: string;
  role: Role;
  invitedBy: string;
  createdAt: Instant;
  expiresAt: Instant;
}

/** Options for navigator.credentials, as JSON that a browser's parse…OptionsFromJSON understands. */
export type PasskeyOptions = Readonly<Record<string, unknown>>;

/** Accounts of the console: everything that a page, a route or a command does with them. */
export interface AccountDesk {
  /** Whether there is no account yet, so that the set-up link is the only way in. */
  needsSetup(): Promise<boolean>;
  /**
   * Whether a link can be used, before anything is filled in, and for whom it is. A `name` says that it
   * renews the password of somebody who has an account.
   */
  lookAtLink(
    input: Visit & { token: string; kind: 'setup' | 'invitation' },
  ): Promise<Answer<{ email: string | null; role: Role; name: string | null }>>;
  /** Makes the first account, an owner. The session may only enrol a second factor. */
  setUp(
    input: Visit & { token: string; name: string; email: string; password: string },
  ): Promise<Answer<{ next: 'enrol' } & Cookies>>;
  acceptInvitation(
    input: Visit & { token: string; name: string; password: string },
  ): Promise<Answer<{ next: Pending } & Cookies>>;

  signIn(
    input: Visit & { email: string; password: string },
  ): Promise<Answer<{ next: Pending } & Cookies>>;
  verifyTotp(input: Visit & { code: string }): Promise<Answer<Cookies>>;
  verifyRecoveryCode(input: Visit & { code: string }): Promise<Answer<{ left: number } & Cookies>>;
  passkeySignInOptions(input: Visit): Promise<Answer<{ options: PasskeyOptions } & Cookies>>;
  verifyPasskeySignIn(input: Visit & { response: unknown }): Promise<Answer<Cookies>>;

  /**
   * Shows the second factor once more, for what makes new power: such verbs throw ProofNeeded where none
   * was shown lately. The session gets a new token, and ends when it would have.
   */
  proveTotp(input: Visit & { code: string }): Promise<Answer<Cookies>>;
  proveRecoveryCode(input: Visit & { code: string }): Promise<Answer<{ left: number } & Cookies>>;
  provePasskey(input: Visit & { response: unknown }): Promise<Answer<Cookies>>;

  /**
   * A secret for an authenticator app; nothing changes until a code of it is confirmed. The same one for a
   * session until then, or until it is too old.
   */
  enrolTotp(input: Visit): Promise<Answer<{ secret: string; uri: string }>>;
  confirmTotp(input: Visit & { code: string }): Promise<Answer<FirstCodes & Cookies>>;
  passkeyRegistrationOptions(input: Visit): Promise<Answer<{ options: PasskeyOptions } & Cookies>>;
  verifyPasskeyRegistration(
    input: Visit & { response: unknown; name?: string | undefined },
  ): Promise<Answer<FirstCodes & Cookies>>;
  factors(person: SignedIn): Promise<Factors>;
  /** Throws DomainError('conflict') for the last factor of a person. */
  removePasskey(person: SignedIn, input: Visit & { id: string }): Promise<void>;
  /** Ten new ones; those before end. */
  renewRecoveryCodes(person: SignedIn, input: Visit): Promise<string[]>;

  /** Who sends a request. Send `cookies` with the answer, whatever it is. */
  personOf(input: Visit): Promise<{ person: SignedIn | null; pending: Pending | null } & Cookies>;
  signOut(input: Visit): Promise<Cookies>;
  sessions(person: SignedIn): Promise<SessionView[]>;
  /** Throws DomainError('not-found') for a session that is not the person's own. */
  revokeSession(person: SignedIn, input: Visit & { id: string }): Promise<void>;
  /** All but the one that asks. Gives how many ended. */
  revokeOtherSessions(person: SignedIn, input: Visit): Promise<number>;
  /** Ends every other session and renews the one that asks. */
  changePassword(input: Visit & { current: string; next: string }): Promise<Answer<Cookies>>;

  /** The verbs below need the permission 'accounts', which the caller has judged. */
  listPeople(): Promise<{ people: PersonView[]; invitations: InvitationView[] }>;
  /** The link is shown once; `mailed` tells whether a mail with it is on its way. */
  invite(
    actor: Actor,
    input: { email: string; role: Role },
  ): Promise<{ invitation: InvitationView; link: string; mailed: boolean }>;
  withdrawInvitation(actor: Actor, input: { id: string }): Promise<void>;
  /** Throws DomainError('conflict') when no owner would be left; likewise block. */
  changeRole(actor: Actor, input: { id: string; role: Role }): Promise<PersonView>;
  block(actor: Actor, input: { id: string }): Promise<PersonView>;
  unblock(actor: Actor, input: { id: string }): Promise<PersonView>;
  /** A link, shown once, with which somebody who forgot their password chooses another; their sessions end. */
  resetPassword(actor: Actor, input: { id: string }): Promise<{ link: string; expiresAt: Instant }>;
  /** Takes away every factor and session; the next sign-in enrols a new one. */
  resetSecondFactor(actor: Actor, input: { id: string }): Promise<PersonView>;
}
