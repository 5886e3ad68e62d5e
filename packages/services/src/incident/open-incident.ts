import type { Impact } from '@upheld/domain/incident/incident.ts';
import { IMPACTS } from '@upheld/domain/incident/incident.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Handle } from '@upheld/db/database.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { z } from 'zod';
import { moment } from '../audit/moment.ts';
import { recordAudit } from '../audit/record.ts';
import { knownComponents } from '../components.ts';
import type { Actor, Context } from '../context.ts';
import {
  bodyInput,
  componentsInput,
  idInput,
  noticedBy,
  parseInput,
  secondInput,
  titleInput,
} from '../input.ts';
import type { IncidentView } from '../read/page-view.ts';
import { bumpRevision } from '../revision.ts';
import { saySeverity } from './changes.ts';
import { addUpdate, ensureComponents, incidentView } from './incident-row.ts';
import { openByHand } from './outages-by-hand.ts';
import { grade, type Graded } from './scales.ts';

/** What opening an incident takes; its preview takes the same. */
export const openIncidentInput = z.strictObject({
  title: titleInput,
  componentIds: componentsInput,
  impact: z.enum(IMPACTS).optional(),
  body: bodyInput,
  startedAt: secondInput.optional(),
  severity: idInput.optional(),
});

export interface OpenIncident {
  title: Localised;
  componentIds: readonly string[];
  /** What the page says of the components; by default `critical` for a severity that is down, else `minor`. */
  impact?: Impact | undefined;
  body: Localised;
  /** Not later than now, nor more than a year ago; by default now. */
  startedAt?: Instant | undefined;
  /** A level of the components' agreements. With one, an outage is recorded that counts in their figures. */
  severity?: string | undefined;
}

/** Opens an incident that people noticed and tells the subscribers. Throws DomainError('invalid-input'). */
export async function openIncident(
  ctx: Context,
  actor: Actor,
  input: OpenIncident,
): Promise<IncidentView> {
  const given = parseInput(openIncidentInput, input);
  const components = knownComponents(ctx.config(), given.componentIds);
  const graded = given.severity === undefined ? [] : grade(ctx, components, given.severity);
  return ctx.db.transact(async (h) => {
    const now = ctx.clock.now();
    const { startedAt = now, title } = given;
    noticedBy('startedAt', startedAt, now);
    const id = ctx.ids.next();
    await ensureComponents(h, components, now);
    await h.q.insert(h.t.incidents).values({
      id,
      titleNl: title.nl,
      titleEn: title.en,
      status: 'investigating',
      impact: given.impact ?? impactOf(graded),
      startedAt,
      noticedAt: now,
      resolvedAt: null,
      createdBy: actor.name,
      ...takenUpBy(actor, now),
      openForComponent: null,
      updatedAt: now,
      version: 1,
    });
    await h.q
      .insert(h.t.incidentComponents)
      .values(given.componentIds.map((componentId) => ({ incidentId: id, componentId })));
    await countFrom(h, ctx, actor, { incidentId: id, given, graded, startedAt, now });
    await addUpdate(h, ctx, actor, {
      incident: { id, title, startedAt },
      event: 'opened',
      status: 'investigating',
      body: given.body,
      componentIds: given.componentIds,
      now,
    });
    await bumpRevision(h);
    const view = await incidentView(h, id);
    await recordAudit(h, ctx, actor, {
      action: 'incident.open',
      subject: id,
      after: opened(view, given),
    });
    return view;
  });
}

/** Whoever opens it by hand has taken it up; a program that does so calls for somebody who will. */
function takenUpBy({ name, via }: Actor, now: Instant) {
  const byHand = via === 'console' || via === 'cli';
  return byHand ? { acknowledgedAt: now, acknowledgedBy: name } : {};
}

type Given = z.output<typeof openIncidentInput>;

/** With a severity it is an outage, and it is said from when it has that severity. */
async function countFrom(
  h: Handle,
  ctx: Context,
  actor: Actor,
  said: {
    incidentId: string;
    given: Given;
    graded: readonly Graded[];
    startedAt: Instant;
    now: Instant;
  },
): Promise<void> {
  const { incidentId, given, graded, startedAt, now } = said;
  if (given.severity === undefined) return;
  await openByHand(h, { ids: ctx.ids, now }, incidentId, graded, { from: startedAt, to: null });
  await saySeverity(h, ctx.ids, actor, {
    incidentId,
    severity: given.severity,
    graded,
    nature: null,
    effectiveFrom: startedAt,
    reason: given.body.en,
    recordedAt: now,
  });
}

function opened({ title, impact, status, startedAt }: IncidentView, given: Given) {
  return {
    version: 1,
    title,
    impact,
    status,
    startedAt: moment(startedAt),
    componentIds: given.componentIds,
    severity: given.severity ?? null,
    text: given.body,
  };
}

function impactOf(graded: readonly Graded[]): Impact {
  return graded.some((one) => one.countsAsDown) ? 'critical' : 'minor';
}
