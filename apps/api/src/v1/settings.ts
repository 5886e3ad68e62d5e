import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { ORIGINS } from '@upheld/config/settings.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { CHANNELS, DELIVERY_CHANNELS } from '@upheld/domain/notify/delivery.ts';
import { LANGUAGES } from '@upheld/domain/text.ts';
import { checkSettings } from '@upheld/services/settings/check-settings.ts';
import type { SettingsFile } from '@upheld/services/settings/file.ts';
import { readSettings, type SettingsView } from '@upheld/services/settings/read-settings.ts';
import { reloadSettings, type Reloaded } from '@upheld/services/settings/reload-settings.ts';
import { sendTestMessage } from '@upheld/services/settings/send-test.ts';
import type { ApiEnv, ProductContext } from '../http/env.ts';
import { isoInstantOrNull } from '../http/instants.ts';
import { answers, jsonBody, TOKEN } from '../http/openapi.ts';
import { message as outboxMessage, outboxOut } from './outbox.ts';
import * as schemas from './schemas.ts';

const setting = z
  .strictObject({
    path: z.string().meta({
      description: 'From the root; elements of lists by their id, or by their place from 1.',
    }),
    about: z.string().nullable(),
    value: z.string().nullable().meta({
      description:
        'As upheld.yaml would say it; null for what is not set, and for what may hold a secret.',
    }),
    hidden: z.boolean().meta({ description: 'It may hold a secret, and is never shown.' }),
    origin: z.enum(ORIGINS).meta({
      description:
        'file: upheld.yaml says it; environment: by the variables that it names; default: nobody says otherwise; unset: there is none.',
    }),
  })
  .openapi('Setting');

const channel = z
  .strictObject({
    channel: z.enum(DELIVERY_CHANNELS),
    configured: z.boolean(),
    lastSentAt: schemas.instantOut.nullable(),
    lastFailedAt: schemas.instantOut.nullable(),
    lastFailure: z.string().nullable(),
    waiting: z.int(),
  })
  .openapi('ChannelHealth');

const warning = z
  .strictObject({ message: z.string(), remedy: z.string() })
  .openapi('SettingsWarning');

const settings = z
  .strictObject({
    file: z.strictObject({
      path: z.string(),
      state: z.enum(['in-force', 'changed', 'unreadable']).meta({
        description: 'changed: it says something else by now than what is in force.',
      }),
    }),
    data: z.string().meta({ description: 'Where the data is, without a password.' }),
    version: z.string(),
    settings: z.array(setting),
    channels: z.array(channel),
    tests: z.array(outboxMessage).meta({ description: 'The last test messages, newest first.' }),
  })
  .openapi('Settings');

const reloaded = z
  .strictObject({
    processes: z.array(z.string()).meta({ description: 'The roles that read it.' }),
    changes: z.array(
      z.strictObject({
        path: z.string(),
        before: z.string().nullable(),
        after: z.string().nullable(),
      }),
    ),
    warnings: z.array(warning),
  })
  .openapi('SettingsReloaded');

const checked = z
  .strictObject({
    usable: z.boolean(),
    faults: z.array(z.strictObject({ line: z.int(), path: z.string(), message: z.string() })),
    warnings: z.array(warning),
    unchecked: z.array(z.string()).meta({
      description: 'What is looked at only when the file itself is read.',
    }),
  })
  .openapi('CheckedSettings');

const newTest = z
  .strictObject({
    channel: z.enum(CHANNELS),
    address: z.string().min(1).max(320),
    language: z.enum(LANGUAGES).optional(),
  })
  .openapi('NewTestMessage');

const common = { tags: ['Settings'], security: TOKEN };

const routes = {
  read: createRoute({
    ...common,
    method: 'get',
    path: '/api/v1/settings',
    operationId: 'readSettings',
    summary: 'Every setting in force, where it comes from, and how each channel does',
    responses: answers({ 200: settings }, ['unavailable']),
  }),
  reload: createRoute({
    ...common,
    method: 'post',
    path: '/api/v1/settings/reload',
    operationId: 'reloadSettings',
    summary: 'Read upheld.yaml again, in every process of this machine',
    description:
      'What has a fault is refused with all its faults and their lines, and then nothing changes. Settings are changed in the file alone.',
    responses: answers({ 200: reloaded }, ['invalid-input', 'unavailable']),
  }),
  check: createRoute({
    ...common,
    method: 'post',
    path: '/api/v1/settings/check',
    operationId: 'checkSettings',
    summary: 'Say what is wrong with a text that may become upheld.yaml; it is kept nowhere',
    request: { body: jsonBody(z.strictObject({ text: z.string().min(1) })) },
    responses: answers({ 200: checked }, ['invalid-input', 'unavailable']),
  }),
  test: createRoute({
    ...common,
    method: 'post',
    path: '/api/v1/settings/test-messages',
    operationId: 'sendTestMessage',
    summary: 'Send a message that says that it is a test; at most five an hour',
    description:
      'It goes the way of every message; `GET /api/v1/settings` tells what became of it.',
    request: { body: jsonBody(newTest) },
    responses: answers({ 202: outboxMessage }, ['invalid-input', 'too-many-requests']),
  }),
};

/** Settings are shown, tried and read again; they are written nowhere but in their file. */
export function settingsRoutes(
  app: OpenAPIHono<ApiEnv>,
  ctx: ProductContext,
  given: SettingsFile | undefined,
): void {
  const file = (): SettingsFile => {
    if (given) return given;
    throw new DomainError('unavailable', 'this process was not started from a file of settings');
  };
  app.openapi(routes.read, async (c) => {
    return c.json(settingsOut(await readSettings(ctx, file())), 200);
  });
  app.openapi(routes.reload, async (c) => {
    return c.json(reloadedOut(await reloadSettings(ctx, file(), c.get('actor'))), 200);
  });
  app.openapi(routes.check, async (c) => {
    const { faults, warnings, unchecked } = await checkSettings(
      ctx,
      file(),
      c.get('actor'),
      c.req.valid('json'),
    );
    return c.json(
      {
        usable: faults.length === 0,
        faults: [...faults],
        warnings: [...warnings],
        unchecked: [...unchecked],
      },
      200,
    );
  });
  app.openapi(routes.test, async (c) => {
    const sent = await sendTestMessage(ctx, c.get('actor'), c.req.valid('json'));
    return c.json(outboxOut(sent), 202);
  });
}

/** Settings with instants as texts. */
export function settingsOut(view: SettingsView): z.infer<typeof settings> {
  const { file, data, version } = view;
  return {
    file,
    data,
    version,
    settings: view.settings.map(({ path, about, value, hidden, origin }) => ({
      path,
      about,
      value,
      hidden,
      origin,
    })),
    channels: view.channels.map((one) => ({
      ...one,
      lastSentAt: isoInstantOrNull(one.lastSentAt),
      lastFailedAt: isoInstantOrNull(one.lastFailedAt),
    })),
    tests: view.tests.map((one) => outboxOut(one)),
  };
}

/** What was applied. Throws DomainError for what was not, with every fault. */
export function reloadedOut(outcome: Reloaded): z.infer<typeof reloaded> {
  const { applied, processes, faults, changes, warnings } = outcome;
  if (applied)
    return {
      processes: processes.map(({ role }) => role),
      changes: [...changes],
      warnings: [...warnings],
    };
  const refusal = processes.find(({ message }) => message !== null);
  if (!refusal) throw new DomainError('unavailable', 'no process answered; look at the log');
  throw new DomainError(
    'invalid-input',
    refusal.message ?? '',
    faults.map((message) => ({ path: '', message })),
  );
}
