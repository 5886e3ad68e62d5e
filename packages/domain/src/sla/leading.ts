import type { Rules } from './rules.ts';

/** Figures of another source that lead, as an agreement says. */
export interface LeadingFigures {
  /** Of what the agreement does not cover itself; null: of its own components, beside our figures. */
  of: string | null;
  address: string;
  clause: string;
}

/** Every other source whose figures lead under an agreement; none where our own lead everywhere. */
export function leadingOf({ agreement, terms }: Rules): LeadingFigures[] {
  const { leading, clause } = terms.availability;
  const own = leading === 'own-probes' ? [] : [{ of: null, address: leading, clause }];
  const others = agreement.document.outside.flatMap(({ name, leading: address, clause: where }) =>
    address === undefined ? [] : [{ of: name, address, clause: where }],
  );
  return [...own, ...others];
}
