import type { MonitorConfig } from '@upheld/config/schema.ts';
import type { Handle } from '@upheld/db/database.ts';
import { isNull } from '@upheld/db/query.ts';
import { INCONCLUSIVE_CAUSES, type InconclusiveCause } from '@upheld/domain/monitor/outcome.ts';
import type { GapReason, MonitorStateName } from '@upheld/domain/monitor/state.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { monitorsOf } from '../check/memory.ts';
import type { Context } from '../context.ts';
import { readDataAsOf, STALE_AFTER_MS } from './measuring.ts';

/** Why a monitor says nothing now, in words of the operator. Only for the console: it tells of the inside. */
export interface NotMeasured {
  reason: GapReason;
  /** Null where that is not known: it was paused before it ever said anything. */
  since: Instant | null;
  why: string;
  remedy: string;
}

/** A configured monitor as it stands now. */
export interface MonitorNow {
  id: string;
  componentId: string;
  componentName: Localised;
  /** What it last said; `unknown` where it never said anything. */
  state: MonitorStateName;
  /** Null while it is measured, or is about to be for the first time. */
  notMeasured: NotMeasured | null;
}

export interface MeasuringNow {
  /** Whether a process measures at all. */
  measuring: boolean;
  /** When one last said that it did; null: never. */
  lastSignOfLife: Instant | null;
  /** In the order of the configuration. */
  monitors: readonly MonitorNow[];
}

type GapRow = Handle['t']['gaps']['$inferSelect'];

/** Every configured monitor, and of each that is not measured now since when, why, and what to do. */
export async function readMeasuringNow(ctx: Context): Promise<MeasuringNow> {
  const h = ctx.db.read;
  const now = ctx.clock.now();
  const lastSignOfLife = await readDataAsOf(h);
  const rows = await h.q
    .select({ id: h.t.monitors.id, state: h.t.monitors.state })
    .from(h.t.monitors);
  const states = new Map(rows.map(({ id, state }) => [id, state]));
  const gaps = await h.q.select().from(h.t.gaps).where(isNull(h.t.gaps.endedAt));
  const gapOf = new Map(gaps.map((gap) => [gap.monitorId, gap]));
  const monitors = [...monitorsOf(ctx.config())].map(([id, { monitor, component }]) => ({
    id,
    componentId: component.id,
    componentName: component.name,
    state: states.get(id) ?? 'unknown',
    notMeasured: notMeasured(monitor, gapOf.get(id)),
  }));
  const measuring = lastSignOfLife !== null && now - lastSignOfLife <= STALE_AFTER_MS;
  return { measuring, lastSignOfLife, monitors };
}

function notMeasured({ paused }: MonitorConfig, gap: GapRow | undefined): NotMeasured | null {
  if (paused)
    return {
      reason: 'paused',
      since: gap?.reason === 'paused' ? gap.startedAt : null,
      why: 'it is paused in upheld.yaml',
      remedy: 'take "paused" away there and have it read again',
    };
  if (!gap) return null;
  return { reason: gap.reason, since: gap.startedAt, ...inWords(gap) };
}

const NEXT_CHECK = 'nothing: its next check measures it again';

function inWords({ reason, detail }: GapRow): Pick<NotMeasured, 'why' | 'remedy'> {
  switch (reason) {
    case 'inconclusive':
      return ofInconclusive(detail);
    case 'overloaded':
      return { why: detail, remedy: REMEDIES.overloaded };
    case 'paused':
    case 'not-running':
      return { why: detail, remedy: NEXT_CHECK };
  }
}

const REMEDIES: Readonly<Record<InconclusiveCause, string>> = {
  'address-not-allowed': 'name another address in upheld.yaml',
  'no-route': 'look at the network of the machine that measures',
  'no-resolver': 'look at the resolver (DNS) of the machine that measures',
  overloaded: 'give the machine that measures more room, or check less often',
  stopped: 'start the product again: npx upheld serve',
  internal: 'look in the log of the process that measures; this is a fault of Upheld itself',
};

/** The detail is `cause: message`, and where the guard has a remedy it follows after a semicolon. */
function ofInconclusive(detail: string): Pick<NotMeasured, 'why' | 'remedy'> {
  const [, word = '', message = detail] = /^([a-z-]+): (.*)$/s.exec(detail) ?? [];
  const cause = INCONCLUSIVE_CAUSES.find((one) => one === word) ?? 'internal';
  const [why = message, own] = cause === 'address-not-allowed' ? message.split('; ', 2) : [message];
  const added = /^if checks may reach it, (.*)$/.exec(own ?? '')?.[1];
  return {
    why,
    remedy:
      added === undefined
        ? REMEDIES[cause]
        : `${added} if checks may reach it, and have the file read again`,
  };
}
