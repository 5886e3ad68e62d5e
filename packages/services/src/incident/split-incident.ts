import type { Handle } from '@upheld/db/database.ts';
import type { Tables } from '@upheld/db/tables.ts';
import { and, asc, eq, inArray } from '@upheld/db/query.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { IMPACTS, type Impact } from '@upheld/domain/incident/incident.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { z } from 'zod';
import type { Actor, Context } from '../context.ts';
import { bodyInput, idInput, invalidInput, parseInput, reasonInput, titleInput } from '../input.ts';
import { transactUntilWon } from '../race.ts';
import { readMerges, type Merges } from '../read/merges.ts';
import type { IncidentView } from '../read/page-view.ts';
import { versionInput } from '../version.ts';
import {
  addUpdate,
  finishChange,
  incidentComponentIds,
  incidentToChange,
  incidentView,
  setIncident,
  type IncidentRow,
} from './incident-row.ts';

const splitInput = z.strictObject({
  incidentId: idInput,
  componentIds: z.array(idInput).default([]),
  outageIds: z.array(idInput).default([]),
  title: titleInput,
  body: bodyInput,
  impact: z.enum(IMPACTS).optional(),
  reason: reasonInput,
  expectedVersion: versionInput,
});
type Given = z.output<typeof splitInput>;

export interface SplitIncident {
  incidentId: string;
  /** With all of their outages. */
  componentIds?: readonly string[] | undefined;
  /** Single outages; their components stay with the incident while others of theirs do. */
  outageIds?: readonly string[] | undefined;
  title: Localised;
  /** What customers read of the new incident. */
  body: Localised;
  impact?: Impact | undefined;
  reason: string;
  expectedVersion?: number | undefined;
}

type OutageRow = Tables['outages']['$inferSelect'];

/** What goes to the new incident, and what stays. */
interface Parting {
  outages: readonly OutageRow[];
  /** Of the new incident. */
  componentIds: readonly string[];
  /** Of those, what the old one is not about any more. */
  left: readonly string[];
}

/**
 * Makes an incident of its own of some components or outages of another, and tells its subscribers. What was
 * said of severity and cause goes along, so no second of a figure moves. Gives the new incident. Throws
 * DomainError: 'not-found', 'invalid-input', 'conflict'.
 */
export async function splitIncident(
  ctx: Context,
  actor: Actor,
  input: SplitIncident,
): Promise<IncidentView> {
  const given = parseInput(splitInput, input);
  return transactUntilWon(ctx.db, async (h) => {
    const now = ctx.clock.now();
    const row = await incidentToChange(h, given.incidentId, given.expectedVersion);
    const merges = await readMerges(h);
    const parting = await partingOf(h, row, merges, given);
    const id = ctx.ids.next();
    const held = await takeHold(h, row, merges, parting);
    await setIncident(h, row, {
      updatedAt: now,
      ...(held !== null && held === row.openForComponent ? { openForComponent: null } : {}),
    });
    const startedAt = Math.min(...parting.outages.map((one) => one.startedAt), Infinity);
    const { title } = given;
    const incident = {
      id,
      title,
      startedAt: Number.isFinite(startedAt) ? startedAt : row.startedAt,
    };
    await insertIncident(h, actor, { incident, row, held, given, parting, now });
    await move(h, ctx, merges, { id, row, parting });
    await addUpdate(h, ctx, actor, {
      incident,
      event: 'opened',
      status: row.status,
      body: given.body,
      componentIds: parting.componentIds,
      now,
    });
    await finishChange(h, ctx, actor, {
      row,
      action: 'incident.split',
      after: {
        splitOff: id,
        componentIds: parting.componentIds,
        outageIds: parting.outages.map((one) => one.id),
        reason: given.reason,
      },
    });
    return incidentView(h, id);
  });
}

async function partingOf(
  h: Handle,
  row: IncidentRow,
  merges: Merges,
  { componentIds, outageIds }: Given,
): Promise<Parting> {
  if (componentIds.length + outageIds.length === 0)
    throw invalidInput([{ path: 'componentIds', message: 'is empty; name what is to go along' }]);
  const own = await incidentComponentIds(h, row.id);
  const strange = componentIds.find((id) => !own.includes(id));
  if (strange !== undefined)
    throw invalidInput([
      {
        path: 'componentIds',
        message: `"${strange}" is not part of this incident; write some of ${own.join(', ')}`,
      },
    ]);
  const { q, t } = h;
  const all = await q
    .select()
    .from(t.outages)
    .where(inArray(t.outages.incidentId, merges.partsOf(row.id)))
    .orderBy(asc(t.outages.startedAt), asc(t.outages.id));
  const unknown = outageIds.find((id) => !all.some((one) => one.id === id));
  if (unknown !== undefined)
    throw invalidInput([
      { path: 'outageIds', message: `"${unknown}" is no outage of this incident` },
    ]);
  const goes = (one: OutageRow): boolean =>
    outageIds.includes(one.id) || componentIds.includes(one.componentId);
  const outages = all.filter(goes);
  const staying = new Set(all.filter((one) => !goes(one)).map((one) => one.componentId));
  const going = [...new Set([...componentIds, ...outages.map((one) => one.componentId)])].sort();
  const left = going.filter((id) => !staying.has(id));
  if (left.length === own.length)
    throw invalidInput([
      { path: 'componentIds', message: 'is all that the incident has; leave something with it' },
    ]);
  refuseMixed(outages);
  return { outages, componentIds: going, left };
}

/** What was said under two incidents of one component cannot be told apart under one. */
function refuseMixed(outages: readonly OutageRow[]): void {
  for (const [componentId, list] of Map.groupBy(outages, (one) => one.componentId))
    if (new Set(list.map((one) => one.incidentId)).size > 1)
      throw new DomainError(
        'conflict',
        `the outages of ${componentId} were recorded under two incidents that were merged; split off those of one of them at a time, by their ids`,
      );
}

/** The component for which the detector keeps the incident open, if the new one is to be kept so. */
async function takeHold(
  h: Handle,
  row: IncidentRow,
  merges: Merges,
  { outages, componentIds }: Parting,
): Promise<string | null> {
  const { q, t } = h;
  const parts = await q
    .select({ id: t.incidents.id, held: t.incidents.openForComponent })
    .from(t.incidents)
    .where(inArray(t.incidents.id, merges.partsOf(row.id)));
  const taken = parts.filter(({ held }) => held !== null && componentIds.includes(held));
  const wanted = taken.filter(({ held }) =>
    outages.some(
      (one) => one.componentId === held && one.endedAt === null && one.monitorId !== null,
    ),
  );
  const [first, second] = wanted;
  if (second)
    throw new DomainError(
      'conflict',
      'the probes see several of these components fail; split them off one after the other',
    );
  if (!first) return null;
  if (first.id !== row.id)
    await q.update(t.incidents).set({ openForComponent: null }).where(eq(t.incidents.id, first.id));
  return first.held;
}

async function insertIncident(
  { q, t }: Handle,
  actor: Actor,
  made: {
    incident: { id: string; startedAt: Instant };
    row: IncidentRow;
    held: string | null;
    given: Given;
    parting: Parting;
    now: Instant;
  },
): Promise<void> {
  const { incident, row, held, given, parting, now } = made;
  await q.insert(t.incidents).values({
    id: incident.id,
    titleNl: given.title.nl,
    titleEn: given.title.en,
    status: row.status,
    impact: given.impact ?? row.impact,
    startedAt: incident.startedAt,
    noticedAt: row.noticedAt,
    resolvedAt: row.resolvedAt,
    createdBy: actor.name,
    acknowledgedAt: row.acknowledgedAt,
    acknowledgedBy: row.acknowledgedBy,
    splitFromId: row.id,
    openForComponent: held,
    updatedAt: now,
    version: 1,
  });
  await q
    .insert(t.incidentComponents)
    .values(parting.componentIds.map((componentId) => ({ incidentId: incident.id, componentId })));
}

async function move(
  { q, t }: Handle,
  ctx: Context,
  merges: Merges,
  { id, row, parting }: { id: string; row: IncidentRow; parting: Parting },
): Promise<void> {
  const origins = new Map(parting.outages.map((one) => [one.componentId, one.incidentId]));
  for (const componentId of parting.componentIds) {
    const heard = merges.heardBy(origins.get(componentId) ?? row.id);
    const said = await q
      .select()
      .from(t.incidentChanges)
      .where(
        and(
          eq(t.incidentChanges.componentId, componentId),
          inArray(
            t.incidentChanges.incidentId,
            heard.map((one) => one.id),
          ),
        ),
      )
      .orderBy(asc(t.incidentChanges.recordedAt), asc(t.incidentChanges.id));
    for (const one of said)
      if (heard.some(({ id: of, from }) => of === one.incidentId && one.recordedAt >= from))
        await q.insert(t.incidentChanges).values({ ...one, id: ctx.ids.next(), incidentId: id });
  }
  if (parting.outages.length > 0)
    await q
      .update(t.outages)
      .set({ incidentId: id })
      .where(
        inArray(
          t.outages.id,
          parting.outages.map((one) => one.id),
        ),
      );
  if (parting.left.length > 0)
    await q
      .delete(t.incidentComponents)
      .where(
        and(
          inArray(t.incidentComponents.incidentId, merges.partsOf(row.id)),
          inArray(t.incidentComponents.componentId, [...parting.left]),
        ),
      );
}
