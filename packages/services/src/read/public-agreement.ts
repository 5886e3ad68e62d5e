import { publicTextOf } from '@upheld/config/agreement-text.ts';
import { componentsOf } from '../components.ts';
import type { Context } from '../context.ts';
import { visibleComponents } from '../visible-components.ts';
import { coverOf, referenceOf } from './facts.ts';

/**
 * The file of an agreement, by the name that facts call it by or by its id; null unless a component that
 * some page shows is under it. What was agreed with single customers is left out.
 */
export function publicAgreement(ctx: Context, name: string): string | null {
  const config = ctx.config();
  const visible = visibleComponents(config);
  const covers = [...componentsOf(config).values()]
    .filter(({ id }) => visible.has(id))
    .flatMap((component) => coverOf(component, ctx.agreements()));
  // Somebody's own file may have kept the id of the shipped one that it was copied from.
  const found =
    covers.find((one) => referenceOf(one) === name) ??
    covers.find(({ agreement }) => agreement.id === name);
  return found ? publicTextOf(found.agreement) : null;
}
