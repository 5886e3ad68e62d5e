import { DomainError } from '@upheld/domain/errors.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { z } from 'zod';
import type { Actor, Context } from '../context.ts';
import { idInput, parseInput } from '../input.ts';
import { transactUntilWon } from '../race.ts';
import type { IncidentView } from '../read/page-view.ts';
import { versionInput } from '../version.ts';
import { finishChange, incidentToChange, setIncident } from './incident-row.ts';

const LONGEST_POSTMORTEM = 50_000;
const text = z
  .string('is missing; a postmortem needs nl and en')
  .trim()
  .max(LONGEST_POSTMORTEM, `is too long; write at most ${LONGEST_POSTMORTEM} characters`);
const postmortemInput = z
  .strictObject({
    incidentId: idInput,
    body: z.strictObject({ nl: text, en: text }),
    published: z.boolean().default(false),
    expectedVersion: versionInput,
  })
  .check((checked) => {
    const { body, published } = checked.value;
    for (const language of ['nl', 'en'] as const)
      if (published && body[language] === '')
        checked.issues.push({
          code: 'custom',
          input: body[language],
          path: ['body', language],
          message: 'is empty; customers read either language, so both are needed to publish',
        });
  });

export interface WritePostmortem {
  incidentId: string;
  /** Markdown. Either may be empty while it is not published. */
  body: Localised;
  /** False, the default: customers see none, also not the one before. */
  published?: boolean | undefined;
  expectedVersion?: number | undefined;
}

/**
 * Writes the postmortem of an incident, published or not. Each is kept; the last one is the postmortem.
 * Throws DomainError: 'not-found', 'invalid-input', 'conflict' (also for publishing while it goes on).
 */
export async function writePostmortem(
  ctx: Context,
  actor: Actor,
  input: WritePostmortem,
): Promise<IncidentView> {
  const { incidentId, body, published, expectedVersion } = parseInput(postmortemInput, input);
  return transactUntilWon(ctx.db, async (h) => {
    const now = ctx.clock.now();
    const row = await incidentToChange(h, incidentId, expectedVersion);
    if (published && row.resolvedAt === null)
      throw new DomainError(
        'conflict',
        'the incident is not resolved yet; keep the postmortem as a draft until it is',
      );
    await setIncident(h, row, { updatedAt: now });
    await h.q.insert(h.t.postmortems).values({
      id: ctx.ids.next(),
      incidentId,
      bodyNl: body.nl,
      bodyEn: body.en,
      published,
      recordedAt: now,
      recordedBy: actor.name,
    });
    return finishChange(h, ctx, actor, {
      row,
      action: 'incident.postmortem',
      after: { published, body },
    });
  });
}
