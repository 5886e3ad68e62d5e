import { createClient, kindOf, safely, type Problem } from '@upheld/client/client.ts';
import { freePort } from '@upheld/testkit/postgres-server.ts';
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { clientTypes, clientTypesNow } from '../scripts/client-types.ts';
import { serveUpheld, upheld, type RunningUpheld } from './support/upheld-process.ts';

const text = { nl: 'We kijken.', en: 'We look.' };

describe('the TypeScript client', () => {
  const folder = mkdtempSync(join(tmpdir(), 'upheld-client-'));
  let env: Record<string, string>;
  let running: RunningUpheld;
  let client: ReturnType<typeof createClient>;
  before(async () => {
    const configuration = {
      organisation: { name: 'Zorgsoftware' },
      pages: [{ id: 'main', title: 'Status' }],
      groups: [
        { id: 'products', name: 'Products', components: [{ id: 'fysioone', name: 'FysioOne' }] },
      ],
    };
    writeFileSync(join(folder, 'upheld.yaml'), JSON.stringify(configuration));
    env = { PORT: String(await freePort()) };
    running = await serveUpheld(env, folder);
    client = await withScopes('robot', 'incidents', 'maintenance', 'read');
  });
  after(async () => {
    await running.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function withScopes(name: string, ...scopes: string[]) {
    const args = scopes.flatMap((scope) => ['--scope', scope]);
    const { stdout } = await upheld(['token', 'create', name, ...args], env, folder);
    return createClient({ url: `${running.url}/`, token: stdout.trim() });
  }
  const open = (key?: string) =>
    client.POST('/api/v1/incidents', {
      body: { title: text, componentIds: ['fysioone'], body: text },
      headers: safely(key === undefined ? {} : { key }),
    });

  it('has the types of the API as it is now (else: npm run client)', async () => {
    assert.ok(
      clientTypesNow() === (await clientTypes()),
      'run npm run client and commit the types',
    );
  });

  it('reads the status without a token', async () => {
    const anybody = createClient({ url: running.url });
    const { data } = await anybody.GET('/api/v1/pages/{id}', { params: { path: { id: 'main' } } });
    assert.equal(data?.page.title.en, 'Status');
    assert.equal(data.groups[0]?.components[0]?.id, 'fysioone');
    const { error } = await anybody.POST('/api/v1/maintenances/{id}/start', {
      params: { path: { id: 'any' } },
    });
    assert.equal(error?.status, 401);
  });

  it('announces, and gets the verdicts', async () => {
    const hour = (n: number) =>
      new Date(Math.ceil(Date.now() / 1000) * 1000 + n * 3_600_000).toISOString();
    const { data, response, error } = await client.POST('/api/v1/maintenances', {
      body: {
        componentIds: ['fysioone'],
        from: hour(48),
        to: hour(50),
        text,
        kind: 'planned',
      },
    });
    assert.equal(response.status, 201, error?.detail);
    assert.equal(data?.maintenance.status, 'scheduled');
    assert.equal(data.verdicts[0]?.inTime, true);
  });

  it('opens an incident once, however often it is sent', async () => {
    const first = await open('once');
    const second = await open('once');
    assert.equal(first.data?.status, 'investigating');
    assert.equal(second.data?.id, first.data.id);
    assert.equal(second.response.headers.get('idempotency-replayed'), 'true');
  });

  it('hears of what somebody else changed meanwhile as a typed 412', async () => {
    const { data, response } = await open();
    const etag = response.headers.get('etag');
    const say = (status: 'identified' | 'monitoring') =>
      client.POST('/api/v1/incidents/{id}/updates', {
        params: { path: { id: data?.id ?? '' } },
        body: { status, body: text },
        headers: safely({ etag }),
      });
    assert.equal((await say('identified')).data?.version, 2);
    const { error } = await say('monitoring');
    const problem: Problem | undefined = error;
    assert.ok(problem);
    assert.deepEqual([problem.status, kindOf(problem)], [412, 'changed-meanwhile']);
  });

  it('hears of a scope that it lacks as a typed 403', async () => {
    const reader = await withScopes('reader', 'read');
    const { error } = await reader.POST('/api/v1/incidents', {
      body: { title: text, componentIds: ['fysioone'], body: text },
    });
    assert.deepEqual([error?.status, error && kindOf(error)], [403, 'forbidden']);
    assert.match(error?.detail ?? '', /scope "incidents"/);
  });

  it('cannot be given what the API does not know', async () => {
    // @ts-expect-error an unknown path is no path
    await client.GET('/api/v1/nothing', {});
    // @ts-expect-error a text has both languages
    await client.POST('/api/v1/incidents', { body: { title: { en: 'x' } } });
  });
});
