import { DomainError } from '@upheld/domain/errors.ts';
import { testContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  changeTemplate,
  createTemplate,
  listTemplates,
  readTemplate,
  removeTemplate,
  type TemplateInput,
} from './templates.ts';

const engineer = { name: 'jan' };
const text = { nl: 'Van {from} tot {to}.', en: 'From {from} to {to}.' };
const own: TemplateInput = { kind: 'maintenance', name: 'Disk', title: text, body: text };
const refusal = (code: string) => (error: unknown) =>
  error instanceof DomainError && error.code === code;

eachDatabase('templates', (databases) => {
  it('come with the product, in both languages, of both kinds', async () => {
    const ctx = testContext(await databases.open());
    const all = await listTemplates(ctx);
    assert.ok(all.length >= 6);
    for (const { title, body } of all)
      for (const word of [title.nl, title.en, body.nl, body.en]) assert.notEqual(word, '');
    const kinds = (await listTemplates(ctx, 'incident')).map(({ kind, status }) => [kind, status]);
    assert.deepEqual(kinds, [
      ['incident', 'investigating'],
      ['incident', 'identified'],
      ['incident', 'monitoring'],
      ['incident', 'resolved'],
    ]);
  });

  it('are made, changed and removed, and each is on the record', async () => {
    const ctx = testContext(await databases.open());
    const made = await createTemplate(ctx, engineer, own);
    const changed = await changeTemplate(ctx, engineer, {
      ...own,
      templateId: made.id,
      name: 'Disks',
    });
    assert.deepEqual([changed.name, changed.version, changed.updatedBy], ['Disks', 2, 'jan']);
    assert.deepEqual((await listTemplates(ctx, 'maintenance')).at(-1), changed);
    await removeTemplate(ctx, engineer, { templateId: made.id });
    await assert.rejects(readTemplate(ctx, made.id), refusal('not-found'));
    await assert.rejects(
      removeTemplate(ctx, engineer, { templateId: made.id }),
      refusal('not-found'),
    );
    const { q, t } = ctx.db.read;
    assert.deepEqual(
      (await q.select().from(t.auditLog).orderBy(t.auditLog.seq)).map(({ action }) => action),
      ['template.create', 'template.change', 'template.remove'],
    );
  });

  it('that came with the product can be changed and removed like any other', async () => {
    const ctx = testContext(await databases.open());
    const [first, second] = await listTemplates(ctx, 'maintenance');
    assert.ok(first && second);
    const { kind, title, body } = first;
    const input = { templateId: first.id, kind, title, body, name: 'Ours' };
    await changeTemplate(ctx, engineer, input);
    await removeTemplate(ctx, engineer, { templateId: second.id });
    const names = (await listTemplates(ctx, 'maintenance')).map(({ name }) => name);
    assert.deepEqual(names, ['Ours', 'Urgent repair']);
  });

  it('changed by two at once keep both changes in their order', async () => {
    const ctx = testContext(await databases.open());
    const [first] = await listTemplates(ctx, 'maintenance');
    assert.ok(first);
    const { kind, title, body } = first;
    const names = ['A', 'B', 'C'];
    await Promise.all(
      names.map((name) =>
        changeTemplate(ctx, engineer, { templateId: first.id, kind, title, body, name }),
      ),
    );
    assert.equal((await readTemplate(ctx, first.id)).version, 4);
  });

  it('refuse a status for maintenance and a text in one language', async () => {
    const ctx = testContext(await databases.open());
    const refused = async (part: object): Promise<string[]> => {
      try {
        await createTemplate(ctx, engineer, { ...own, ...part });
        return [];
      } catch (error) {
        return error instanceof DomainError ? error.faults.map(({ path }) => path) : ['?'];
      }
    };
    assert.deepEqual(await refused({ status: 'resolved' }), ['status']);
    assert.deepEqual(await refused({ name: ' ', body: { nl: 'x' } }), ['name', 'body.en']);
  });
});
