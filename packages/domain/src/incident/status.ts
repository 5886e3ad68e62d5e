import type { IncidentStatus } from './incident.ts';

/** What an update does to an incident. */
export type UpdateDecision =
  | { kind: 'goes-on' }
  | { kind: 'resolves' }
  /** A note after the end, as a report of the cause is: the incident stays resolved when it was. */
  | { kind: 'adds-note' }
  | { kind: 'reopens' }
  /** The probes still see it fail, so nobody can say that it is over. */
  | { kind: 'refused'; because: 'outage-open' };

/**
 * What a new status means for an incident. As Statuspage's users expect, any status can follow any other:
 * a repair that did not hold goes back from monitoring to investigating. `resolved` on an incident that is
 * resolved is a note; any other status on it opens the same incident again.
 */
export function decideUpdate(
  current: IncidentStatus,
  next: IncidentStatus,
  outageOpen: boolean,
): UpdateDecision {
  if (current === 'resolved') return { kind: next === 'resolved' ? 'adds-note' : 'reopens' };
  if (next !== 'resolved') return { kind: 'goes-on' };
  return outageOpen ? { kind: 'refused', because: 'outage-open' } : { kind: 'resolves' };
}
