import type { Dictionary } from '../i18n/dictionary.ts';
import type { WorksheetTexts } from '../i18n/worksheet/texts.ts';

/** How a worksheet writes what has to be exact. */
export interface ExactFormats {
  /** za 7 nov 2026 10:30:07, of an instant as text. */
  stamp(at: string): string;
  /** The same without its seconds where they are none: 1 nov 2026 00:00. */
  moment(at: string): string;
  /** The end of a stretch: the time alone where it ends on the day it began. */
  end(from: string, to: string): string;
  /** Hours, minutes and seconds, nothing cut: 1.204 u 12 min 7 s. */
  length(seconds: number): string;
  /** 4.334.407 s */
  seconds(count: number): string;
}

const NO_BREAK = '\u00a0';
const HOUR = 3600;
const MINUTE = 60;

export function exactFormats(t: Dictionary, w: WorksheetTexts, zone: string): ExactFormats {
  const intl = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(t.locale, { timeZone: zone, ...options });
  const clock = {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  } as const;
  const date = intl({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
  const time = intl(clock);
  const number = new Intl.NumberFormat(t.locale);
  const stamp = (at: string): string => {
    const instant = Date.parse(at);
    return `${date.format(instant)} ${time.format(instant)}`;
  };
  return {
    stamp,
    moment: (at) => stamp(at).replace(/:00$/, ''),
    end: (from, to) =>
      date.format(Date.parse(from)) === date.format(Date.parse(to))
        ? time.format(Date.parse(to))
        : stamp(to),
    length: (seconds) =>
      [
        [Math.floor(seconds / HOUR), t.units.hour] as const,
        [Math.floor((seconds % HOUR) / MINUTE), t.units.minute] as const,
        [seconds % MINUTE, t.units.second] as const,
      ]
        .filter(([count, unit]) => count > 0 || (seconds === 0 && unit === t.units.second))
        .map(([count, unit]) => `${number.format(count)}${NO_BREAK}${unit}`)
        .join(NO_BREAK),
    seconds: (count) => w.inSeconds(number.format(count)).replaceAll(' ', NO_BREAK),
  };
}

/** As many decimals as a statement has. */
export const EXACT_DIGITS = 6;
