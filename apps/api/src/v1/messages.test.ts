import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { harness, problemIn, type Harness } from '../../test/harness.ts';

interface Preview {
  messages: Record<
    'nl' | 'en',
    { mail: { subject: string; text: string; html: string }; recipients: { email: number } }
  >;
  recipients: { email: number; sms: number };
}

const BODY = { nl: 'We zoeken het uit.', en: 'We look into it.' };
const NEW = {
  title: { nl: 'Inloggen lukt niet', en: 'Signing in fails' },
  componentIds: ['fysioone'],
  body: BODY,
};
const WORK = {
  componentIds: ['fysioone'],
  from: '2026-11-28T22:00:00+01:00',
  to: '2026-11-29T02:00:00+01:00',
  text: { nl: 'We werken {component} bij.', en: 'We upgrade {component}.' },
};

eachDatabase('what would be sent, over the API', (databases) => {
  let h: Harness;
  before(async () => {
    h = await harness(await databases.open());
    for (const [address, language] of [
      ['anna@example.test', 'nl'],
      ['bob@example.test', 'en'],
    ]) {
      const added = await h.as('POST', '/api/v1/subscribers', {
        channel: 'email',
        address,
        language,
      });
      assert.equal(added.status, 201, JSON.stringify(added.json));
    }
    await h.ctx.db.transact(({ q, t }) =>
      q.update(t.subscribers).set({ state: 'confirmed' }).returning(),
    );
  });
  const looked = async (path: string, body: object): Promise<Preview> => {
    const answer = await h.as('POST', `/api/v1/${path}/messages/preview`, body);
    assert.equal(answer.status, 200, JSON.stringify(answer.json));
    return answer.json as Preview;
  };
  const sent = async () => (await h.ctx.db.read.q.select().from(h.ctx.db.read.t.outbox)).length;

  it('of an incident: each text in its language, to how many, and nothing goes out', async () => {
    const before = await sent();
    const { messages, recipients } = await looked('incidents', NEW);
    assert.deepEqual(recipients, { email: 2, sms: 0 });
    assert.equal(messages.nl.recipients.email, 1);
    assert.match(messages.nl.mail.text, /We zoeken het uit\./);
    assert.match(messages.en.mail.html, /We look into it\./);
    assert.equal(await sent(), before);

    const { id } = (await h.as('POST', '/api/v1/incidents', NEW)).json as { id: string };
    const update = { status: 'resolved', body: { nl: 'Verholpen.', en: 'Mended.' } };
    const seen = await looked(`incidents/${id}/updates`, update);
    const told = await sent();
    await h.as('POST', `/api/v1/incidents/${id}/updates`, update);
    assert.equal((await sent()) - told, seen.recipients.email);
    assert.match(seen.messages.en.mail.text, /Mended\./);
  });

  it('of a maintenance, with its blanks filled, and of moving it', async () => {
    const first = await looked('maintenances', WORK);
    assert.match(first.messages.en.mail.text, /We upgrade FysioOne\./);
    const made = await h.as('POST', '/api/v1/maintenances', WORK);
    const { maintenance } = made.json as { maintenance: { id: string } };
    const { from, to } = WORK;
    const text = { nl: 'Een dag later.', en: 'A day later.' };
    const moved = await looked(`maintenances/${maintenance.id}/announcements`, { from, to, text });
    assert.match(moved.messages.nl.mail.text, /Een dag later\./);
    assert.equal(moved.recipients.email, 2);
  });

  it('is refused as saying it would be', async () => {
    const unknown = await h.as('POST', '/api/v1/incidents/messages/preview', {
      ...NEW,
      componentIds: ['none'],
    });
    assert.equal(unknown.status, 422);
    const nowhere = await h.as('POST', '/api/v1/incidents/none/updates/messages/preview', {
      status: 'monitoring',
      body: BODY,
    });
    assert.equal(problemIn(nowhere).status, 404);
    const before = await h.as('POST', '/api/v1/maintenances/messages/preview', {
      ...WORK,
      to: '2026-11-28T21:00:00+01:00',
    });
    assert.equal(before.status, 422);
  });
});
