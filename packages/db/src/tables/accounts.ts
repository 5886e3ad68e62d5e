import { ROLES } from '@upheld/domain/access/permissions.ts';
import type { Kit } from '../kit.ts';

/** People who use the console. Of the first five tables better-auth knows the columns (docs/adr/0050). */
export function accountTables(k: Kit) {
  const people = k.table(
    'people',
    {
      id: k.id('id').primaryKey(),
      name: k.text('name').notNull(),
      /** Lower-cased. */
      email: k.text('email').notNull(),
      role: k.oneOf('role', ROLES).notNull(),
      createdAt: k.instant('created_at').notNull(),
      updatedAt: k.instant('updated_at').notNull(),
      lastSignInAt: k.instant('last_sign_in_at'),
      /** Since when the account counts as lying unused: its making, a sign-in, or an unblocking. */
      unusedSince: k.instant('unused_since').notNull(),
      blockedAt: k.instant('blocked_at'),
      blockedBecause: k.oneOf('blocked_because', ['by-hand', 'unused']),
      version: k.int('version').notNull(),
    },
    (t) => [k.uniqueIndex('people_email').on(t.email)],
  );

  const sessions = k.table(
    'sessions',
    {
      id: k.id('id').primaryKey(),
      /** SHA-256 of the token in the cookie. */
      token: k.text('token').notNull(),
      personId: k.id('person_id').notNull(),
      createdAt: k.instant('created_at').notNull(),
      updatedAt: k.instant('updated_at').notNull(),
      expiresAt: k.instant('expires_at').notNull(),
      lastUsedAt: k.instant('last_used_at').notNull(),
      /** When a second factor was passed; without it the session may only enter or enrol one. */
      passedAt: k.instant('passed_at'),
      /** When it was last shown: what makes new power asks for it again after a while. */
      provenAt: k.instant('proven_at'),
      address: k.text('address'),
      userAgent: k.text('user_agent'),
    },
    (t) => [
      k.uniqueIndex('sessions_token').on(t.token),
      k.index('sessions_person').on(t.personId),
      k.index('sessions_expiry').on(t.expiresAt),
    ],
  );

  // better-auth's accounts: the ways in which a person proves who they are; here only a password.
  const credentials = k.table(
    'credentials',
    {
      id: k.id('id').primaryKey(),
      accountId: k.id('account_id').notNull(),
      providerId: k.text('provider_id').notNull(),
      personId: k.id('person_id').notNull(),
      /** Argon2id, in PHC form. */
      password: k.text('password'),
      createdAt: k.instant('created_at').notNull(),
      updatedAt: k.instant('updated_at').notNull(),
    },
    (t) => [k.uniqueIndex('credentials_person').on(t.personId, t.providerId)],
  );

  // better-auth's verifications: what was asked of a browser and is answered once, such as a passkey's challenge.
  const challenges = k.table(
    'challenges',
    {
      id: k.id('id').primaryKey(),
      identifier: k.text('identifier').notNull(),
      value: k.text('value').notNull(),
      expiresAt: k.instant('expires_at').notNull(),
      createdAt: k.instant('created_at').notNull(),
      updatedAt: k.instant('updated_at').notNull(),
    },
    (t) => [
      k.index('challenges_identifier').on(t.identifier),
      k.index('challenges_expiry').on(t.expiresAt),
    ],
  );

  const passkeys = k.table(
    'passkeys',
    {
      id: k.id('id').primaryKey(),
      personId: k.id('person_id').notNull(),
      name: k.text('name'),
      credentialId: k.text('credential_id').notNull(),
      publicKey: k.text('public_key').notNull(),
      /** Counts up with each use; one that does not belongs to a copy of the key. */
      counter: k.int('counter').notNull(),
      deviceType: k.text('device_type').notNull(),
      backedUp: k.bool('backed_up').notNull(),
      transports: k.text('transports'),
      aaguid: k.text('aaguid'),
      createdAt: k.instant('created_at').notNull(),
    },
    (t) => [
      k.uniqueIndex('passkeys_credential').on(t.credentialId),
      k.index('passkeys_person').on(t.personId),
    ],
  );

  // One authenticator app a person, and the one that may come in its place once a code of it is confirmed.
  const totpFactors = k.table('totp_factors', {
    personId: k.id('person_id').primaryKey(),
    /** Encrypted with a key that is derived from the secret of the installation. */
    secret: k.text('secret'),
    /** The last step of time of which a code was accepted: no code is accepted twice, nor an older one. */
    lastStep: k.int('last_step').notNull(),
    confirmedAt: k.instant('confirmed_at'),
    offeredSecret: k.text('offered_secret'),
    offeredAt: k.instant('offered_at'),
  });

  const recoveryCodes = k.table(
    'recovery_codes',
    {
      id: k.id('id').primaryKey(),
      personId: k.id('person_id').notNull(),
      /** SHA-256: a code has 80 random bits, so a slow hash would protect nothing. */
      hash: k.text('hash').notNull(),
      createdAt: k.instant('created_at').notNull(),
      usedAt: k.instant('used_at'),
    },
    (t) => [k.uniqueIndex('recovery_codes_hash').on(t.personId, t.hash)],
  );

  // The one-time links: one for the first account, under a fixed id, and one for each invitation.
  const invitations = k.table(
    'invitations',
    {
      id: k.id('id').primaryKey(),
      hash: k.text('hash').notNull(),
      /** Null for the first account, whose address nobody knows yet. */
      email: k.text('email'),
      role: k.oneOf('role', ROLES).notNull(),
      /** Whose password it renews; null where it makes an account. */
      personId: k.id('person_id'),
      invitedBy: k.text('invited_by').notNull(),
      createdAt: k.instant('created_at').notNull(),
      expiresAt: k.instant('expires_at').notNull(),
      usedAt: k.instant('used_at'),
      withdrawnAt: k.instant('withdrawn_at'),
    },
    (t) => [k.uniqueIndex('invitations_hash').on(t.hash)],
  );

  // Browsers in which a person has signed in fully: strangers' guesses do not slow these.
  const devices = k.table(
    'devices',
    {
      id: k.id('id').primaryKey(),
      personId: k.id('person_id').notNull(),
      hash: k.text('hash').notNull(),
      createdAt: k.instant('created_at').notNull(),
      lastUsedAt: k.instant('last_used_at').notNull(),
    },
    (t) => [k.uniqueIndex('devices_hash').on(t.hash), k.index('devices_person').on(t.personId)],
  );

  // Wrong tries, by what they have in common; they leak away with time.
  const tries = k.table(
    'tries',
    {
      key: k.text('key').primaryKey(),
      count: k.int('count').notNull(),
      leakedAt: k.instant('leaked_at').notNull(),
      /** Before this moment no further try is looked at. */
      waitUntil: k.instant('wait_until').notNull(),
    },
    (t) => [k.index('tries_age').on(t.leakedAt)],
  );

  return {
    people,
    sessions,
    credentials,
    challenges,
    passkeys,
    totpFactors,
    recoveryCodes,
    invitations,
    devices,
    tries,
  };
}
