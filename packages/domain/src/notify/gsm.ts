/** GSM 03.38: one character is one septet; those of the extension table take two. */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const EXTENSION = '^{}\\[~]|€\f';

const one = new Set(BASIC);
const two = new Set(EXTENSION);

const INSTEAD: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '…': '...',
  '•': '-',
  '×': 'x',
};

/**
 * The text in the GSM alphabet: one other character in a message would halve what fits (70 for 160).
 * Letters lose accents that the alphabet lacks (ë becomes e); what is left is a question mark.
 */
export function toGsm(text: string): string {
  return Array.from(text.normalize('NFC'), letter).join('');
}

function letter(character: string): string {
  if (one.has(character) || two.has(character)) return character;
  const instead = INSTEAD[character];
  if (instead !== undefined) return instead;
  if (/\p{Zs}/u.test(character)) return ' ';
  if (/[\p{M}\p{Cf}]/u.test(character)) return '';
  const plain = character.normalize('NFKD').replace(/\p{M}/gu, '');
  return Array.from(plain).every((part) => one.has(part)) && plain !== '' ? plain : '?';
}

/** Septets of a text in the GSM alphabet. */
export function septets(text: string): number {
  return Array.from(text).reduce((sum, character) => sum + (two.has(character) ? 2 : 1), 0);
}

/** The text cut to so many septets, with three dots where it was cut. */
export function cutToSeptets(text: string, limit: number): string {
  if (septets(text) <= limit) return text;
  let room = limit - 3;
  let cut = '';
  for (const character of text) {
    room -= two.has(character) ? 2 : 1;
    if (room < 0) break;
    cut += character;
  }
  return `${cut.trimEnd()}...`;
}

/** What a text message costs: a message of several segments loses some of each to keep them together. */
export interface SmsSize {
  encoding: 'GSM-7' | 'UCS-2';
  segments: number;
}

/** How a text travels: in the GSM alphabet where every character is in it, else in UTF-16. */
export function smsSize(text: string): SmsSize {
  const isGsm = Array.from(text).every((character) => one.has(character) || two.has(character));
  const length = isGsm ? septets(text) : text.length;
  const [whole, part] = isGsm ? [160, 153] : [70, 67];
  return {
    encoding: isGsm ? 'GSM-7' : 'UCS-2',
    segments: length <= whole ? 1 : Math.ceil(length / part),
  };
}
