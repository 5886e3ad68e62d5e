import { DESK_WORDS } from '../desk/words.ts';
import type { Language } from '../text.ts';
import type { TicketMessage, TicketNotification } from './desk-messages.ts';
import type { Letterhead, MailLayout } from './letter.ts';
import { oneLine } from './phrases.ts';

interface TicketWords {
  heading: Readonly<Record<TicketMessage, string>>;
  received: (number: number) => string;
  status: string;
  placed: string;
  more: string;
  why: (organisation: string) => string;
}

const nl: TicketWords = {
  heading: {
    received: 'Uw melding is ontvangen',
    responded: 'Antwoord op uw melding',
    updated: 'Nieuws over uw melding',
    paused: 'Uw melding wacht',
    resumed: 'Uw melding wacht niet meer',
    recategorised: 'Uw melding is anders ingedeeld',
    recovered: 'Uw melding is opgelost',
    reopened: 'Uw melding is weer open',
    closed: 'Uw melding is gesloten',
  },
  received: (number) =>
    `We hebben uw melding ontvangen onder nummer ${number}. Antwoordt u op deze mail, dan komt dat bij dezelfde melding.`,
  status: 'Status',
  placed: 'Ingedeeld als',
  more: 'Lees verder op de statuspagina',
  why: (organisation) => `U krijgt dit bericht omdat u iets meldde bij ${organisation}.`,
};

const en: TicketWords = {
  heading: {
    received: 'Your report was received',
    responded: 'An answer to your report',
    updated: 'News of your report',
    paused: 'Your report is waiting',
    resumed: 'Your report is waiting no longer',
    recategorised: 'Your report was placed elsewhere',
    recovered: 'Your report is resolved',
    reopened: 'Your report is open again',
    closed: 'Your report is closed',
  },
  received: (number) =>
    `We received your report under number ${number}. What you answer to this mail is added to it.`,
  status: 'Status',
  placed: 'Placed as',
  more: 'Read on at the status page',
  why: (organisation) => `You get this message because you reported something to ${organisation}.`,
};

export const TICKET_WORDS: Readonly<Record<Language, TicketWords>> = { nl, en };

/** A mail to whoever reported something: what became of it, and how it stands. */
export function ticketLayout(
  content: TicketNotification,
  from: Letterhead,
  language: Language,
): Omit<MailLayout, 'language' | 'organisation'> {
  const words = TICKET_WORDS[language];
  return {
    heading: words.heading[content.event],
    tone: content.event === 'recovered' ? 'over' : 'plain',
    title: oneLine(content.title),
    facts: factsOf(content, language),
    body: content.text === '' ? words.received(content.number) : content.text,
    action: { label: words.more, url: from.url },
    footer: [{ text: words.why(from.organisation) }],
  };
}

function factsOf({ event, stands }: TicketNotification, language: Language): MailLayout['facts'] {
  if (!stands) return [];
  const { status, placed } = TICKET_WORDS[language];
  const words = DESK_WORDS[language];
  const waits = stands.waitsFor === null ? '' : `: ${words.waitsFor[stands.waitsFor]}`;
  const level = stands.severity === null ? '' : `, ${words.level(oneLine(stands.severity))}`;
  return [
    { label: status, value: words.state[stands.state] + waits },
    ...(event === 'recategorised'
      ? [{ label: placed, value: words.kind[stands.type] + level }]
      : []),
  ];
}
