import { TICKET_KINDS, type TicketKind } from '@upheld/domain/sla/facts.ts';
import type { Place, PlaceUnder } from '@upheld/services/ticket/places.ts';
import { shortName } from './ticket-mail.ts';
import { placeWords } from './tickets.ts';

/** The value of a place in a form: `incident:b`, or `question`. */
export function placeValue(place: { type: TicketKind; severity: string | null }): string {
  return place.severity === null ? place.type : `${place.type}:${place.severity}`;
}

/** What a form says of a place; null where it names no type. */
export function placeIn(value: string): { type: TicketKind; severity?: string } | null {
  const [name = '', ...rest] = value.split(':');
  const type = TICKET_KINDS.find((kind) => kind === name);
  const severity = rest.join(':');
  return type === undefined ? null : { type, ...(severity === '' ? {} : { severity }) };
}

/** Where a report can be placed, each with what the agreements say of it. */
export function placeOptions(places: readonly Place[]) {
  return places.map((place) => ({
    value: placeValue(place),
    label: placeWords(place),
    hint: place.under.map((one) => underWords(one)).join(' '),
  }));
}

function underWords({ agreement, means, targets: { response, recovery } }: PlaceUnder): string {
  const asks = [
    ...(response === null ? [] : [`an answer within ${response}`]),
    ...(recovery === null ? [] : [`a recovery within ${recovery}`]),
  ];
  const none = [
    ...(response === null ? ['an answer'] : []),
    ...(recovery === null ? ['a recovery'] : []),
  ];
  const said = [
    ...(asks.length === 0 ? [] : [`asks for ${asks.join(' and ')}`]),
    ...(none.length === 0 ? [] : [`names no time for ${none.join(' or ')}`]),
  ];
  const meaning = means === null ? '' : `${means.en.replace(/\.$/, '')}. `;
  return `${meaning}${shortName(agreement)} ${said.join(', and ')}.`;
}
