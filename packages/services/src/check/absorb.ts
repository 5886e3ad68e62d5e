import type { CheckResult, Evidence } from '@upheld/domain/monitor/outcome.ts';
import type { GapReason } from '@upheld/domain/monitor/state.ts';
import {
  seenIn,
  step,
  type Confirmation,
  type DetectorState,
  type Transition,
} from '@upheld/domain/monitor/step.ts';
import type { Ids, Instant } from '@upheld/domain/ports.ts';
import type { MonitorMemory } from './memory.ts';

/** What has to be written because of one event; written in the order in which it was absorbed. */
export interface Write {
  monitorId: string;
  componentId: string;
  /** The version to compare with, and then to set one higher. */
  version: number;
  detector: DetectorState;
  at: Instant;
  cause: Cause | null;
  evidence: Evidence | null;
  transition: Transition | null;
  openGap: { id: string; from: Instant; reason: GapReason; detail: string } | null;
  closeGap: { id: string; at: Instant } | null;
}

type Cause = Exclude<CheckResult['outcome'], { kind: 'ok' }>['cause'];

export interface Absorbed {
  memory: MonitorMemory;
  /** Null for a steady success: nothing of it is written by itself. */
  write: Write | null;
}

/** What one check changes: pure, so that it can be decided before, and apart from, being stored. */
export function absorb(
  memory: MonitorMemory,
  result: CheckResult,
  policy: Confirmation,
  ids: Ids,
): Absorbed {
  const { at, outcome } = result;
  const seen = seenIn(outcome);
  if (seen === null) return inconclusive(memory, result, ids);
  const taken = step(memory.detector, { kind: 'check', at, seen }, policy);
  const closeGap = memory.gapId === null ? null : { id: memory.gapId, at };
  const steady = taken.reason === 'steady' && closeGap === null;
  const next = { ...memory, detector: taken.next, gapId: null, lastResultAt: at };
  if (steady) return { memory: next, write: null };
  return written(next, {
    at,
    cause: outcome.kind === 'ok' ? null : outcome.cause,
    evidence: outcome.evidence,
    transition: taken.transition,
    closeGap,
  });
}

/** Nobody measures this monitor from a moment on: a streak ends, an outage goes on. */
export function interrupt(
  memory: MonitorMemory,
  gap: { from: Instant; reason: GapReason; detail: string },
  ids: Ids,
): Absorbed {
  // What never said anything has nothing that could be interrupted.
  return memory.detector.state === 'unknown' ? { memory, write: null } : openGap(memory, gap, ids);
}

function openGap(
  memory: MonitorMemory,
  gap: { from: Instant; reason: GapReason; detail: string },
  ids: Ids,
): Absorbed {
  if (memory.gapId !== null) return { memory, write: null };
  const id = ids.next();
  const { next } = step(memory.detector, { kind: 'gap' }, { failures: 1, successes: 1 });
  const changed = { ...memory, detector: next, gapId: id };
  return written(changed, { at: gap.from, openGap: { id, ...gap } });
}

// The first inconclusive check opens a gap, also of a monitor that never said anything: it says why. The
// first conclusive one closes it.
function inconclusive(memory: MonitorMemory, { at, outcome }: CheckResult, ids: Ids): Absorbed {
  const cause = outcome.kind === 'inconclusive' ? outcome.cause : 'internal';
  const detail = outcome.evidence.message ?? cause;
  return openGap(memory, { from: at, reason: 'inconclusive', detail: `${cause}: ${detail}` }, ids);
}

function written(memory: MonitorMemory, what: Partial<Write> & { at: Instant }): Absorbed {
  const write: Write = {
    monitorId: memory.id,
    componentId: memory.componentId,
    version: memory.version,
    detector: memory.detector,
    cause: null,
    evidence: null,
    transition: null,
    openGap: null,
    closeGap: null,
    ...what,
  };
  return { memory: { ...memory, version: memory.version + 1 }, write };
}
