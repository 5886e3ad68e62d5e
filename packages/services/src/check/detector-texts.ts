import type { Localised } from '@upheld/domain/text.ts';

/** What the detector says when nobody has said anything yet. */
export const DETECTOR_TEXTS = {
  title: {
    down: (name: Localised): Localised => ({ nl: `${name.nl}: storing`, en: `${name.en}: outage` }),
    degraded: (name: Localised): Localised => ({ nl: `${name.nl}: traag`, en: `${name.en}: slow` }),
  },
  opened: {
    down: {
      nl: 'Onze controles krijgen geen goed antwoord. We zoeken uit wat er aan de hand is.',
      en: 'Our checks get no good answer. We are finding out what is wrong.',
    },
    degraded: {
      nl: 'Onze controles krijgen trager antwoord dan normaal. We zoeken uit wat er aan de hand is.',
      en: 'Our checks get slower answers than usual. We are finding out what is wrong.',
    },
  },
  worse: {
    nl: 'Van traag naar onbereikbaar: onze controles krijgen geen goed antwoord meer.',
    en: 'From slow to unreachable: our checks no longer get a good answer.',
  },
  back: {
    nl: 'De storing is terug. We melden het zodra de dienst tien minuten achter elkaar goed werkt.',
    en: 'The disturbance is back. We will tell you once the service has worked for ten minutes in a row.',
  },
  resolved: {
    nl: 'Onze controles krijgen weer een goed antwoord. De storing is voorbij.',
    en: 'Our checks get good answers again. The disturbance is over.',
  },
  noLongerMonitored: {
    nl: 'Dit onderdeel wordt niet langer gecontroleerd. Daarmee sluiten we deze melding.',
    en: 'This component is no longer monitored. With that we close this report.',
  },
} as const;
