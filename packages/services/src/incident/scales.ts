import type { ComponentConfig } from '@upheld/config/schema.ts';
import type { Agreement } from '@upheld/domain/sla/agreement.ts';
import type { Context } from '../context.ts';
import { invalidInput } from '../input.ts';

/** A severity as a level of one agreement of one component. */
export interface Graded {
  componentId: string;
  /** As the configuration refers to it. */
  agreement: string;
  countsAsDown: boolean;
}

/**
 * Where a severity is a level: every agreement of these components whose scale has it, narrowed to one
 * agreement when it is named. Throws DomainError('invalid-input') when a component has none such.
 */
export function grade(
  ctx: Context,
  components: readonly ComponentConfig[],
  severity: string,
  agreement?: string,
): Graded[] {
  return components.flatMap((component) => {
    const scales = scalesOf(ctx, component).filter(
      ({ reference, scale }) =>
        agreement === undefined || agreement === reference || agreement === scale.id,
    );
    if (agreement !== undefined && scales.length === 0)
      throw invalidInput([
        {
          path: 'agreement',
          message: `"${agreement}" does not cover ${component.id}; write one of ${component.agreements
            .map((use) => use.agreement)
            .join(', ')}`,
        },
      ]);
    const graded = scales.flatMap(({ reference, scale }) => {
      const level = scale.severityLevels.find(({ id }) => id === severity);
      if (!level) return [];
      return [
        { componentId: component.id, agreement: reference, countsAsDown: level.countsAsDown },
      ];
    });
    if (graded.length === 0) throw unknownLevel(component.id, severity, scales);
    return graded;
  });
}

interface Scale {
  reference: string;
  scale: Agreement;
}

function scalesOf(ctx: Context, component: ComponentConfig): Scale[] {
  const book = ctx.agreements();
  return component.agreements.map((use) => ({
    reference: use.agreement,
    scale: book.get(use.agreement),
  }));
}

function unknownLevel(component: string, severity: string, scales: readonly Scale[]): Error {
  const known = scales.map(
    ({ reference, scale }) =>
      `${scale.severityLevels.map(({ id }) => id).join(', ')} (${reference})`,
  );
  return invalidInput([
    {
      path: 'severity',
      message:
        known.length === 0
          ? `cannot be given: ${component} has no agreement`
          : `"${severity}" is no level for ${component}; write one of ${known.join('; ')}`,
    },
  ]);
}
