import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { announcedWork, maintenanceStatus, workOf, type MaintenanceTimes } from './status.ts';

const times: MaintenanceTimes = {
  windowFrom: 100,
  windowTo: 200,
  cancelledAt: null,
  workStartedAt: null,
  workEndedAt: null,
};
const announced = [{ at: 10, from: 100, to: 200 }];

describe('a maintenance', () => {
  it('follows its window while nobody says anything of the work', () => {
    const at = (now: number): string => maintenanceStatus(times, now);
    assert.deepEqual([99, 100, 199, 200].map(at), [
      'scheduled',
      'in_progress',
      'in_progress',
      'completed',
    ]);
    assert.deepEqual(workOf(times, 100), []);
    assert.deepEqual(workOf(times, 150), [{ from: 100, to: 150 }]);
    assert.deepEqual(workOf(times, 900), [{ from: 100, to: 200 }]);
  });

  it('follows the work once people speak of it, early or beyond the window', () => {
    const working = { ...times, workStartedAt: 90 };
    assert.equal(maintenanceStatus(working, 95), 'in_progress');
    assert.equal(maintenanceStatus(working, 250), 'in_progress');
    assert.deepEqual(workOf(working, 250), [{ from: 90, to: 250 }]);
    const done = { ...working, workEndedAt: 130 };
    assert.equal(maintenanceStatus(done, 150), 'completed');
    assert.deepEqual(workOf(done, 250), [{ from: 90, to: 130 }]);
  });

  it('that is cancelled has no work', () => {
    const cancelled = { ...times, cancelledAt: 50 };
    assert.equal(maintenanceStatus(cancelled, 150), 'cancelled');
    assert.deepEqual(workOf(cancelled, 150), []);
    assert.deepEqual(announcedWork(cancelled, announced, 150), []);
  });

  it('hides no failure outside its window, nor before it was announced', () => {
    const overrun = { ...times, workStartedAt: 90 };
    const twice = [...announced, { at: 20, from: 100, to: 200 }];
    assert.deepEqual(announcedWork(times, twice, 250), [{ from: 100, to: 200 }]);
    assert.deepEqual(announcedWork(overrun, announced, 250), [{ from: 100, to: 200 }]);
    assert.deepEqual(announcedWork(times, [{ at: 150, from: 100, to: 200 }], 250), [
      { from: 150, to: 200 },
    ]);
    assert.deepEqual(announcedWork(times, [{ at: 300, from: 100, to: 200 }], 350), []);
  });
});
