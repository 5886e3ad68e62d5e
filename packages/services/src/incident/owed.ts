import {
  dutiesOn,
  type IncidentDuty,
  type IncidentEvent,
} from '@upheld/domain/sla/incident-duties.ts';
import { knownComponents } from '../components.ts';
import type { Context } from '../context.ts';

/** What an agreement asks of us because of an incident, and for which components. */
export interface OwedDuty extends IncidentDuty {
  /** As the configuration refers to it. */
  agreement: string;
  /** As people call it. */
  agreementName: string;
  componentIds: readonly string[];
}

/** A component under one of its agreements. */
export interface CoveredBy {
  componentId: string;
  /** As the configuration refers to it. */
  agreement: string;
}

/** Every agreement of these components. */
export function coveringAgreements(
  ctx: Pick<Context, 'config'>,
  componentIds: readonly string[],
): CoveredBy[] {
  return knownComponents(ctx.config(), componentIds).flatMap((component) =>
    component.agreements.map((use) => ({ componentId: component.id, agreement: use.agreement })),
  );
}

/** The duties that one event makes under agreements: each once, however many components it covers. */
export function owedBecauseOf(
  ctx: Pick<Context, 'agreements'>,
  covered: readonly CoveredBy[],
  happened: IncidentEvent,
): OwedDuty[] {
  const book = ctx.agreements();
  return [...Map.groupBy(covered, ({ agreement }) => agreement)].flatMap(([reference, list]) => {
    const agreement = book.get(reference);
    return dutiesOn(agreement, happened).map((duty) => ({
      ...duty,
      agreement: reference,
      agreementName: agreement.name,
      componentIds: [...new Set(list.map((one) => one.componentId))],
    }));
  });
}
