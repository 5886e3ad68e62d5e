import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseConfig } from '@upheld/config/load.ts';
import { demoConfig } from './demo-config.ts';
import { planHistory } from './plan-history.ts';

const NOW = Date.UTC(2026, 10, 21, 9, 30);

describe('the history of the demo', () => {
  it('is a year in which no outage of a component meets another, and none is still open', () => {
    const { from, outages } = planHistory(NOW);
    assert.ok(from < NOW - 365 * 86_400_000);
    for (const component of ['dossier', 'planner', 'declaraties']) {
      const own = outages.filter((outage) => outage.componentId === component);
      assert.ok(own.length >= 4, component);
      own.reduce((before, outage) => {
        assert.ok(outage.from > before && outage.to > outage.from && outage.to < NOW);
        return outage.to;
      }, from);
    }
  });

  it('is the same each time, and has one maintenance still to come', () => {
    assert.deepEqual(planHistory(NOW), planHistory(NOW));
    const coming = planHistory(NOW).maintenances.filter(({ to }) => to > NOW);
    assert.equal(coming.length, 1);
    assert.ok(coming[0]!.from > NOW && !coming[0]!.done && coming[0]!.announcedAt < NOW);
  });
});

describe('the configuration of the demo', () => {
  it('is a right one', () => {
    const url = 'http://127.0.0.1:4001/health';
    const text = demoConfig({
      publicUrl: 'http://localhost:3000',
      steadyUrl: url,
      flappingUrl: url,
      slowUrl: url,
      smtpPort: 2525,
      smsUrl: 'http://127.0.0.1:4004',
    });
    const loaded = parseConfig(text, {});
    assert.ok(loaded.ok, JSON.stringify(loaded));
  });
});
