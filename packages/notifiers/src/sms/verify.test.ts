import { freePort } from '@upheld/testkit/postgres-server.ts';
import { startSmsServer } from '@upheld/testkit/sms-server.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { verifySms } from './verify.ts';

const SID = `AC${'0'.repeat(32)}`;
const settings = (baseUrl: string, authToken = 'right-token') => ({
  accountSid: SID,
  authToken,
  from: 'Status',
  baseUrl,
});

describe('looking at the text message provider', () => {
  it('finds an account that works, and sends nothing', async () => {
    const server = await startSmsServer({ accountSid: SID, authToken: 'right-token' });
    assert.equal(await verifySms(settings(server.url)), null);
    assert.equal(server.count(), 0);
    await server.close();
  });

  it('says that the token is refused, and does not show it', async () => {
    const server = await startSmsServer({ accountSid: SID, authToken: 'right-token' });
    const fault = await verifySms(settings(server.url, 'wrong-token'));
    await server.close();
    assert.match(fault?.message ?? '', /^Twilio refuses the account or the token/);
    assert.doesNotMatch(fault?.message ?? '', /wrong-token/);
  });

  it('says that a SID has the wrong form without asking anybody', async () => {
    const fault = await verifySms({ ...settings('http://127.0.0.1:1'), accountSid: 'AC123' });
    assert.match(fault?.message ?? '', /no account SID/);
  });

  it('says that nobody answers', async () => {
    const fault = await verifySms(settings(`http://127.0.0.1:${await freePort()}`));
    assert.match(fault?.message ?? '', /^Twilio cannot be asked: /);
  });
});
