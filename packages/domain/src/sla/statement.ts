import { lengthOf } from '../time/interval.ts';
import { formatInstant } from '../time/zoned.ts';
import { accountOf, type Account } from './account.ts';
import type { Agreement } from './agreement.ts';
import { availabilityOf } from './availability.ts';
import { clocksOf } from './clocks.ts';
import { compensationOf } from './compensation.ts';
import { attainmentOf, interruptionsOf, performanceOf } from './counts.ts';
import type { Facts } from './facts.ts';
import type { Judged } from './maintenance-verdict.ts';
import type { Statement, StatementMaintenance } from './statement-types.ts';

/**
 * The statement on sound facts (see parseFacts) under an agreement. Pure: the same facts and the
 * same agreement always give the same statement.
 */
export function statement(facts: Facts, agreement: Agreement): Statement {
  return statementOf(accountOf(facts, agreement));
}

/** The same for facts that were laid out before. */
export function statementOf(account: Account): Statement {
  const { facts, rules, ledger, judged, buckets } = account;
  const availability = availabilityOf(rules, ledger, buckets);
  const clocks = clocksOf(rules, ledger.tickets, ledger.asOf);
  return {
    agreement: facts.agreement,
    component: facts.component,
    ...(facts.customer === undefined ? {} : { customer: facts.customer }),
    period: { from: formatInstant(ledger.period.from), to: formatInstant(ledger.period.to) },
    asOf: formatInstant(ledger.asOf),
    readings: { ...rules.readings },
    availability,
    maintenances: judged.map(printed),
    interruptions: interruptionsOf(account),
    clocks,
    attainment: attainmentOf(rules, ledger, clocks),
    performance: performanceOf(rules, facts.responseTimesMs),
    compensation: compensationOf(rules, facts, ledger, availability),
  };
}

function printed(judged: Judged): StatementMaintenance {
  const { lastValidAnnouncement: last } = judged;
  return {
    id: judged.maintenance.id,
    verdict: judged.verdict,
    lastValidAnnouncement: last === null ? null : formatInstant(last),
    qualifyingSeconds: lengthOf(judged.qualifying) / 1000,
    outsidePreferredSeconds: judged.outsidePreferred / 1000,
  };
}
