import type { Language, Localised } from '../text.ts';

/** Who speaks, from where, in which zone. */
export interface Letterhead {
  organisation: string;
  page: Localised;
  /** Without a slash at its end. */
  url: string;
  zone: string;
}

/** To whom: the token opens their own subscription and nothing else. */
export interface Reader {
  language: Language;
  token: string;
  /** For a challenge by text message. */
  code?: string | undefined;
}

/** What a mail is made of, before it is text or HTML. */
export interface MailLayout {
  language: Language;
  organisation: string;
  heading: string;
  tone: 'down' | 'over' | 'planned' | 'plain';
  title: string;
  facts: readonly { label: string; value: string }[];
  body: string;
  action: { label: string; url: string };
  footer: readonly { text: string; url?: string }[];
}
