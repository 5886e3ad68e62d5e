import type { Handle } from '@upheld/db/database.ts';
import { CORRECTION_KINDS, type CorrectionKind } from '@upheld/domain/correction/correction.ts';
import { DomainError, type Fault } from '@upheld/domain/errors.ts';
import { CAUSES, type Cause } from '@upheld/domain/incident/incident.ts';
import { maintenanceStatus, workOf } from '@upheld/domain/maintenance/status.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { intersect, setOf } from '@upheld/domain/time/interval.ts';
import { formatInstant } from '@upheld/domain/time/zoned.ts';
import { and, eq } from '@upheld/db/query.ts';
import { z } from 'zod';
import { knownComponents } from '../components.ts';
import type { Context } from '../context.ts';
import { grade } from '../incident/scales.ts';
import { idInput, invalidInput, reasonInput } from '../input.ts';
import { holding } from '../read/corrections.ts';
import { versionInput } from '../version.ts';
import type { CorrectedOutage, CorrectionMatter } from './outage.ts';

const LONGEST_EVIDENCE = 2000;

export const evidenceInput = z
  .string('is missing; name what shows it: a link, a document, words')
  .trim()
  .min(1, 'is empty; name what shows it: a link, a document, words')
  .max(LONGEST_EVIDENCE, `is too long; write at most ${LONGEST_EVIDENCE} characters`);

/** What a correction says, without why. */
export const matterInput = z.strictObject({
  outageId: idInput,
  kind: z.enum(CORRECTION_KINDS, `must be one of ${CORRECTION_KINDS.join(', ')}`),
  cause: z.enum(CAUSES, `must be one of ${CAUSES.join(', ')}`).optional(),
  agreement: idInput.optional(),
  severity: idInput.optional(),
  maintenanceId: idInput.optional(),
});

export const correctionInput = matterInput.extend({
  reason: reasonInput,
  evidence: evidenceInput,
  expectedVersion: versionInput,
});

/** What a correction says of an outage. */
export interface CorrectionSaid {
  outageId: string;
  kind: CorrectionKind;
  /** Of a wrong cause: the right one. */
  cause?: Cause | undefined;
  /** Of a wrong severity: the right level, and of whose scale; the latter where several have it. */
  agreement?: string | undefined;
  severity?: string | undefined;
  /** Of an outage that was maintenance. */
  maintenanceId?: string | undefined;
}

/** What belongs to each kind: all of it is needed, but for an agreement that can be only one. */
const BELONGS: Readonly<Record<CorrectionKind, readonly (keyof CorrectionSaid)[]>> = {
  'false-alarm': [],
  cause: ['cause'],
  severity: ['severity', 'agreement'],
  maintenance: ['maintenanceId'],
};
const OPTIONAL = new Set<keyof CorrectionSaid>(['agreement']);
const DETAILS = ['cause', 'agreement', 'severity', 'maintenanceId'] as const;

/**
 * What a correction puts down, after a look at whether it can be true. Throws DomainError: 'not-found';
 * 'invalid-input' with every fault; 'conflict' while the outage goes on, or when it already stands so.
 */
export async function checkCorrection(
  h: Handle,
  ctx: Context,
  outage: CorrectedOutage,
  said: CorrectionSaid,
  now: Instant,
): Promise<CorrectionMatter> {
  const faults = detailFaults(said);
  if (faults.length > 0) throw invalidInput(faults);
  if (outage.endedAt === null)
    throw new DomainError(
      'conflict',
      'the outage still goes on; say what is known of it on its incident, and correct it when it is over',
    );
  const nothing = { cause: null, agreement: null, severity: null, maintenanceId: null };
  const matter: CorrectionMatter = {
    kind: said.kind,
    withdraws: null,
    ...nothing,
    ...(said.kind === 'severity' ? severityOf(ctx, outage, said) : {}),
    ...(said.kind === 'cause' ? { cause: said.cause ?? null } : {}),
    ...(said.kind === 'maintenance'
      ? { maintenanceId: await maintenanceOf(h, outage, said.maintenanceId ?? '', now) }
      : {}),
  };
  const same = holding(outage.entries).some(
    (entry) =>
      entry.kind === matter.kind && DETAILS.every((detail) => entry[detail] === matter[detail]),
  );
  if (same) throw new DomainError('conflict', 'the outage is already corrected to exactly this');
  return matter;
}

function detailFaults(said: CorrectionSaid): Fault[] {
  const belongs = BELONGS[said.kind];
  return DETAILS.flatMap((path) => {
    const isGiven = said[path] !== undefined;
    if (isGiven && !belongs.includes(path))
      return [{ path, message: `does not belong to a correction of the kind "${said.kind}"` }];
    return !isGiven && belongs.includes(path) && !OPTIONAL.has(path)
      ? [{ path, message: `is missing; a correction of the kind "${said.kind}" needs it` }]
      : [];
  });
}

function severityOf(
  ctx: Context,
  outage: CorrectedOutage,
  { severity = '', agreement }: CorrectionSaid,
): Pick<CorrectionMatter, 'severity' | 'agreement'> {
  const component = knownComponents(ctx.config(), [outage.componentId]);
  const [graded, ...more] = grade(ctx, component, severity, agreement);
  if (!graded || more.length > 0) {
    const references = [graded, ...more].flatMap((one) => one?.agreement ?? []);
    throw invalidInput([
      {
        path: 'agreement',
        message: `is missing; "${severity}" is a level of ${references.join(' and ')}`,
      },
    ]);
  }
  return { severity, agreement: graded.agreement };
}

/** The maintenance that an outage was, when it can have been. */
async function maintenanceOf(
  { q, t }: Handle,
  { componentId, startedAt, endedAt }: CorrectedOutage,
  id: string,
  now: Instant,
): Promise<string> {
  const m = t.maintenances;
  const [found] = await q
    .select({ maintenance: m })
    .from(m)
    .innerJoin(t.maintenanceComponents, eq(t.maintenanceComponents.maintenanceId, m.id))
    .where(and(eq(m.id, id), eq(t.maintenanceComponents.componentId, componentId)));
  const fault = (message: string): DomainError =>
    invalidInput([{ path: 'maintenanceId', message }]);
  if (!found) throw fault(`"${id}" is no maintenance of ${componentId}`);
  const { maintenance } = found;
  const status = maintenanceStatus(maintenance, now);
  if (status === 'cancelled') throw fault('names a maintenance that was cancelled');
  if (status !== 'completed') throw fault('names a maintenance that is not over yet');
  const { windowFrom, windowTo } = maintenance;
  const its = setOf([{ from: windowFrom, to: windowTo }, ...workOf(maintenance, now)]);
  const outage = setOf([{ from: startedAt, to: Math.max(endedAt ?? now, startedAt + 1) }]);
  if (intersect(its, outage).length === 0)
    throw fault(
      `names a maintenance that did not touch the outage; its window was from ${formatInstant(windowFrom)} to ${formatInstant(windowTo)}`,
    );
  return id;
}
