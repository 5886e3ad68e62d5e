import type { Handle } from '@upheld/db/database.ts';
import { and, eq } from '@upheld/db/query.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { INCIDENT_STATUSES, type IncidentStatus } from '@upheld/domain/incident/incident.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { z } from 'zod';
import { recordAudit } from '../audit/record.ts';
import type { Actor, Context } from '../context.ts';
import { bodyInput, idInput, parseInput, titleInput } from '../input.ts';
import { transactUntilWon, won } from '../race.ts';
import { expectVersion, versionInput } from '../version.ts';
import { SHIPPED, TEMPLATE_KINDS, type ShippedTemplate, type TemplateKind } from './shipped.ts';

/** A text that engineers start from. `{component}`, `{from}` and `{to}` are filled when it is said. */
export interface Template {
  id: string;
  kind: TemplateKind;
  name: string;
  title: Localised;
  body: Localised;
  /** Of an incident update; null where the text goes with any. */
  status: IncidentStatus | null;
  /** Null for one that came with the product and is as it came. */
  updatedAt: Instant | null;
  updatedBy: string | null;
  /** Grows with every change. */
  version: number;
}

export interface TemplateInput {
  kind: TemplateKind;
  name: string;
  title: Localised;
  body: Localised;
  status?: IncidentStatus | null | undefined;
}

const fields = {
  kind: z.enum(TEMPLATE_KINDS),
  name: z
    .string('is missing; engineers choose it by this')
    .trim()
    .min(1, 'is empty; engineers choose it by this')
    .max(80, 'is too long; write at most 80 characters'),
  title: titleInput,
  body: bodyInput,
  status: z.enum(INCIDENT_STATUSES).nullish(),
};
const createInput = z.strictObject(fields).refine(hasFittingStatus, misplaced());
const changeInput = z
  .strictObject({ ...fields, templateId: idInput, expectedVersion: versionInput })
  .refine(hasFittingStatus, misplaced());
const removeInput = z.strictObject({ templateId: idInput, expectedVersion: versionInput });

function hasFittingStatus(given: { kind: TemplateKind; status?: string | null | undefined }) {
  return given.kind === 'incident' || (given.status ?? null) === null;
}

function misplaced() {
  return { path: ['status'], message: 'is for incidents; leave it out for maintenance' };
}

type Row = Handle['t']['templates']['$inferSelect'];

/** All templates, or those of one kind: what came with the product first, then by name. */
export async function listTemplates(
  ctx: Pick<Context, 'db'>,
  kind?: TemplateKind,
): Promise<Template[]> {
  const { q, t } = ctx.db.read;
  const rows = await q.select().from(t.templates);
  const changed = new Map(rows.map((row) => [row.id, row]));
  const shipped = SHIPPED.flatMap((one) => {
    const row = changed.get(one.id);
    if (!row) return [asItCame(one)];
    return row.removedAt === null ? [viewOf(row)] : [];
  });
  const own = rows
    .filter((row) => row.removedAt === null && !isShipped(row.id))
    .map(viewOf)
    .sort((a, b) => a.name.localeCompare(b.name, 'en') || (a.id < b.id ? -1 : 1));
  return [...shipped, ...own].filter((one) => kind === undefined || one.kind === kind);
}

/** One template; throws DomainError('not-found') also for one that was removed. */
export async function readTemplate(ctx: Pick<Context, 'db'>, id: string): Promise<Template> {
  return present(await find(ctx.db.read, id), id);
}

/** Adds a template. Throws DomainError('invalid-input'). */
export async function createTemplate(
  ctx: Context,
  actor: Actor,
  input: TemplateInput,
): Promise<Template> {
  const given = parseInput(createInput, input);
  return ctx.db.transact(async (h) => {
    const id = ctx.ids.next();
    const after = await write(h, rowOf(id, given, { ctx, actor, version: 1 }));
    await recordAudit(h, ctx, actor, { action: 'template.create', subject: id, after });
    return after;
  });
}

/** Changes a template, also one that came with the product. Throws DomainError: 'not-found', 'invalid-input'. */
export async function changeTemplate(
  ctx: Context,
  actor: Actor,
  input: TemplateInput & { templateId: string; expectedVersion?: number | undefined },
): Promise<Template> {
  const { templateId: id, expectedVersion, ...given } = parseInput(changeInput, input);
  return transactUntilWon(ctx.db, async (h) => {
    const before = present(await find(h, id), id);
    expectVersion(before, expectedVersion);
    const after = await replace(
      h,
      before,
      rowOf(id, given, { ctx, actor, version: before.version + 1 }),
    );
    await recordAudit(h, ctx, actor, { action: 'template.change', subject: id, before, after });
    return after;
  });
}

/** Takes a template off the lists and gives it; what was said with it stays. Throws DomainError('not-found'). */
export async function removeTemplate(
  ctx: Context,
  actor: Actor,
  input: { templateId: string; expectedVersion?: number | undefined },
): Promise<Template> {
  const { templateId: id, expectedVersion } = parseInput(removeInput, input);
  return transactUntilWon(ctx.db, async (h) => {
    const before = present(await find(h, id), id);
    expectVersion(before, expectedVersion);
    const row = rowOf(id, before, { ctx, actor, version: before.version + 1 });
    await replace(h, before, { ...row, removedAt: row.updatedAt });
    await recordAudit(h, ctx, actor, { action: 'template.remove', subject: id, before });
    return before;
  });
}

function isShipped(id: string): boolean {
  return SHIPPED.some((one) => one.id === id);
}

async function find({ q, t }: Handle, id: string): Promise<Template | null> {
  const [row] = await q.select().from(t.templates).where(eq(t.templates.id, id));
  if (row) return row.removedAt === null ? viewOf(row) : null;
  const shipped = SHIPPED.find((one) => one.id === id);
  return shipped ? asItCame(shipped) : null;
}

function present(template: Template | null, id: string): Template {
  if (template) return template;
  throw new DomainError('not-found', `there is no template "${id}"`);
}

function asItCame(shipped: ShippedTemplate): Template {
  return { ...shipped, updatedAt: null, updatedBy: null, version: 1 };
}

function viewOf(row: Row): Template {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    title: { nl: row.titleNl, en: row.titleEn },
    body: { nl: row.bodyNl, en: row.bodyEn },
    status: INCIDENT_STATUSES.find((status) => status === row.status) ?? null,
    updatedAt: row.updatedAt,
    updatedBy: row.updatedBy,
    version: row.version,
  };
}

function rowOf(
  id: string,
  { kind, name, title, body, status }: TemplateInput,
  { ctx, actor, version }: { ctx: Context; actor: Actor; version: number },
): Row {
  return {
    id,
    kind,
    name,
    titleNl: title.nl,
    titleEn: title.en,
    bodyNl: body.nl,
    bodyEn: body.en,
    status: status ?? null,
    updatedAt: ctx.clock.now(),
    updatedBy: actor.name,
    removedAt: null,
    version,
  };
}

/** Writes the first row of a template; one that another wrote meanwhile is a race lost. */
async function write({ q, t }: Handle, row: Row): Promise<Template> {
  won(
    await q.insert(t.templates).values(row).onConflictDoNothing().returning({ id: t.templates.id }),
  );
  return viewOf(row);
}

async function replace(h: Handle, before: Template, row: Row): Promise<Template> {
  if (before.updatedAt === null) return write(h, row);
  const { q, t } = h;
  const rows = await q
    .update(t.templates)
    .set(row)
    .where(and(eq(t.templates.id, row.id), eq(t.templates.version, before.version)))
    .returning({ id: t.templates.id });
  won(rows);
  return viewOf(row);
}
