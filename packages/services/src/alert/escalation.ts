import type { Config, EscalationConfig, PersonOnCall } from '@upheld/config/schema.ts';
import type { DeliveryChannel } from '@upheld/domain/notify/delivery.ts';
import type { Recipient } from '@upheld/domain/notify/recipient.ts';
import { personOnCall } from '@upheld/domain/desk/roster.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Rosters } from '../on-call/rosters.ts';

/** What an alert is about, as far as it decides who is called. */
export interface AlertFacts {
  kind: 'incident' | 'duty';
  componentIds: readonly string[];
  agreements: readonly string[];
  severities: readonly string[];
}

/** The first escalation that is for it; null where nobody is to be called. */
export function escalationFor(config: Config, facts: AlertFacts): EscalationConfig | null {
  return (
    config.onCall?.escalations.find(({ for: wanted }) => {
      const { kinds, components, agreements, severities } = wanted;
      return (
        (!kinds || kinds.includes(facts.kind)) &&
        overlaps(components, facts.componentIds) &&
        overlaps(agreements, facts.agreements) &&
        overlaps(severities, facts.severities)
      );
    }) ?? null
  );
}

function overlaps(wanted: readonly string[] | undefined, found: readonly string[]): boolean {
  return wanted === undefined || wanted.some((one) => found.includes(one));
}

/** One call: who, by which ways, and how long they have. */
export interface Call {
  to: { channel: DeliveryChannel; recipient: Recipient }[];
  waitMs: number;
}

/** The n-th call (from 0) of an escalation, made at that moment; null when all rounds are over. */
export function callAt(
  config: Config,
  rosters: Rosters,
  escalation: EscalationConfig,
  { n, at }: { n: number; at: Instant },
): Call | null {
  const { steps, rounds } = escalation;
  const step = steps[n % steps.length];
  if (!step || n >= steps.length * rounds) return null;
  const called = new Set(
    step.people.map((id) => {
      const roster = rosters.get(id);
      return roster ? personOnCall(roster, at) : id;
    }),
  );
  const people = config.onCall?.people.filter(({ id }) => called.has(id)) ?? [];
  return { to: people.flatMap((person) => waysTo(config, person, step.by)), waitMs: step.wait };
}

/** Every way in which a person can be reached now, of those that are wanted. */
function waysTo(
  config: Config,
  person: PersonOnCall,
  by: readonly DeliveryChannel[] | undefined,
): Call['to'] {
  const { id, name, language, email, phone, webhook } = person;
  const { channels } = config;
  const addresses: [DeliveryChannel, string | undefined][] = [
    ['sms', channels.sms && phone],
    ['email', channels.email && email],
    ['webhook', webhook?.url],
  ];
  return addresses.flatMap(([channel, address]) =>
    address === undefined || (by && !by.includes(channel))
      ? []
      : [{ channel, recipient: { kind: 'on-call' as const, id, name, address, language } }],
  );
}
