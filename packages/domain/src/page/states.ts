import { assertNever } from '../errors.ts';
import type { Impact } from '../incident/incident.ts';

/** Component states in Statuspage's words, best first. */
export const COMPONENT_STATES = [
  'operational',
  'under_maintenance',
  'degraded_performance',
  'partial_outage',
  'major_outage',
] as const;
export type ComponentState = (typeof COMPONENT_STATES)[number];

/** What a page says of everything on it. `unknown` is not a degree: it means that nobody measured. */
export const OVERALL_STATES = [
  'operational',
  'maintenance',
  'degraded',
  'partial_outage',
  'major_outage',
  'unknown',
] as const;
export type OverallState = (typeof OVERALL_STATES)[number];

/** What is known of a component at this moment. */
export interface ComponentNow {
  inMaintenance: boolean;
  /** How many of its monitors there are, and find it down or degraded. */
  monitors: { total: number; down: number; degraded: number };
  /** Of open incidents that people opened: what they say it does to the component. */
  impacts: readonly Impact[];
  /** At least one monitor measured it lately. */
  measured: boolean;
}

/**
 * The state of a component. Work that goes on explains what else is seen, so it comes first; then the
 * worst of what probes and people say. Down for only some of its monitors is a partial outage.
 */
export function componentState(now: ComponentNow): ComponentState | 'unknown' {
  if (now.inMaintenance) return 'under_maintenance';
  const states = [probed(now.monitors), ...now.impacts.map(stateOfImpact)];
  const worst = states.reduce(worse, 'operational');
  return worst === 'operational' && !now.measured ? 'unknown' : worst;
}

function probed({ total, down, degraded }: ComponentNow['monitors']): ComponentState {
  if (down > 0) return down < total ? 'partial_outage' : 'major_outage';
  return degraded > 0 ? 'degraded_performance' : 'operational';
}

function worse(a: ComponentState, b: ComponentState): ComponentState {
  return COMPONENT_STATES.indexOf(a) >= COMPONENT_STATES.indexOf(b) ? a : b;
}

/** Statuspage's meaning of an impact, for a component that nobody probes. */
export function stateOfImpact(impact: Impact): ComponentState {
  switch (impact) {
    case 'none':
      return 'operational';
    case 'minor':
      return 'degraded_performance';
    case 'major':
      return 'partial_outage';
    case 'critical':
      return 'major_outage';
    default:
      return assertNever(impact);
  }
}

/** The impact that a component in a state has; Statuspage's own default for an incident on it. */
export function impactOfState(state: ComponentState | 'unknown'): Impact {
  switch (state) {
    case 'operational':
    case 'under_maintenance':
    case 'unknown':
      return 'none';
    case 'degraded_performance':
      return 'minor';
    case 'partial_outage':
      return 'major';
    case 'major_outage':
      return 'critical';
    default:
      return assertNever(state);
  }
}

/**
 * The state of a whole page: the worst of its components. A component that ought to be measured and is
 * not makes it `unknown` rather than operational; one without monitors does so only when all are like it.
 */
export function overallState(
  components: readonly { state: ComponentState | 'unknown'; monitored: boolean }[],
): OverallState {
  const known = components.flatMap(({ state }) => (state === 'unknown' ? [] : [state]));
  const worst = known.reduce(worse, 'operational');
  const blind = components.some(({ state, monitored }) => state === 'unknown' && monitored);
  switch (worst) {
    case 'major_outage':
    case 'partial_outage':
      return worst;
    case 'degraded_performance':
      return 'degraded';
    case 'under_maintenance':
      return 'maintenance';
    case 'operational':
      return blind || known.length === 0 ? 'unknown' : 'operational';
    default:
      return assertNever(worst);
  }
}
