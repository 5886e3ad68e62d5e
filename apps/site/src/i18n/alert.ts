import type { Language } from '@upheld/domain/text.ts';

interface AlertWords {
  unknownTitle: string;
  unknown: string;
  raised(moment: string): string;
  asks(person: string): string;
  take: string;
  taken(person: string): string;
  over: string;
  /** Of a call about several: how many there are. */
  several(count: number): string;
  untaken(count: number): string;
  asksAll(person: string): string;
  takeAll(count: number): string;
  /** The accessible name of the button beside one of several. */
  takeOne(title: string): string;
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
    several: (count) => `${count} dingen vragen u`,
    untaken: (count) =>
      count === 0
        ? 'Van alles weten we wie ermee bezig is, of het is voorbij.'
        : count === 1
          ? 'Met één ervan is nog niemand bezig.'
          : `Met ${count} ervan is nog niemand bezig.`,
    asksAll: (person) =>
      `${person}, pakt u ze op? Dan wordt daarvoor niemand anders meer gebeld. Eén tegelijk kan ook.`,
    takeAll: (count) => (count === 1 ? 'Ik pak het op' : `Ik pak alle ${count} op`),
    takeOne: (title) => `Ik pak het op: ${title}`,
  },
  en: {
    unknownTitle: 'This link belongs to nothing',
    unknown: 'Perhaps it was not copied whole, or you are not on call any more.',
    raised: (moment) => `Raised on ${moment}.`,
    asks: (person) => `${person}, are you on it? Then nobody else is called.`,
    take: 'I am on it',
    taken: (person) => `${person} is on it. Nobody else is called.`,
    over: 'This is over already.',
    several: (count) => `${count} things need you`,
    untaken: (count) =>
      count === 0
        ? 'Somebody is on each of them, or it is over.'
        : count === 1
          ? 'Nobody is on one of them yet.'
          : `Nobody is on ${count} of them yet.`,
    asksAll: (person) =>
      `${person}, are you on them? Then nobody else is called for them. You can take one by one as well.`,
    takeAll: (count) => (count === 1 ? 'I am on it' : `I am on all ${count}`),
    takeOne: (title) => `I am on it: ${title}`,
  },
};
