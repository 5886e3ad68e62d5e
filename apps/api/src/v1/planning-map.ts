import type { z } from '@hono/zod-openapi';
import type { Interval } from '@upheld/domain/time/interval.ts';
import type { MaintenancePlan } from '@upheld/services/maintenance/plan.ts';
import type { SeriesView } from '@upheld/services/maintenance/series-view.ts';
import type { Template } from '@upheld/services/template/templates.ts';
import { isoInstant, isoInstantOrNull } from '../http/instants.ts';
import { verdictOut } from './map.ts';
import type * as schemas from './planning-schemas.ts';

/** Views with their instants as ISO 8601 texts. */

export function windowOut({ from, to }: Interval): { from: string; to: string } {
  return { from: isoInstant(from), to: isoInstant(to) };
}

export function planOut(plan: MaintenancePlan): z.infer<typeof schemas.plan> {
  const { nextWindowForAll: next } = plan;
  return {
    at: isoInstant(plan.at),
    ...windowOut(plan),
    kind: plan.kind,
    componentIds: plan.componentIds,
    verdicts: plan.verdicts.map((one) => ({
      ...verdictOut(one),
      agreementName: one.agreementName,
      noticeNeeded: one.noticeNeeded,
      turn: one.turn,
      period: windowOut(one.period),
      figures: one.figures,
    })),
    overlaps: plan.overlaps.map((one) => ({ ...one, ...windowOut(one) })),
    nextWindowForAll: next && windowOut(next),
  };
}

export function seriesOut(view: SeriesView): z.infer<typeof schemas.series> {
  return {
    id: view.id,
    componentIds: [...view.componentIds],
    title: view.title,
    text: view.text,
    rrule: view.rrule,
    zone: view.zone,
    localStart: view.localStart,
    durationSeconds: view.durationSeconds,
    announceSeconds: view.announceSeconds,
    createdAt: isoInstant(view.createdAt),
    createdBy: view.createdBy,
    endedAt: isoInstantOrNull(view.endedAt),
    version: view.version,
    next: view.next.map((one) => ({
      ...windowOut(one),
      announceAt: isoInstant(one.announceAt),
      maintenance: one.maintenance,
      skipped: one.skipped && { ...one.skipped, at: isoInstant(one.skipped.at) },
    })),
  };
}

export function templateOut(one: Template): z.infer<typeof schemas.template> {
  return { ...one, updatedAt: isoInstantOrNull(one.updatedAt) };
}
