import type { Language } from '../text.ts';

interface TestWords {
  heading: string;
  asked: string;
  body: string;
  page: string;
  why: (organisation: string) => string;
  sms: (page: string) => string;
}

/** What a test message says: that it is one, and that nothing is wrong. */
export const TEST_WORDS: Readonly<Record<Language, TestWords>> = {
  nl: {
    heading: 'Test: er is niets aan de hand',
    asked: 'Gevraagd op',
    body: 'Dit is een testbericht. Iemand die de statuspagina beheert, kijkt of berichten aankomen. U hoeft niets te doen.',
    page: 'Naar de statuspagina',
    why: (organisation) =>
      `U krijgt dit bericht omdat een beheerder van ${organisation} dit adres opgaf om te testen. U bent nergens voor aangemeld.`,
    sms: (page) => `TEST van ${page}: er is niets aan de hand, u hoeft niets te doen.`,
  },
  en: {
    heading: 'Test: nothing is wrong',
    asked: 'Asked for',
    body: 'This is a test message. Somebody who runs the status page looks whether messages arrive. There is nothing to do.',
    page: 'To the status page',
    why: (organisation) =>
      `You get this message because somebody who runs the page of ${organisation} gave this address for a test. You are subscribed to nothing.`,
    sms: (page) => `TEST from ${page}: nothing is wrong, there is nothing to do.`,
  },
};
