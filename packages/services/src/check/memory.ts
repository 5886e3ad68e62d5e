import type { ComponentConfig, Config, MonitorConfig } from '@upheld/config/schema.ts';
import type { Handle } from '@upheld/db/database.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { NEW_MONITOR, type DetectorState } from '@upheld/domain/monitor/step.ts';
import { isNull } from '@upheld/db/query.ts';

/** What the measuring process knows of one monitor; the database holds all of it but `lastResultAt`. */
export interface MonitorMemory {
  id: string;
  componentId: string;
  detector: DetectorState;
  version: number;
  /** The open gap's id, or null while it is measured. */
  gapId: string | null;
  lastResultAt: Instant | null;
}

export interface ConfiguredMonitor {
  monitor: MonitorConfig;
  component: ComponentConfig;
}

/** Every configured monitor by its id, paused ones too. */
export function monitorsOf(config: Config): Map<string, ConfiguredMonitor> {
  return new Map(
    config.groups.flatMap((group) =>
      group.components.flatMap((component) =>
        component.monitors.map((monitor) => [monitor.id, { monitor, component }] as const),
      ),
    ),
  );
}

/** What the database knows of every monitor there ever was. */
export async function loadMemory({ q, t }: Handle): Promise<Map<string, MonitorMemory>> {
  const rows = await q.select().from(t.monitors);
  const gaps = await q
    .select({ id: t.gaps.id, monitorId: t.gaps.monitorId })
    .from(t.gaps)
    .where(isNull(t.gaps.endedAt));
  const gapOf = new Map(gaps.map((gap) => [gap.monitorId, gap.id]));
  return new Map(
    rows.map((row) => [
      row.id,
      {
        id: row.id,
        componentId: row.componentId,
        detector: detectorOf(row),
        version: row.version,
        gapId: gapOf.get(row.id) ?? null,
        lastResultAt: row.lastResultAt,
      },
    ]),
  );
}

type MonitorRow = Pick<
  Handle['t']['monitors']['$inferSelect'],
  'state' | 'pendingState' | 'pendingSince' | 'pendingCount'
>;

function detectorOf({
  state,
  pendingState,
  pendingSince,
  pendingCount,
}: MonitorRow): DetectorState {
  if (pendingState === null || pendingState === 'unknown' || pendingSince === null)
    return { ...NEW_MONITOR, state };
  return { state, streak: { state: pendingState, since: pendingSince, count: pendingCount } };
}
