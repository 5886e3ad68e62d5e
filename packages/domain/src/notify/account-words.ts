import type { Language } from '../text.ts';

/** What changed in how a person signs in. */
export const ACCOUNT_EVENTS = [
  'password',
  'app',
  'passkey-added',
  'passkey-removed',
  'recovery-codes',
  'recovery-code-used',
  'factors-reset',
] as const;
export type AccountEvent = (typeof ACCOUNT_EVENTS)[number];

/** What a mail says to somebody whose way of signing in has changed. */
export interface AccountWords {
  event: Readonly<Record<AccountEvent, string>>;
  at: string;
  from: string;
  by: string;
  body: string;
  look: string;
  why: string;
}

const nl: AccountWords = {
  event: {
    password: 'Uw wachtwoord is gewijzigd',
    app: 'Uw account heeft een nieuwe authenticator-app',
    'passkey-added': 'Uw account heeft een nieuwe passkey',
    'passkey-removed': 'Een passkey van uw account is verwijderd',
    'recovery-codes': 'Uw account heeft nieuwe herstelcodes',
    'recovery-code-used': 'Een herstelcode van uw account is gebruikt',
    'factors-reset': 'De tweede factor van uw account is weggehaald',
  },
  at: 'Wanneer',
  from: 'Vanaf het adres',
  by: 'Door',
  body: 'Was u dit zelf, dan hoeft u niets te doen. Was u het niet, dan kan iemand anders bij uw account: bel meteen een eigenaar van de console, die het account kan blokkeren.',
  look: 'Uw aanmelding bekijken',
  why: 'U krijgt dit bericht bij elke wijziging van hoe u zich aanmeldt.',
};

const en: AccountWords = {
  event: {
    password: 'Your password was changed',
    app: 'Your account has a new authenticator app',
    'passkey-added': 'Your account has a new passkey',
    'passkey-removed': 'A passkey of your account was removed',
    'recovery-codes': 'Your account has new recovery codes',
    'recovery-code-used': 'A recovery code of your account was used',
    'factors-reset': 'The second factor of your account was taken away',
  },
  at: 'When',
  from: 'From the address',
  by: 'By',
  body: 'If this was you, there is nothing to do. If it was not, somebody else can use your account: call an owner of the console at once, who can block it.',
  look: 'Look at your sign-in',
  why: 'You get this message at every change of how you sign in.',
};

export const ACCOUNT_WORDS: Readonly<Record<Language, AccountWords>> = { nl, en };
