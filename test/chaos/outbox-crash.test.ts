import type { Config } from '@upheld/config/schema.ts';
import { openDatabase } from '@upheld/db/open.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { startMailServer, type MailServer } from '@upheld/testkit/mail-server.ts';
import { startSmsServer, type SmsServer } from '@upheld/testkit/sms-server.ts';
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fastClock, type FastTime } from '@upheld/testkit/fast-clock.ts';
import type { Orders } from './outbox-child.ts';
import { outbox, subscribe, tell } from '../../apps/worker/test/tell.ts';

/*
 * Processes that deliver are killed as `kill -9` does it, at every place where that could hurt, one after
 * the other on the same database, until one is left alone to finish.
 */

const CHILD = fileURLToPath(new URL('./outbox-child.ts', import.meta.url));
const CONCURRENCY = 8;
const PEOPLE = { email: 5, sms: 4 };
const INCIDENTS = ['x1', 'x2'];

type Death = 'claimed' | 'marked' | 'sent' | 'settled' | 'mail-taken' | 'sms-taken';

describe('the outbox, when its process is killed', () => {
  const time: FastTime = { was: Date.UTC(2026, 10, 21, 9), at: Date.now(), speed: 200 };
  const clock = fastClock(time);
  let mail: MailServer;
  let sms: SmsServer;
  let config: Config;
  let folder: string;
  /** Called with the message taken and not yet answered. */
  let onTaken: (death: Death) => Promise<void> = () => Promise.resolve();

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'upheld-crash-'));
    mail = await startMailServer({ beforeReply: () => onTaken('mail-taken') });
    sms = await startSmsServer({
      now: () => clock.now(),
      beforeReply: () => onTaken('sms-taken'),
    });
    config = testConfig({
      channels: {
        email: {
          from: 'Status <status@example.test>',
          smtp: { host: '127.0.0.1', port: mail.port, tls: 'none' },
        },
        sms: {
          accountSid: `AC${'0'.repeat(32)}`,
          authToken: 'x',
          from: 'Upheld',
          baseUrl: sms.url,
        },
      },
    });
  });
  after(async () => {
    await Promise.all([mail.close(), sms.close()]);
    await rm(folder, { recursive: true, force: true });
  });

  const spawnChild = (file: string, dieAt: Orders['dieAt']): ChildProcess =>
    spawn(
      process.execPath,
      [CHILD, JSON.stringify({ file, config, time, dieAt } satisfies Orders)],
      {
        stdio: ['ignore', 'inherit', 'inherit'],
      },
    );

  /** Runs a process until it is killed at the `times`-th moment of this kind; false when it finished. */
  const runAndKill = async (file: string, death: Death, times: number): Promise<boolean> => {
    const outside = death === 'mail-taken' || death === 'sms-taken';
    const child = spawnChild(file, outside ? null : { step: death, times });
    const exited = once(child, 'exit');
    let seen = 0;
    if (outside)
      onTaken = async (taken) => {
        if (taken === death) seen += 1;
        if (taken !== death || seen !== times) return;
        child.kill('SIGKILL');
        await exited;
      };
    const [, signal] = (await exited) as [number | null, string | null];
    onTaken = () => Promise.resolve();
    return signal === 'SIGKILL';
  };

  const finish = async (file: string): Promise<void> => {
    const [code] = (await once(spawnChild(file, null), 'exit')) as [number | null];
    assert.equal(code, 0);
  };

  const told = async (
    name: string,
  ): Promise<{ ctx: TestContext; file: string; prefix: string }> => {
    const file = join(folder, `${name}.db`);
    const db = await openDatabase({ kind: 'sqlite', file });
    const ctx = { ...testContext(db, { config, idPrefix: name }), clock } as TestContext;
    for (let i = 0; i < PEOPLE.email; i += 1)
      await subscribe(ctx, 'email', `${name}-${i}@example.test`);
    for (let i = 0; i < PEOPLE.sms; i += 1)
      await subscribe(ctx, 'sms', `+3161${String(name.charCodeAt(0))}0${100 + i}`.slice(0, 12));
    for (const incident of INCIDENTS)
      for (const event of ['opened', 'updated', 'resolved'] as const)
        await tell(ctx, `${name}-${incident}`, event);
    return { ctx, file, prefix: name };
  };

  /** What must hold whenever and however often it was killed. */
  const nothingLostNorDoubled = async (
    { ctx, prefix }: Awaited<ReturnType<typeof told>>,
    kills: number,
  ): Promise<{ copies: number }> => {
    const rows = await outbox(ctx);
    assert.equal(rows.length, (PEOPLE.email + PEOPLE.sms) * INCIDENTS.length * 3);
    // Old news may give way to newer, which was sent; everything else was sent.
    for (const { state, reason, leasedBy } of rows) {
      assert.ok(state === 'sent' || reason === 'superseded', `${state}: ${reason ?? ''}`);
      assert.equal(leasedBy, null);
    }
    const letters = mail.received.filter(({ to }) => to[0]?.startsWith(`${prefix}-`));
    const byId = Map.groupBy(letters, ({ messageId }) => messageId);
    const sentMails = rows.filter(({ channel, state }) => channel === 'email' && state === 'sent');
    assert.equal(byId.size, sentMails.length, 'each mail has one id of its own');
    for (const copies of byId.values())
      assert.equal(new Set(copies.map(({ to, text }) => `${to.join()} ${text}`)).size, 1);
    const copies = letters.length - byId.size;
    assert.ok(copies <= kills * CONCURRENCY, `${copies} copies of ${kills} kills`);

    const texts = sms.received.filter(({ body }) => body.includes(`Incident ${prefix}-`));
    const sentTexts = rows.filter(({ channel, state }) => channel === 'sms' && state === 'sent');
    assert.equal(texts.length, sentTexts.length, 'a text message is never sent twice');
    assert.equal(new Set(texts.map(({ to, body }) => `${to} ${body}`)).size, texts.length);

    inOrder(letters.map(({ to, text }) => ({ to: to[0] ?? '', text })));
    inOrder(texts.map(({ to, body }) => ({ to, text: body })));
    const ends = letters.filter(({ text }) => text.startsWith('De storing is voorbij'));
    assert.equal(
      new Set(ends.map(({ messageId }) => messageId)).size,
      PEOPLE.email * INCIDENTS.length,
      'everybody heard that it is over',
    );
    return { copies };
  };

  const deaths: Death[] = ['claimed', 'marked', 'sent', 'settled', 'mail-taken', 'sms-taken'];
  for (const [index, death] of deaths.entries())
    it(`at "${death}", twice over, loses nothing and doubles nothing`, async () => {
      const run = await told(String.fromCharCode(97 + index));
      let kills = 0;
      for (const times of [1, 4]) if (await runAndKill(run.file, death, times)) kills += 1;
      await finish(run.file);
      assert.equal(kills, 2);
      const { copies } = await nothingLostNorDoubled(run, kills);
      // The control: only what the network had seen can come twice.
      if (death === 'mail-taken') assert.ok(copies >= 2, `${copies} copies`);
      await run.ctx.db.close();
    });
});

/** Nobody hears of an earlier state after a later one; a copy of what came before is no news. */
function inOrder(messages: readonly { to: string; text: string }[]): void {
  const seen = new Map<string, { furthest: number; texts: Set<string> }>();
  for (const { to, text } of messages) {
    const incident = /Incident (\S+)/.exec(text)?.[1] ?? '';
    const at = [/Storing:|Wordt/, /Nieuws|Oorzaak/, /voorbij|Opgelost/].findIndex((state) =>
      state.test(text.split('\n')[0] ?? ''),
    );
    const lane = seen.get(`${to} ${incident}`) ?? { furthest: -1, texts: new Set() };
    assert.ok(
      at >= lane.furthest || lane.texts.has(text),
      `${to} heard of ${incident} out of order`,
    );
    lane.furthest = Math.max(lane.furthest, at);
    lane.texts.add(text);
    seen.set(`${to} ${incident}`, lane);
  }
}
