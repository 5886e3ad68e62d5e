import { deskClocks, type DeskClock } from '@upheld/domain/desk/clocks.ts';
import type { FactsTicket, PauseReason } from '@upheld/domain/sla/facts.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { rulesUnder, type Rules } from '@upheld/domain/sla/rules.ts';
import { versionAt } from '@upheld/domain/sla/version.ts';
import { componentsOf } from '../components.ts';
import type { Context } from '../context.ts';
import { levelsOf } from './ticket-input.ts';

/** A ticket under one of the agreements of its component. */
export interface UnderAgreement {
  /** As the configuration names it. */
  agreement: string;
  rules: Rules;
  facts: FactsTicket;
  clocks: (now: Instant, waitsFor: PauseReason | null) => DeskClock[];
}

/** A ticket under every agreement of its component that it says something to. */
export function clocksUnder(
  ctx: Context,
  componentId: string,
  factsFor: (levels: readonly string[]) => FactsTicket | null,
): UnderAgreement[] {
  const component = componentsOf(ctx.config()).get(componentId);
  const book = ctx.agreements();
  return (component?.agreements ?? []).flatMap(({ agreement: reference }) => {
    const agreement = book.get(reference);
    const facts = factsFor(levelsOf(agreement));
    if (facts === null) return [];
    const rules = rulesUnder(versionAt(agreement, ctx.clock.now()));
    return [
      {
        agreement: reference,
        rules,
        facts,
        clocks: (now, waitsFor) => deskClocks(rules, reference, facts, now, waitsFor),
      },
    ];
  });
}
