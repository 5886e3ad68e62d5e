import fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readDeliveryFailure, recipientsOf } from './bounce.ts';

interface Report {
  action: string;
  status: string;
  diagnostic?: string;
  type?: string;
}

/** A report as mail servers write it (the form of RFC 3464, appendix E). */
const report = ({ action, status, diagnostic, type = 'delivery-status' }: Report): string =>
  [
    'Return-Path: <>',
    'Delivered-To: bounces+abc@status.example.test',
    'From: MAILER-DAEMON@mx.example.test (Mail Delivery System)',
    'To: <bounces+abc@status.example.test>',
    'Subject: Undelivered Mail Returned to Sender',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=${type};`,
    '\tboundary="4F2A.16/mx.example.test"',
    '',
    'This is a MIME-encapsulated message.',
    '',
    '--4F2A.16/mx.example.test',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'I am sorry. Action: failed Status: 5.1.1',
    '',
    '--4F2A.16/mx.example.test',
    'Content-Description: Delivery report',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.test',
    'Arrival-Date: Sat, 21 Nov 2026 10:00:00 +0100 (CET)',
    '',
    'Final-Recipient: rfc822; jan@example.test',
    `Action: ${action}`,
    `Status: ${status}`,
    ...(diagnostic === undefined ? [] : [`Diagnostic-Code: smtp; ${diagnostic}`]),
    '',
    '--4F2A.16/mx.example.test',
    'Content-Type: message/rfc822',
    '',
    'Subject: the mail itself',
    '',
    '--4F2A.16/mx.example.test--',
    '',
  ].join('\r\n');

describe('a report on a mail', () => {
  it('tells whether anybody is there, with the words of the other side', () => {
    const failed = (status: string, diagnostic?: string) =>
      readDeliveryFailure(
        report({ action: 'failed', status, ...(diagnostic === undefined ? {} : { diagnostic }) }),
      );
    assert.deepEqual(failed('5.1.1', '550 5.1.1 <jan@example.test>:\r\n    User unknown'), {
      kind: 'hard',
      reason: '5.1.1: 550 5.1.1 <jan@example.test>: User unknown',
    });
    assert.deepEqual(failed('5.0.0'), { kind: 'hard', reason: '5.0.0' });
    for (const status of ['4.4.1', '4.2.2', '5.2.2', '5.4.4', '5.7.1'])
      assert.equal(failed(status)?.kind, 'soft', status);
  });

  it('of a delay or a delivery is no failure, nor is any other mail', () => {
    assert.equal(readDeliveryFailure(report({ action: 'delayed', status: '4.4.1' })), null);
    assert.equal(readDeliveryFailure(report({ action: 'delivered', status: '2.0.0' })), null);
    const receipt = { action: 'failed', status: '5.1.1', type: 'disposition-notification' };
    assert.equal(readDeliveryFailure(report(receipt)), null);
    const away = 'From: jan@example.test\r\nAuto-Submitted: auto-replied\r\n\r\nStatus: 5.1.1\r\n';
    assert.equal(readDeliveryFailure(away), null);
  });

  it('is found for its address', () => {
    const mail = report({ action: 'failed', status: '5.1.1' });
    assert.deepEqual(new Set(recipientsOf(mail)), new Set(['bounces+abc@status.example.test']));
  });

  it('may be any text: it is read in time, or not at all', () => {
    const piece = fc.constantFrom(
      'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
      '\r\n',
      '\n\n',
      '--b',
      '--b--',
      'Content-Type: message/delivery-status',
      'Action: failed',
      'Status: 5.1.1',
      'Status: 99999.1',
      ' ',
      '\t',
      ':',
      '=',
      '"',
      '\0',
      '€',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 60 }), (parts) => {
        const mail = parts.join('');
        const failure = readDeliveryFailure(mail);
        if (failure) assert.match(failure.reason, /^[45]\.\d+\.\d+/);
        recipientsOf(mail);
      }),
    );
    const before = performance.now();
    for (const long of ['a@', ' \n', '--b\n', '\n\t', ':', '=;', '('])
      readDeliveryFailure(
        `Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n${long.repeat(300_000)}`,
      );
    recipientsOf(`To: ${'a'.repeat(600_000)}\nDelivered-To: ${'a@'.repeat(300_000)}\n\n`);
    assert.ok(performance.now() - before < 3000);
  });
});
