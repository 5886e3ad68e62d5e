import type { Handle } from '@upheld/db/database.ts';
import { formatInstant } from '@upheld/domain/time/zoned.ts';
import { desc, eq } from '@upheld/db/query.ts';
import { VersionConflict } from '../version.ts';

/** What people do to incidents, as the audit log names it, with the words for it. */
const ACTIONS = {
  'incident.open': 'opened it',
  'incident.update': 'posted an update',
  'incident.severity': 'changed its severity',
  'incident.cause': 'gave its cause',
  'incident.acknowledge': 'acknowledged it',
  'incident.merge': 'merged another incident into it',
  'incident.split': 'split something off it',
  'incident.postmortem': 'wrote its postmortem',
} as const;
export type IncidentAction = keyof typeof ACTIONS;

const MOST_TOLD = 3;
const ROWS_LOOKED_AT = 20;

/** The error for whoever wants to change what others changed since they looked, and who did what. */
export async function changedMeanwhile(
  { q, t }: Handle,
  row: { id: string; version: number },
  expectedVersion: number,
): Promise<VersionConflict> {
  const logged = await q
    .select({
      at: t.auditLog.at,
      actor: t.auditLog.actor,
      action: t.auditLog.action,
      after: t.auditLog.after,
    })
    .from(t.auditLog)
    .where(eq(t.auditLog.subject, row.id))
    .orderBy(desc(t.auditLog.seq))
    .limit(ROWS_LOOKED_AT);
  const since = logged.filter(({ after }) => versionIn(after) > expectedVersion);
  const told = since
    .slice(0, MOST_TOLD)
    .map(({ at, actor, action }) => `${actor} ${words(action)} at ${formatInstant(at)}`);
  const who = told.length > 0 ? told.join('; ') : 'the measuring process changed it';
  return new VersionConflict(
    expectedVersion,
    row.version,
    `${who} (nothing of yours is recorded yet)`,
  );
}

function versionIn(after: unknown): number {
  const version =
    typeof after === 'object' && after !== null && 'version' in after ? after.version : 0;
  return typeof version === 'number' ? version : 0;
}

function words(action: string): string {
  return Object.hasOwn(ACTIONS, action) ? ACTIONS[action as IncidentAction] : `did ${action}`;
}
