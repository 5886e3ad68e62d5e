import { startMailServer, type MailServerOptions } from '@upheld/testkit/mail-server.ts';
import { freePort } from '@upheld/testkit/postgres-server.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MailSettings } from './mail.ts';
import { verifyEmail } from './verify.ts';

const LOGIN = { user: 'status', password: 'right-password' };

async function verified(
  options: MailServerOptions,
  smtp: Partial<MailSettings['smtp']>,
): Promise<string | null> {
  const server = await startMailServer(options);
  const settings = {
    from: 'Status <status@example.test>',
    smtp: { host: '127.0.0.1', port: server.port, tls: 'none' as const, ...smtp },
  };
  const fault = await verifyEmail(settings);
  assert.equal(server.count(), 0);
  await server.close();
  return fault && `${fault.message.replace(/\d{4,5}/, 'PORT')} -> ${fault.remedy}`;
}

describe('looking at a mail server', () => {
  it('finds one that works, with a login and without, and sends nothing', async () => {
    assert.equal(await verified({}, {}), null);
    assert.equal(await verified({ login: LOGIN }, LOGIN), null);
  });

  it('says that nobody listens', async () => {
    const fault = await verified({}, { port: await freePort() });
    assert.match(fault ?? '', /^the mail server 127\.0\.0\.1:PORT cannot be reached/);
  });

  it('says that the password is refused, and does not show it', async () => {
    const fault = await verified({ login: LOGIN }, { ...LOGIN, password: 'wrong-password' });
    assert.match(fault ?? '', /refuses the user or the password.*smtp\.user and password$/);
    assert.doesNotMatch(fault ?? '', /wrong-password/);
  });

  it('says that the server offers no encryption where it is wanted', async () => {
    const fault = await verified({}, { tls: 'starttls' });
    assert.match(fault ?? '', /cannot be spoken to with tls: starttls/);
  });

  it('says that the server speaks plainly where encryption is expected from the start', async () => {
    const fault = await verified({}, { tls: 'implicit' });
    assert.match(fault ?? '', /cannot be spoken to with tls: implicit/);
  });
});
