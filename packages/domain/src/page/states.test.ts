import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { IMPACTS } from '../incident/incident.ts';
import {
  COMPONENT_STATES,
  componentState,
  impactOfState,
  overallState,
  stateOfImpact,
  type ComponentNow,
  type ComponentState,
} from './states.ts';

const fine: ComponentNow = {
  inMaintenance: false,
  monitors: { total: 2, down: 0, degraded: 0 },
  impacts: [],
  measured: true,
};
const stateOf = (part: Partial<ComponentNow>): string => componentState({ ...fine, ...part });

describe('the state of a component', () => {
  it('is operational only when somebody measures it', () => {
    assert.equal(stateOf({}), 'operational');
    assert.equal(stateOf({ measured: false }), 'unknown');
  });

  it('is a partial outage while only some monitors are down, and a major one when all are', () => {
    assert.equal(stateOf({ monitors: { total: 2, down: 1, degraded: 1 } }), 'partial_outage');
    assert.equal(stateOf({ monitors: { total: 2, down: 2, degraded: 0 } }), 'major_outage');
    assert.equal(stateOf({ monitors: { total: 2, down: 0, degraded: 1 } }), 'degraded_performance');
  });

  it('is what people say where that is worse than what the probes see', () => {
    assert.equal(stateOf({ impacts: ['minor', 'critical'] }), 'major_outage');
    assert.equal(stateOf({ impacts: ['none'] }), 'operational');
    assert.equal(
      stateOf({ impacts: ['minor'], monitors: { total: 1, down: 1, degraded: 0 } }),
      'major_outage',
    );
    assert.equal(stateOf({ impacts: ['major'], measured: false }), 'partial_outage');
  });

  it('is maintenance while work goes on, whatever else is seen', () => {
    assert.equal(
      stateOf({ inMaintenance: true, monitors: { total: 1, down: 1, degraded: 0 } }),
      'under_maintenance',
    );
  });
});

describe('impact and state', () => {
  it('say the same thing in two vocabularies', () => {
    for (const impact of IMPACTS) assert.equal(impactOfState(stateOfImpact(impact)), impact);
  });
});

describe('the state of a page', () => {
  const page = (...states: (ComponentState | 'unknown')[]): string =>
    overallState(states.map((state) => ({ state, monitored: true })));

  it('is the worst of its components', () => {
    const expected = ['operational', 'maintenance', 'degraded', 'partial_outage', 'major_outage'];
    assert.deepEqual(
      COMPONENT_STATES.map((state) => page('operational', state)),
      expected,
    );
    assert.equal(page('major_outage', 'unknown'), 'major_outage');
    assert.equal(page('degraded_performance', 'under_maintenance'), 'degraded');
  });

  it('never says that all is well when a component is not measured that ought to be', () => {
    assert.equal(page('operational', 'unknown'), 'unknown');
    assert.equal(page('unknown'), 'unknown');
    assert.equal(page(), 'unknown');
  });

  it('does not wait for a component that has no monitor', () => {
    const state = 'unknown' as const;
    const manual = { state, monitored: false };
    assert.equal(overallState([{ state: 'operational', monitored: true }, manual]), 'operational');
    assert.equal(overallState([manual]), 'unknown');
  });
});
