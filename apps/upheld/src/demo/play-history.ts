import type { CheckResult, ProbeOutcome } from '@upheld/domain/monitor/outcome.ts';
import type { Clock, Ids, Instant } from '@upheld/domain/ports.ts';
import { openRecorder, type Recorder } from '@upheld/services/check/recorder.ts';
import { resumeMeasuring, stopMeasuring } from '@upheld/services/check/resume.ts';
import { componentsOf } from '@upheld/services/components.ts';
import type { Actor, Context } from '@upheld/services/context.ts';
import { postUpdate } from '@upheld/services/incident/post-update.ts';
import { announceMaintenance } from '@upheld/services/maintenance/announce-maintenance.ts';
import { finishWork, startWork } from '@upheld/services/maintenance/work.ts';
import { listIncidents } from '@upheld/services/read/lists.ts';
import type { History, PlannedMaintenance, PlannedOutage } from './plan-history.ts';

const ENGINEER: Actor = { name: 'sanne' };
const INTERVAL_MS = 5000;

interface Event {
  at: Instant;
  happens(): Promise<void>;
}

/**
 * Makes a planned year happen, with the product's own verbs and a clock that runs fast: what comes of
 * it is what a year of measuring would have left. Ends with everything up at `now`.
 */
export async function playHistory(
  product: Context,
  idsFor: (clock: Clock) => Ids,
  history: History,
  now: Instant,
): Promise<void> {
  let simulated = history.from;
  const clock: Clock = { now: () => simulated, sleep: () => Promise.resolve() };
  const ctx: Context = { ...product, clock, ids: idsFor(clock) };
  const workerId = ctx.ids.next();
  await resumeMeasuring(ctx, workerId);
  const recorder = await openRecorder(ctx, workerId);
  const checks = checker(ctx, recorder);
  const everything = [...componentsOf(ctx.config()).keys()];

  const events: Event[] = [
    { at: history.from, happens: () => checks(everything, GOOD) },
    ...history.outages.flatMap((outage) => outageEvents(ctx, checks, recorder, outage)),
    ...history.maintenances.flatMap((maintenance) => maintenanceEvents(ctx, maintenance)),
    { at: now, happens: () => checks(everything, GOOD) },
  ];
  for (const event of events.sort((a, b) => a.at - b.at)) {
    simulated = event.at;
    await event.happens();
  }
  await recorder.beat(now);
  await recorder.close();
  await stopMeasuring(ctx, workerId);
}

const GOOD: ProbeOutcome = { kind: 'ok', evidence: { status: 200, latencyMs: 80 } };
const BAD: Readonly<Record<PlannedOutage['state'], ProbeOutcome>> = {
  down: { kind: 'failed', cause: 'status', evidence: { status: 503, latencyMs: 40 } },
  degraded: { kind: 'degraded', cause: 'slow', evidence: { status: 200, latencyMs: 2600 } },
};

type Check = (componentIds: readonly string[], outcome: ProbeOutcome) => Promise<void>;

/** Checks every monitor of some components now, and stores what that changes. */
function checker(ctx: Context, recorder: Recorder): Check {
  const components = componentsOf(ctx.config());
  return async (componentIds, outcome) => {
    const at = ctx.clock.now();
    for (const id of componentIds)
      for (const monitor of components.get(id)?.monitors ?? [])
        recorder.absorb({ monitorId: monitor.id, dueAt: at, at, outcome } satisfies CheckResult);
    await recorder.flush();
  };
}

function outageEvents(
  ctx: Context,
  checks: Check,
  recorder: Recorder,
  { componentId, state, from, to, found, mended }: PlannedOutage,
): Event[] {
  let incidentId: string | undefined;
  const say = async (status: 'identified' | 'resolved', body: typeof found): Promise<void> => {
    if (incidentId !== undefined) await postUpdate(ctx, ENGINEER, { incidentId, status, body });
  };
  const check = (outcome: ProbeOutcome) => (): Promise<void> => checks([componentId], outcome);
  return [
    { at: from, happens: check(BAD[state]) },
    { at: from + INTERVAL_MS, happens: check(BAD[state]) },
    {
      at: from + Math.floor((to - from) / 3),
      async happens() {
        const open = await listIncidents(ctx, { unresolved: true, limit: 10 });
        incidentId = open.find((one) => one.componentIds.includes(componentId))?.id;
        await say('identified', found);
      },
    },
    { at: to, happens: check(GOOD) },
    { at: to + INTERVAL_MS, happens: check(GOOD) },
    {
      // By then an incident that waited for the product to stay up has resolved as well.
      at: to + 15 * 60_000,
      async happens() {
        await recorder.beat(ctx.clock.now());
        await say('resolved', mended);
      },
    },
  ];
}

function maintenanceEvents(ctx: Context, planned: PlannedMaintenance): Event[] {
  const { componentId, announcedAt, from, to, title, text, done } = planned;
  let maintenanceId = '';
  const announced: Event = {
    at: announcedAt,
    async happens() {
      const input = { componentIds: [componentId], from, to, title, text };
      const { maintenance } = await announceMaintenance(ctx, ENGINEER, input);
      maintenanceId = maintenance.id;
    },
  };
  if (!done) return [announced];
  return [
    announced,
    {
      at: from + 60_000,
      happens: () => startWork(ctx, ENGINEER, { maintenanceId }).then(() => undefined),
    },
    {
      at: to - 10 * 60_000,
      happens: () => finishWork(ctx, ENGINEER, { maintenanceId }).then(() => undefined),
    },
  ];
}
