import { LANGUAGES, type Localised } from '@upheld/domain/text.ts';
import { z } from 'zod';
import { incoming, onCall } from './on-call.ts';
import { duration, httpUrl, localised, slug, statusRange } from './values.ts';

/*
 * upheld.yaml as a schema. Descriptions become the JSON Schema that editors complete from, so they
 * are written for the operator.
 */

const expectation = z
  .strictObject({
    status: z
      .array(statusRange)
      .min(1)
      .default(['200-299'])
      .describe('HTTP statuses that are good: numbers or ranges such as "200-299".'),
    text: z.string().min(1).optional().describe('A text that the body must contain.'),
    json: z
      .strictObject({
        path: z.string().describe('A JSONPath (RFC 9535), for example $.status.'),
        equals: z.union([z.string(), z.number(), z.boolean(), z.null()]),
      })
      .optional()
      .describe('A value that the JSON body must hold.'),
    within: duration.optional().describe('Slower than this is degraded, for example 2s.'),
  })
  .describe('What a good answer looks like.');

const monitorSeverity = z
  .strictObject({ down: z.string().optional(), degraded: z.string().optional() })
  .describe(
    "Levels of the agreement's scale for what the detector finds; by default its first down level and the next one.",
  );

export const httpMonitor = z.strictObject({
  id: slug,
  kind: z.literal('http'),
  url: httpUrl,
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']).default('GET'),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().optional(),
  expect: expectation.prefault({}),
  interval: duration.default(60_000).describe('Time between checks, from 5s.'),
  timeout: duration.default(10_000),
  retryInterval: duration
    .optional()
    .describe(
      'Time between checks while an outage or a recovery is being confirmed; by default the interval, at most 15s.',
    ),
  confirm: z
    .strictObject({
      failures: z
        .int()
        .min(1)
        .max(20)
        .default(2)
        .describe('Failures in a row that open an outage.'),
      successes: z.int().min(1).max(20).default(1).describe('Good checks in a row that close it.'),
    })
    .prefault({}),
  redirects: z.int().min(0).max(10).default(5),
  severity: monitorSeverity.prefault({}),
  paused: z.boolean().default(false),
});

const monitor = z.discriminatedUnion('kind', [httpMonitor]);

const agreementUse = z.strictObject({
  agreement: z
    .string()
    .min(1)
    .describe('The id of a shipped agreement, or a path to an agreement file.'),
  component: z
    .string()
    .min(1)
    .optional()
    .describe(
      "The agreement's own name of this component; by default its id, or the only one that there is.",
    ),
  contractStart: z.iso
    .date('is no date; write YYYY-MM-DD')
    .optional()
    .describe(
      'The day on which the contract began, YYYY-MM-DD: its contract years count from there.',
    ),
});

const component = z.strictObject({
  id: slug,
  name: localised,
  description: localised.optional(),
  agreements: z
    .array(agreementUse)
    .max(20)
    .default([{ agreement: 'standard' }])
    .describe('What was promised. The first one leads on the public page.'),
  monitors: z.array(monitor).max(50).default([]),
});

const group = z.strictObject({ id: slug, name: localised, components: z.array(component).min(1) });

const page = z.strictObject({
  id: slug,
  title: localised,
  description: localised.optional(),
  groups: z.array(slug).optional().describe('Groups shown on this page; by default all.'),
});

const email = z.strictObject({
  from: z.string().min(3).describe('The sender, for example "Status <status@example.com>".'),
  replyTo: z.string().optional(),
  bounces: z
    .string()
    .regex(
      /^[A-Za-z0-9._-]{1,14}@[A-Za-z0-9.-]+$/,
      'is no address such as bounces@status.example.com',
    )
    .optional()
    .describe(
      'An address whose mail, with anything after a +, a mail service posts to /api/incoming/mail. Mail that comes back then ends in time: bounces@status.example.com.',
    ),
  smtp: z.strictObject({
    host: z.string().min(1),
    port: z.int().min(1).max(65_535).default(587),
    tls: z.enum(['starttls', 'implicit', 'none']).default('starttls'),
    user: z.string().optional(),
    password: z.string().optional(),
  }),
});

const sms = z.strictObject({
  provider: z.literal('twilio').default('twilio'),
  accountSid: z.string().min(1),
  authToken: z.string().min(1),
  from: z
    .string()
    .min(1)
    .describe('A number in E.164 form, or a sender name of at most 11 letters.'),
  baseUrl: httpUrl.optional().describe('Another address of the API, for tests and proxies.'),
  countries: z
    .array(z.string().regex(/^[A-Z]{2}$/))
    .min(1)
    .default(['NL', 'BE'])
    .describe('Countries whose mobile numbers may subscribe.'),
});

const consoleSettings = z
  .strictObject({
    allow: z
      .array(z.string())
      .default([])
      .describe(
        'Address ranges from which the console may be used, for example 192.0.2.0/24 or 2001:db8::/32; by default all. Behind a proxy set server.trustProxy.',
      ),
    idle: duration
      .default(30 * 60_000)
      .describe('A session ends when it is not used for this long, for example 30m.'),
    longest: duration
      .default(12 * 3_600_000)
      .describe('A session ends after this long, however much it is used; from 5m to 168h.'),
    blockAfterDays: z
      .int()
      .min(1)
      .max(3650)
      .default(90)
      .describe(
        'An account that nobody signs in to for this many days is blocked; never the last owner.',
      ),
  })
  .describe('The console, for those who run the products.');

export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  organisation: z.strictObject({
    name: z.string().min(1),
    website: httpUrl.optional(),
    contact: z
      .string()
      .optional()
      .describe('Where customers turn to: an e-mail address or a telephone number.'),
  }),
  server: z
    .strictObject({
      url: httpUrl
        .default('http://localhost:3000')
        .describe(
          'The address under which customers reach this page; links in messages start with it.',
        ),
      trustProxy: z
        .boolean()
        .default(false)
        .describe('Whether X-Forwarded-For comes from a proxy of yours.'),
      source: httpUrl
        .optional()
        .describe(
          'Where customers get the source of the Upheld that runs here, to compute a figure themselves; without it they are told to ask you.',
        ),
    })
    .prefault({}),
  timezone: z
    .string()
    .default('Europe/Amsterdam')
    .describe('The zone in which the page shows time.'),
  language: z
    .enum(LANGUAGES)
    .default('nl')
    .describe('The language when the visitor has no preference.'),
  pages: z.array(page).min(1).max(50),
  groups: z.array(group).min(1),
  probing: z
    .strictObject({
      allow: z
        .array(z.string())
        .default([])
        .describe(
          'Non-public addresses that checks may reach: CIDR, optionally with a port, for example 10.20.0.0/16:443. Metadata services never.',
        ),
      concurrency: z.int().min(1).max(2000).default(100),
    })
    .prefault({}),
  channels: z.strictObject({ email: email.optional(), sms: sms.optional() }).prefault({}),
  onCall: onCall.optional(),
  incoming: incoming.optional(),
  console: consoleSettings.prefault({}),
});

type Raw = z.output<typeof configSchema>;

export type Config = DeepReadonly<Raw>;
export type PageConfig = Config['pages'][number];
export type GroupConfig = Config['groups'][number];
export type ComponentConfig = GroupConfig['components'][number];
export type MonitorConfig = ComponentConfig['monitors'][number];
export type AgreementUse = ComponentConfig['agreements'][number];
export type EmailConfig = NonNullable<Config['channels']['email']>;
export type OnCallConfig = NonNullable<Config['onCall']>;
export type EscalationConfig = OnCallConfig['escalations'][number];
export type PersonOnCall = OnCallConfig['people'][number];
export type RosterConfig = OnCallConfig['rosters'][number];
export type SmsConfig = NonNullable<Config['channels']['sms']>;

type DeepReadonly<T> = T extends Localised
  ? T
  : T extends readonly (infer E)[]
    ? readonly DeepReadonly<E>[]
    : T extends object
      ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
      : T;
