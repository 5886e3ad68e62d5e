import { z } from '@hono/zod-openapi';

export const readinessSchema = z
  .strictObject({
    ready: z.boolean(),
    checks: z.array(
      z.strictObject({
        name: z.string(),
        ok: z.boolean(),
        detail: z.string().meta({ description: 'What was found, in words of the operator.' }),
      }),
    ),
  })
  .openapi('Readiness');

/** Whether the product does its work: one line a thing that has to go well. */
export type Readiness = z.infer<typeof readinessSchema>;
