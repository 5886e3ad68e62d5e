import { ruleFor } from '@upheld/domain/sla/clocks.ts';
import { TICKET_KINDS, type TicketKind } from '@upheld/domain/sla/facts.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { rulesUnder, type Rules } from '@upheld/domain/sla/rules.ts';
import { CLOCKS, type ClockName } from '@upheld/domain/sla/statement-types.ts';
import { versionAt } from '@upheld/domain/sla/version.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { amountWords } from '../agreement/value-words.ts';
import { componentsOf } from '../components.ts';
import type { Context } from '../context.ts';

/** A type, with a level where it has one, that a report of a component can be placed in. */
export interface Place {
  type: TicketKind;
  severity: string | null;
  /** What it comes to under each agreement of the component that has it. */
  under: readonly PlaceUnder[];
}

export interface PlaceUnder {
  agreement: string;
  /** What the agreement says of the level; null for what has none. */
  means: Localised | null;
  /** The targets, such as "4 hours of service"; null where it names none. */
  targets: Readonly<Record<ClockName, string | null>>;
}

/**
 * Where a report of a component can be placed, by what its agreements speak of: what is a fault at each
 * level, worst first, and a question without one. Of a component that is gone only the question is left.
 */
export function placesOf(
  ctx: Pick<Context, 'config' | 'agreements'>,
  componentId: string,
  now: Instant,
): Place[] {
  const agreements = componentsOf(ctx.config()).get(componentId)?.agreements ?? [];
  const all = agreements.map(({ agreement }) => {
    const version = versionAt(ctx.agreements().get(agreement), now);
    return rulesUnder(version);
  });
  const levels = [...new Set(all.flatMap(({ terms }) => terms.severity.map(({ id }) => id)))];
  return TICKET_KINDS.flatMap((type) =>
    (type === 'question' ? [null] : levels).flatMap((severity) => {
      const under = all.flatMap((rules) => underOne(rules, type, severity) ?? []);
      return under.length > 0 || type === 'question' ? [{ type, severity, under }] : [];
    }),
  );
}

/** A place under one agreement; null where that does not speak of it. */
function underOne(rules: Rules, type: TicketKind, severity: string | null): PlaceUnder | null {
  const { agreement, terms } = rules;
  const level = terms.severity.find(({ id }) => id === severity);
  if (severity !== null && !level) return null;
  const found = CLOCKS.map((name) => [name, targetOf(rules, name, type, severity)] as const);
  // Of a bug only some agreements speak; an incident is one under each.
  if (type !== 'incident' && found.every(([, target]) => target === undefined)) return null;
  const targets = Object.fromEntries(found.map(([name, target]) => [name, target ?? null]));
  return {
    agreement: agreement.name,
    means: level?.means ?? null,
    targets: targets as PlaceUnder['targets'],
  };
}

/** In words; null for a clock without a target, undefined where there is no clock. */
function targetOf(
  { terms: { tickets } }: Rules,
  name: ClockName,
  kind: TicketKind,
  severity: string | null,
): string | null | undefined {
  const rule = tickets && ruleFor(tickets[name], { kind, level: severity ?? undefined });
  if (!tickets || !rule) return undefined;
  const target = rule.target ?? rule.targets?.[severity ?? ''];
  if (!target) return null;
  const calendar = rule.calendar ?? tickets.calendar;
  return amountWords(
    'hours' in target || 'workingDays' in target ? { calendar, ...target } : target,
  );
}
