import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { firstConfig } from './first-config.ts';
import { configSchemaNode, branches, type Node } from './json-schema.ts';
import { parseConfig, secretsOf, type LoadedConfig } from './load.ts';
import { changesOf, durationText, settingsOf, settingText } from './settings.ts';

const VARIABLES = {
  SHOP_TOKEN: 'token-of-the-shop',
  SMTP_PASSWORD: 'password-of-the-mail',
  FROM: 'status@example.test',
};

function loaded(text: string, variables: Record<string, string> = VARIABLES): LoadedConfig {
  const read = parseConfig(text, variables);
  assert.ok(read.ok, JSON.stringify(read));
  return read;
}

const ours = (more: { interval?: string; monitor?: string; idle?: string } = {}): string => `
organisation: { name: Zorgsoftware, website: 'https://zorg.example/?campaign=7' }
pages: [{ id: main, title: { nl: Toestand, en: Status } }]
groups:
  - id: products
    name: Products
    components:
      - id: shop
        name: Shop
        monitors:
          - id: web
            kind: http
            url: 'https://shop.example/health?token=of-the-query'
            interval: ${more.interval ?? '30s'}
            headers: { Authorization: 'Bearer \${SHOP_TOKEN}', X-Probe: in-the-clear }
${more.monitor ?? ''}
channels:
  email: { from: '\${FROM}', smtp: { host: smtp.example, user: status, password: '\${SMTP_PASSWORD}' } }
console: { idle: ${more.idle ?? '20m'} }
onCall:
  people: [{ id: jan, name: Jan, webhook: { url: 'https://hook.example/of-jan', secret: 'sixteen-characters' } }]
  escalations: [{ id: all, steps: [{ people: [jan] }] }]
`;

function textsOf(config: LoadedConfig): Map<string, string> {
  return new Map(
    settingsOf(config.config, config.given).map((one) => [
      one.path,
      `${one.origin}: ${settingText(one)}`,
    ]),
  );
}

/** Patterns of everything that can be set, by the schema alone. */
function everyPattern(node: Node, pattern = ''): string[] {
  const kinds = branches(node);
  const objects = kinds.filter((kind) => kind.properties);
  const list = kinds.find((kind) => kind.items && branches(kind.items).every((i) => i.properties));
  if (list?.items) return everyPattern(list.items, `${pattern}.*`);
  if (objects.length < kinds.length || kinds.some((kind) => !kind.properties)) return [pattern];
  return objects.flatMap((kind) =>
    Object.entries(kind.properties ?? {}).flatMap(([key, inner]) =>
      everyPattern(inner, pattern === '' ? key : `${pattern}.${key}`),
    ),
  );
}

describe('every setting', () => {
  it('is there with its value, and says whether the file, the environment or nobody said it', () => {
    const texts = textsOf(loaded(ours()));
    const monitor = 'groups.products.components.shop.monitors.web';
    for (const [path, text] of [
      ['organisation.name', 'file: Zorgsoftware'],
      ['organisation.contact', 'unset: not set'],
      ['pages.main.title', 'file: Toestand / Status'],
      ['server.trustProxy', 'default: no'],
      ['timezone', 'default: Europe/Amsterdam'],
      ['console.idle', 'file: 20m'],
      ['console.longest', 'default: 12h'],
      ['channels.email.from', 'environment: ${FROM}'],
      ['channels.sms', 'unset: not set'],
      [`${monitor}.interval`, 'file: 30s'],
      [`${monitor}.expect.status`, 'default: 200-299'],
      ['groups.products.components.shop.agreements.1.agreement', 'default: standard'],
    ] as const)
      assert.equal(texts.get(path), text, path);
  });

  it('of the schema is among them, whatever is added to it', () => {
    const { config, given } = loaded(ours());
    const shown = new Set(settingsOf(config, given).map(({ pattern }) => pattern));
    const known = everyPattern(configSchemaNode()).filter((one) => one !== '$schema');
    assert.ok(known.length > 60);
    const missing = known.filter(
      (one) =>
        !shown.has(one) &&
        // What stands in a part that is not set is one setting: the part.
        ![...shown].some((part) => one.startsWith(`${part}.`)) &&
        !one.includes('headers') &&
        !['pages', 'groups', 'onCall'].some((list) => one.startsWith(`${list}.`)),
    );
    assert.deepEqual(missing, []);
  });

  it('holds no secret, no value of the environment, no query and no path of a webhook', () => {
    const read = loaded(ours());
    const shown = JSON.stringify(settingsOf(read.config, read.given));
    const secrets = [...secretsOf(read.config), ...Object.values(VARIABLES)];
    assert.ok(secrets.length > 5);
    for (const secret of [...secrets, 'in-the-clear', 'of-the-query', 'of-jan', 'campaign'])
      assert.ok(!shown.includes(secret), secret);
    const texts = textsOf(read);
    const monitor = 'groups.products.components.shop.monitors.web';
    assert.equal(
      texts.get(`${monitor}.headers.Authorization`),
      'environment: set by ${SHOP_TOKEN}',
    );
    assert.equal(texts.get(`${monitor}.headers.X-Probe`), 'file: set');
    assert.equal(texts.get('onCall.people.jan.webhook.secret'), 'file: set');
    assert.equal(texts.get('onCall.people.jan.webhook.url'), 'file: https://hook.example/…');
    assert.equal(texts.get('channels.email.smtp.password'), 'environment: set by ${SMTP_PASSWORD}');
  });

  it('is not given away by a secret that stands in the wrong place (planted)', () => {
    const text = ours().replace('name: Zorgsoftware', 'name: sixteen-characters of ours');
    assert.equal(textsOf(loaded(text)).get('organisation.name'), 'file: [hidden] of ours');
  });

  it('is there for the first configuration as well', () => {
    const { config, given } = loaded(firstConfig(), { PORT: '3000' });
    assert.ok(settingsOf(config, given).length > 40);
  });
});

describe('what differs between two configurations', () => {
  it('is named with how it was and how it is; what is new or gone in one line', () => {
    const before = loaded(ours());
    const more = '          - { id: api, kind: http, url: https://shop.example/api }';
    const after = loaded(ours({ interval: '1m', idle: '10m', monitor: more }));
    const monitors = 'groups.products.components.shop.monitors';
    assert.deepEqual(changesOf(before, after), [
      { path: `${monitors}.api`, before: null, after: 'added' },
      { path: `${monitors}.web.interval`, before: '30s', after: '1m' },
      { path: 'console.idle', before: '20m', after: '10m' },
    ]);
    assert.deepEqual(changesOf(after, before)[0], {
      path: `${monitors}.api`,
      before: 'there',
      after: null,
    });
    assert.deepEqual(changesOf(before, loaded(ours())), []);
  });

  it('names a part that is new by what stands in it, and never as gone', () => {
    const after = loaded(ours());
    const before = loaded(ours().replace(/^onCall:[^]*$/m, ''));
    const added = changesOf(before, after);
    assert.deepEqual(
      added.map(({ path, after: is }) => [path, is]).filter(([path]) => path?.includes('jan')),
      [['onCall.people.jan', 'added']],
    );
    assert.deepEqual(
      added.filter(({ path, after: is }) => path === 'onCall' || is === null),
      [],
    );
    const gone = changesOf(after, before);
    assert.deepEqual(
      gone.filter(({ path, after: is }) => path === 'onCall' || is === 'added'),
      [],
    );
    assert.ok(gone.length > 0);
  });

  it('tells that a secret is another one, and not which', () => {
    const other = { ...VARIABLES, SMTP_PASSWORD: 'another-password', FROM: 'b@example.test' };
    const changes = changesOf(loaded(ours()), loaded(ours(), other));
    assert.deepEqual(changes, [
      {
        path: 'channels.email.from',
        before: '${FROM}',
        after: '${FROM}, to something else',
      },
      {
        path: 'channels.email.smtp.password',
        before: 'set by ${SMTP_PASSWORD}',
        after: 'set by ${SMTP_PASSWORD}, to something else',
      },
    ]);
  });
});

it('a duration is written as the file would say it', () => {
  assert.deepEqual([500, 1500, 30_000, 90_000, 60_000, 7_200_000, 0].map(durationText), [
    '500ms',
    '1500ms',
    '30s',
    '90s',
    '1m',
    '2h',
    '0ms',
  ]);
});
