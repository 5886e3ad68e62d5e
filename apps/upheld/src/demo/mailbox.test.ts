import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startMailbox, type Mailbox } from './mailbox.ts';

describe('the mailbox of the demo', () => {
  let mailbox: Mailbox;
  before(async () => {
    mailbox = await startMailbox(0);
  });
  after(() => mailbox.close());
  const get = async (path: string): Promise<{ status: number; text: string; policy: string }> => {
    const response = await fetch(new URL(path, mailbox.url));
    const policy = response.headers.get('content-security-policy') ?? '';
    return { status: response.status, text: await response.text(), policy };
  };

  it('says what to do while it is empty', async () => {
    assert.match((await get('/')).text, /Subscribe on the status page/);
    assert.equal((await get('/messages/1')).status, 404);
  });

  it('shows mails and text messages, the newest first, with links that can be followed', async () => {
    const common = { at: Date.UTC(2026, 10, 21), from: 'Status', to: '+31612345678' };
    mailbox.receive({
      ...common,
      channel: 'sms',
      subject: null,
      text: 'Code 123456 <b>http://localhost:3000/x</b>',
      html: null,
    });
    mailbox.receive({
      ...common,
      channel: 'e-mail',
      subject: 'Storing: <Planner>',
      text: 'Planner is down',
      html: '<html><head></head><body><script>alert(1)</script>Planner</body></html>',
    });
    const list = (await get('/')).text;
    assert.ok(list.indexOf('Storing: &lt;Planner&gt;') < list.indexOf('Code 123456'));
    const sms = (await get('/messages/1')).text;
    assert.match(sms, /&lt;b&gt;<a href="http:\/\/localhost:3000\/x/);
    const mail = await get('/html/2');
    assert.match(mail.policy, /^sandbox/);
    assert.match(mail.text, /<base target="_blank">/);
  });
});
