import { DomainError } from '@upheld/domain/errors.ts';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, it } from 'node:test';
import { openFront } from './front.ts';

const PATIENCE = 10_000;

describe('the one port', () => {
  it('answers 503 with Retry-After until there is something to serve', async () => {
    const front = await openFront(0);
    const url = `http://127.0.0.1:${front.port}/`;
    const early = await fetch(url);
    assert.equal(early.status, 503);
    assert.equal(early.headers.get('retry-after'), '1');
    await early.text();
    front.serve((_, response) => response.end('served'));
    assert.equal(await (await fetch(url)).text(), 'served');
    await front.close(PATIENCE);
    await front.close(PATIENCE);
  });

  it('says in words that it is taken', async () => {
    const front = await openFront(0);
    await assert.rejects(
      openFront(front.port),
      (error: unknown) => error instanceof DomainError && /is in use/.test(error.message),
    );
    await front.close(PATIENCE);
  });

  it('finishes what was asked before it closes, and refuses what comes later', async () => {
    const front = await openFront(0);
    const url = `http://127.0.0.1:${front.port}/`;
    const { promise: asked, resolve } = Promise.withResolvers<ServerResponse>();
    front.serve((_, response) => resolve(response));
    const answer = fetch(url).then((response) => response.text());
    const open = await asked;
    const closed = front.close(PATIENCE);
    await assert.rejects(fetch(url));
    open.end('finished');
    assert.equal(await answer, 'finished');
    await closed;
  });

  it('cuts off what does not end in time', async () => {
    const front = await openFront(0);
    const { promise: asked, resolve } = Promise.withResolvers<ServerResponse>();
    front.serve((_, response) => resolve(response));
    const answer = fetch(`http://127.0.0.1:${front.port}/`);
    answer.catch(() => undefined);
    const open = await asked;
    const cut = once(open, 'close');
    await front.close(0);
    await cut;
    await assert.rejects(answer);
  });
});
