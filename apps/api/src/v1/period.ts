import { z } from '@hono/zod-openapi';
import type { Instant } from '@upheld/domain/ports.ts';
import type { FactsPeriod } from '@upheld/domain/sla/facts.ts';
import { parsePeriod, PERIOD_FORMS } from '@upheld/domain/sla/period-text.ts';

/** A plus in an address that nobody escaped arrives as a space. */
const unescaped = (text: string): string => text.replaceAll(/ (\d\d:\d\d)(?=\/|$)/g, '+$1');

const moment = z.iso.datetime({ offset: true });

/** A moment in the address of a request. */
export const instantParameter = z
  .string()
  .transform(unescaped)
  .pipe(moment.transform((text): Instant => Date.parse(text)))
  .openapi({ type: 'string', format: 'date-time' });

/** A period in the address of a request, as a facts file writes it. */
export const periodParameter = z
  .string()
  .max(80)
  .transform((text, issues): FactsPeriod => {
    const period = parsePeriod(unescaped(text));
    if (period) return period;
    issues.addIssue({ code: 'custom', message: `is no period; ${PERIOD_FORMS}` });
    return z.NEVER;
  })
  .openapi({
    type: 'string',
    example: '2026-10',
    description: `By default that of the agreement. ${PERIOD_FORMS}.`,
  });
