import type { Config } from '@upheld/config/schema.ts';
import { parseMailAddress } from '@upheld/domain/notify/address.ts';
import type { Channel } from '@upheld/domain/notify/delivery.ts';
import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';

export type ParsedAddress =
  | { ok: true; address: string; key: string }
  | { ok: false; reason: 'invalid-address' | 'not-mobile' | 'country-not-served' | 'channel-off' };

/**
 * An address as a channel sends to it, and the key that makes two of them the same. Telephone numbers
 * must be mobile ones of a country that the operator serves: others cost money and reach nobody.
 */
export function parseAddress(config: Config, channel: Channel, text: string): ParsedAddress {
  if (!config.channels[channel]) return { ok: false, reason: 'channel-off' };
  if (channel === 'sms') return parsePhone(text, config.channels.sms?.countries ?? []);
  const address = parseMailAddress(text);
  return address === null
    ? { ok: false, reason: 'invalid-address' }
    : { ok: true, address, key: address.toLowerCase() };
}

function parsePhone(text: string, served: readonly string[]): ParsedAddress {
  const [home] = served as readonly CountryCode[];
  const number = parsePhoneNumberFromString(text.trim(), {
    ...(home === undefined ? {} : { defaultCountry: home }),
    // Else a number is found in the middle of any text.
    extract: false,
  });
  if (!number?.isValid() || number.ext !== undefined)
    return { ok: false, reason: 'invalid-address' };
  if (number.country === undefined || !served.includes(number.country))
    return { ok: false, reason: 'country-not-served' };
  if (number.getType() !== 'MOBILE') return { ok: false, reason: 'not-mobile' };
  return { ok: true, address: number.number, key: number.number };
}
