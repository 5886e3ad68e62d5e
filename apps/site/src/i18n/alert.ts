import type { Language } from '@upheld/domain/text.ts';

interface AlertWords {
  unknownTitle: string;
  unknown: string;
  raised(moment: string): string;
  asks(person: string): string;
  take: string;
  taken(person: string): string;
  over: string;
}

/** What whoever is called reads behind the link in the call. */
export const alertWords: Readonly<Record<Language, AlertWords>> = {
  nl: {
    unknownTitle: 'Deze link hoort nergens bij',
    unknown: 'Misschien is hij niet heel overgenomen, of heeft u geen dienst meer.',
    raised: (moment) => `Gemeld op ${moment}.`,
    asks: (person) => `${person}, pakt u dit op? Dan wordt niemand anders meer gebeld.`,
    take: 'Ik pak het op',
    taken: (person) => `${person} is ermee bezig. Er wordt niemand meer gebeld.`,
    over: 'Dit is al voorbij.',
  },
  en: {
    unknownTitle: 'This link belongs to nothing',
    unknown: 'Perhaps it was not copied whole, or you are not on call any more.',
    raised: (moment) => `Raised on ${moment}.`,
    asks: (person) => `${person}, are you on it? Then nobody else is called.`,
    take: 'I am on it',
    taken: (person) => `${person} is on it. Nobody else is called.`,
    over: 'This is over already.',
  },
};
