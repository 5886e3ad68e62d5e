import type { Instant } from '@upheld/domain/ports.ts';
import type { Localised } from '@upheld/domain/text.ts';

/** An outage that is to have happened. */
export interface PlannedOutage {
  componentId: string;
  state: 'down' | 'degraded';
  from: Instant;
  to: Instant;
  found: Localised;
  mended: Localised;
}

/** A maintenance that is to have been announced, and done unless it is still to come. */
export interface PlannedMaintenance {
  componentId: string;
  announcedAt: Instant;
  from: Instant;
  to: Instant;
  /** Whether the work took place before now. */
  done: boolean;
  title: Localised;
  text: Localised;
}

export interface History {
  /** When measuring began. */
  from: Instant;
  outages: readonly PlannedOutage[];
  maintenances: readonly PlannedMaintenance[];
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const STORIES: readonly Pick<PlannedOutage, 'found' | 'mended'>[] = [
  {
    found: {
      nl: 'Een schijf van de databaseserver is vol geraakt. We maken ruimte.',
      en: 'A disk of the database server ran full. We are making room.',
    },
    mended: {
      nl: 'Er is weer ruimte en alles werkt. We waarschuwen onszelf voortaan eerder.',
      en: 'There is room again and all is well. From now on we warn ourselves earlier.',
    },
  },
  {
    found: {
      nl: 'Een certificaat is verlopen. We vervangen het.',
      en: 'A certificate has expired. We are replacing it.',
    },
    mended: {
      nl: 'Het certificaat is vervangen en wordt voortaan vanzelf vernieuwd.',
      en: 'The certificate is replaced and is renewed by itself from now on.',
    },
  },
  {
    found: {
      nl: 'De nieuwe versie vraagt te veel van de server. We gaan terug naar de vorige.',
      en: 'The new version asks too much of the server. We are going back to the previous one.',
    },
    mended: {
      nl: 'De vorige versie draait weer, en de oorzaak is gevonden.',
      en: 'The previous version is running again, and the cause is found.',
    },
  },
  {
    found: {
      nl: 'Onze netwerkleverancier heeft een storing.',
      en: 'Our network supplier has an outage.',
    },
    mended: {
      nl: 'De verbinding is hersteld.',
      en: 'The connection is restored.',
    },
  },
];

/** A year that ends yesterday, and what is announced now: the same for the same `now`, with no outage of a component over another. */
export function planHistory(at: Instant): History {
  const now = Math.floor(at / 1000) * 1000;
  const random = seeded(20_261_121);
  const from = now - 370 * DAY;
  const outages: PlannedOutage[] = [];
  for (const [componentId, count] of [
    ['dossier', 5],
    ['planner', 14],
    ['declaraties', 8],
  ] as const) {
    // One a stretch of the year: spread like real ones, and never over each other.
    const stretch = (365 * DAY) / count;
    for (let n = 0; n < count; n += 1) {
      const start = from + 2 * DAY + n * stretch + random() * stretch * 0.8;
      const story = STORIES[Math.floor(random() * STORIES.length)] ?? STORIES[0];
      const minutes = 4 + Math.floor(random() ** 3 * 130);
      const begin = Math.floor(start / 1000) * 1000;
      if (!story || begin > now - DAY) continue;
      const state = componentId === 'declaraties' && random() < 0.6 ? 'degraded' : 'down';
      outages.push({ componentId, state, from: begin, to: begin + minutes * MINUTE, ...story });
    }
  }
  return { from, outages, maintenances: planMaintenances(now) };
}

function planMaintenances(now: Instant): PlannedMaintenance[] {
  const midnight = Math.floor(now / DAY) * DAY;
  const past = [320, 250, 180, 110, 45, 12].map((daysAgo, index): PlannedMaintenance => {
    const from = midnight - daysAgo * DAY + 19 * HOUR;
    return {
      componentId: index % 2 === 0 ? 'dossier' : 'planner',
      // The fourth was announced too late for its agreement, as happens.
      announcedAt: from - (index === 3 ? 20 * HOUR : 6 * DAY),
      from,
      to: from + 90 * MINUTE,
      done: true,
      title: { nl: 'Nieuwe versie', en: 'New version' },
      text: {
        nl: 'We plaatsen een nieuwe versie. Tijdens het werk is het product niet bereikbaar.',
        en: 'We install a new version. The product cannot be reached during the work.',
      },
    };
  });
  const from = midnight + 4 * DAY + 19 * HOUR;
  return [
    ...past,
    {
      componentId: 'dossier',
      announcedAt: now - 2 * HOUR,
      from,
      to: from + 2 * HOUR,
      done: false,
      title: { nl: 'Verhuizing van de database', en: 'Moving the database' },
      text: {
        nl: 'We verhuizen de database naar nieuwe servers. Dossier is dan niet bereikbaar.',
        en: 'We move the database to new servers. Dossier cannot be reached meanwhile.',
      },
    },
  ];
}

/** A small generator of fractions (mulberry32): the same row for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
