import fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { afterReport, type ReportedOn, type SmsReport } from './sms-status.ts';

const sent: ReportedOn = { state: 'sent', attempts: 1, receipt: 'SM1', reason: null };
const report = (status: string, errorCode: string | null = null): SmsReport => ({
  sid: 'SM1',
  status,
  errorCode,
});
const after = (row: ReportedOn, ...reports: SmsReport[]): ReportedOn =>
  reports.reduce((before, one) => ({ ...before, ...afterReport(before, one) }), row);

describe('a report on a text message', () => {
  it('says that it arrived, or why it did not', () => {
    assert.deepEqual(after(sent, report('delivered')), { ...sent, reason: 'delivered' });
    assert.deepEqual(after(sent, report('undelivered', '30005')), {
      ...sent,
      state: 'dead',
      reason: 'not-delivered: undelivered 30005',
    });
    assert.equal(afterReport(sent, report('sent')), null);
  });

  it('settles what is in doubt, also before the answer to the request came', () => {
    const doubt: ReportedOn = { state: 'ambiguous', attempts: 1, receipt: null, reason: 'x' };
    assert.deepEqual(after(doubt, report('queued')), { ...sent, reason: null });
    const sending: ReportedOn = { ...doubt, state: 'sending' };
    assert.equal(afterReport(sending, report('queued')), null, 'the answer will say it');
    assert.equal(after(sending, report('failed', '30008')).state, 'dead');
  });

  it('of another message, or of one that was never sent, changes nothing', () => {
    assert.equal(afterReport({ ...sent, receipt: 'SM2' }, report('failed')), null);
    const waiting: ReportedOn = { state: 'pending', attempts: 0, receipt: null, reason: null };
    assert.equal(afterReport(waiting, report('delivered')), null);
  });

  it('in any order and any number ends the same: what arrived has arrived', () => {
    const statuses = ['queued', 'sending', 'sent', 'delivered', 'undelivered', 'never-heard-of'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...statuses), { maxLength: 12 }), (list) => {
        const end = after(sent, ...list.map((status) => report(status)));
        const twice = after(sent, ...list.flatMap((status) => [report(status), report(status)]));
        assert.deepEqual(twice, end);
        if (list.includes('delivered')) assert.equal(end.reason, 'delivered');
        else assert.equal(end.state, list.includes('undelivered') ? 'dead' : 'sent');
      }),
    );
  });
});
