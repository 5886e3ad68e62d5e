import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { firstConfig } from './first-config.ts';
import { faultLine, loadConfig, parseConfig, secretsOf } from './load.ts';

const folder = mkdtempSync(join(tmpdir(), 'upheld-config-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const MINIMAL = `
organisation: { name: Zorgsoftware }
pages: [{ id: main, title: Status }]
groups:
  - id: products
    name: Products
    components:
      - id: fysioone
        name: FysioOne
        monitors:
          - { id: web, kind: http, url: https://fysioone.example/ }
`;

function faultsOf(text: string, variables: Record<string, string> = {}): string[] {
  const loaded = parseConfig(text, variables);
  return loaded.ok ? [] : loaded.faults.map((fault) => faultLine('upheld.yaml', fault));
}

describe('a right configuration', () => {
  it('is loaded with its defaults, frozen to its leaves', () => {
    const loaded = parseConfig(MINIMAL, {});
    assert.ok(loaded.ok);
    const component = loaded.config.groups[0]!.components[0]!;
    assert.equal(component.monitors[0]!.interval, 60_000);
    assert.deepEqual(component.name, { nl: 'FysioOne', en: 'FysioOne' });
    assert.ok(Object.isFrozen(component.monitors[0]!.expect.status));
  });

  it('is what the first start writes, whatever the port', () => {
    for (const PORT of ['3000', '8080']) {
      const loaded = parseConfig(firstConfig(), { PORT });
      assert.ok(loaded.ok, JSON.stringify(loaded));
      const monitor = loaded.config.groups[0]!.components[0]!.monitors[0]!;
      assert.equal(monitor.url, `http://127.0.0.1:${PORT}/healthz`);
      assert.deepEqual(loaded.config.probing.allow, [`127.0.0.1/32:${PORT}`]);
    }
  });

  it('is also what the first start writes when its examples are uncommented', () => {
    const text = firstConfig()
      .replace(/^( *)# (- id: shop|  [a-zA-Z]|    [- a-zA-Z])/gm, '$1$2')
      .replace(/^# (channels|  [a-z]|    [a-zA-Z]|      [a-z])/gm, '$1');
    const variables = {
      PORT: '3000',
      SHOP_HEALTH_TOKEN: 'health-token',
      SMTP_PASSWORD: 'smtp-password',
      TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: '1234567890',
    };
    const loaded = parseConfig(text, variables);
    assert.ok(loaded.ok, JSON.stringify(loaded));
    assert.equal(loaded.config.groups[0]!.components.length, 2);
    assert.equal(loaded.config.channels.sms?.authToken, '1234567890');
    assert.deepEqual(secretsOf(loaded.config), [
      'smtp-password',
      '1234567890',
      'Bearer health-token',
    ]);
  });
});

describe('faults of a configuration', () => {
  it('of meaning come with those of form', () => {
    const faults = faultsOf(`organisation: { name: Zorgsoftware }
pages: [{ id: main, title: Status, groups: [elsewhere] }]
colour: red
groups:
  - id: products
    name: Products
    components:
      - id: shop
        name: Shop
        monitors:
          - { id: web, kind: http, url: 'http://shop.example.test/', interval: 1s, timeout: 3 parsecs }
`);
    const paths = faults.map((fault) => /^\S*\d+: (\S+)/.exec(fault)?.[1] ?? fault);
    for (const path of [
      'colour',
      'pages[0].groups[0]',
      'groups[0].components[0].monitors[0].timeout',
    ])
      assert.ok(paths.includes(path), `${path} is not among ${faults.join('\n')}`);
    assert.ok(
      faults.some((fault) => fault.includes('interval')),
      faults.join('\n'),
    );
  });

  it('come all at once, each with its line, its path and what would be right', () => {
    const faults = faultsOf(`organisation: { nam: Zorgsoftware }
timezone: Europe/Amsterdam
language: de
pages:
  - id: Main
    title: { nl: Status }
groups:
  - id: products
    name: Products
    components:
      - id: fysioone
        name: 3
        monitors:
          - id: web
            kind: htp
          - id: web-2
            kind: http
            url: ftp://fysioone.example/
            intervall: 30s
            timeout: 10
            method: get
            expect: { status: [99, "20-30"] }
            confirm: { failures: 0 }
`);
    assert.deepEqual(faults, [
      'upheld.yaml:1: organisation.nam is no known key; did you mean "name"?',
      'upheld.yaml:3: language "de" is not known; write one of nl, en',
      'upheld.yaml:5: pages[0].id "Main" is not right; write lower-case letters, digits and single hyphens',
      'upheld.yaml:6: pages[0].title.en is missing; write a text',
      'upheld.yaml:12: groups[0].components[0].name is a number; write a text or keys with values',
      'upheld.yaml:14: groups[0].components[0].monitors[0].url is missing; write a text',
      'upheld.yaml:15: groups[0].components[0].monitors[0].kind "htp" is not known; write one of http (did you mean http?)',
      'upheld.yaml:18: groups[0].components[0].monitors[1].url "ftp://fysioone.example/" is not right; write an address that starts with http:// or https://, without a user name',
      'upheld.yaml:19: groups[0].components[0].monitors[1].intervall is no known key; did you mean "interval"?',
      'upheld.yaml:20: groups[0].components[0].monitors[1].timeout is a number; write a duration such as 500ms, 30s, 5m or 1h',
      'upheld.yaml:21: groups[0].components[0].monitors[1].method "get" is not known; write one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS (did you mean GET?)',
      'upheld.yaml:22: groups[0].components[0].monitors[1].expect.status[0] 99 is out of range; write at least 100',
      'upheld.yaml:22: groups[0].components[0].monitors[1].expect.status[1] "20-30" is not right; write a status such as 204, or a range such as 200-299',
      'upheld.yaml:23: groups[0].components[0].monitors[1].confirm.failures 0 is out of range; write at least 1',
    ]);
  });

  it('of a monitor come together, also where its kind is misspelt, unknown or missing', () => {
    const ofMonitor = (monitor: string): string[] =>
      faultsOf(MINIMAL.replace(/\{ id: web[^}]*\}/, `{ id: web, ${monitor} }`)).map((fault) =>
        fault.replace(/^.*monitors\[0\]\.?/, ''),
      );
    assert.deepEqual(ofMonitor('knd: http, url: https://shop.example/, intervall: 3s'), [
      'knd is no known key; did you mean "kind"?',
      'intervall is no known key; did you mean "interval"?',
    ]);
    assert.deepEqual(ofMonitor('kind: htp, url: ftp://shop.example/, interval: 1m'), [
      'kind "htp" is not known; write one of http (did you mean http?)',
      'url "ftp://shop.example/" is not right; write an address that starts with http:// or https://, without a user name',
    ]);
    assert.deepEqual(ofMonitor('url: https://shop.example/, interval: 1s, timeout: 1s'), [
      'kind is missing; write http',
      'interval is too short; write 5s or more',
    ]);
    assert.deepEqual(ofMonitor('knd: http, url: https://shop.example/'), [
      'knd is no known key; did you mean "kind"?',
    ]);
  });

  it('are found between values that are right each by itself', () => {
    const faults = faultsOf(`
organisation: { name: Zorgsoftware }
timezone: Europe/Amsterdan
pages: [{ id: main, title: A, groups: [product] }, { id: main, title: B }]
probing: { allow: [169.254.0.0/16, 10.0.0.1, 10.0.0.0/33, "10.0.0.0/8:0", 0.0.0.0/0] }
channels:
  email: { from: nobody, smtp: { host: localhost, user: me } }
  sms: { accountSid: AC, authToken: geheim, from: Veel te lange naam }
groups:
  - id: products
    name: Products
    components:
      - id: one
        name: One
        monitors:
          - { id: web, kind: http, url: https://one.example/, interval: 4s, timeout: 3s }
          - { id: api, kind: http, url: https://one.example/, timeout: 2m, retryInterval: 100ms }
          - { id: slow, kind: http, url: https://one.example/, expect: { within: 10s, status: ["299-200"] } }
      - id: one
        name: Two
        monitors:
          - { id: web, kind: http, url: https://two.example/, body: x, headers: { "a b": c, d: "e\\r\\nf" } }
`);
    const about = faults.map((line) => line.replace(/^upheld\.yaml:\d+: /, ''));
    const monitors = 'groups[0].components[0].monitors';
    assert.deepEqual(about, [
      'timezone "Europe/Amsterdan" is no IANA zone; write one such as Europe/Amsterdam',
      'pages[0].groups[0] "product" is no known group; did you mean "products"?',
      'pages[1].id "main" is already the id of the page at pages[0]',
      'probing.allow[0] 169.254.0.0/16 holds the metadata service 169.254.169.254, which no check may reach; write a narrower range',
      'probing.allow[1] "10.0.0.1" is no range; write an address range such as 10.20.0.0/16, or 10.20.0.0/16:443 for one port',
      'probing.allow[2] /33 is too long; an IPv4 range ends at /32',
      'probing.allow[3] port 0 does not exist; write 1 to 65535',
      'probing.allow[4] 0.0.0.0/0 holds the metadata service 169.254.169.254, which no check may reach; write a narrower range',
      'channels.email.from holds no address; write "Name <name@example.com>"',
      'channels.email.smtp has only one of user and password; write both or neither',
      'channels.sms.from is no sender; write a number such as +31612345678, or at most 11 letters and digits',
      `${monitors}[0].interval is too short; write 5s or more`,
      `${monitors}[1].retryInterval is too short; write 1s or more`,
      `${monitors}[1].timeout is longer than the interval; write at most the interval`,
      `${monitors}[2].expect.within is not shorter than the timeout; write less than it`,
      `${monitors}[2].expect.status[0] 299-200 is empty; write the lower status first`,
      'groups[0].components[1].id "one" is already the id of the component at groups[0].components[0]',
      'groups[0].components[1].monitors[0].id "web" is already the id of the monitor at groups[0].components[0].monitors[0]',
      'groups[0].components[1].monitors[0].body cannot go with GET; write method: POST or another',
      'groups[0].components[1].monitors[0].headers.a b is no header name; write letters, digits and hyphens',
      'groups[0].components[1].monitors[0].headers.d holds a line end or control character; write one line',
    ]);
  });

  it('never show a secret', () => {
    const faults = faultsOf(`${MINIMAL}
channels:
  sms: { accountSid: AC, authToken: [hunter2], from: Status }
  email: { from: a@b.nl, smtp: { host: h, port: 0, user: u, password: 12345678 } }
`);
    assert.equal(faults.length, 3);
    assert.ok(!faults.join().includes('hunter2') && !faults.join().includes('12345678'));
  });

  it('of YAML itself name the line', () => {
    assert.match(faultsOf('a: 1\nb: [\n')[0]!, /^upheld\.yaml:3: .*no valid YAML/);
    assert.match(faultsOf('a: 1\na: 2\n')[0]!, /^upheld\.yaml:2: .*unique/);
    assert.match(faultsOf('just a text')[0]!, /is a text; write keys with values/);
    assert.match(faultsOf('')[0]!, /is empty; write keys with values/);
  });

  it('of a file that is not there are one line', () => {
    const loaded = loadConfig(join(folder, 'none.yaml'), {});
    assert.ok(!loaded.ok);
    assert.equal(faultLine('none.yaml', loaded.faults[0]!), 'none.yaml: there is no such file');
  });
});

describe('the environment in a configuration', () => {
  const withName = (value: string): string =>
    MINIMAL.replace('name: Zorgsoftware', () => `name: ${JSON.stringify(value)}`);

  it('fills in variables, files that variables name, and literal dollars', () => {
    const file = join(folder, 'secret');
    writeFileSync(file, 'from a file\n');
    const loaded = parseConfig(withName('${A} and ${B} and $${C}'), { A: 'one', B_FILE: file });
    assert.ok(loaded.ok, JSON.stringify(loaded));
    assert.equal(loaded.config.organisation.name, 'one and from a file and ${C}');
  });

  it('makes a missing variable, an unreadable file and a broken reference one fault each', () => {
    assert.deepEqual(faultsOf(withName('${NAME}'), { NAME: '' }), [
      'upheld.yaml:2: organisation.name needs the environment variable NAME, which is not set; set it, or set NAME_FILE to a file that holds it',
    ]);
    assert.match(
      faultsOf(withName('${NAME}'), { NAME_FILE: join(folder, 'gone') })[0]!,
      /which cannot be read \(ENOENT\)/,
    );
    assert.match(faultsOf(withName('${na me}'))[0]!, /names no variable/);
    assert.match(faultsOf(withName('${open'))[0]!, /names no variable/);
  });

  it('becomes a number or a boolean where one is wanted, and stays a text where a text is', () => {
    const text = `${MINIMAL}
server: { trustProxy: "\${TRUST}" }
channels:
  email: { from: a@b.nl, smtp: { host: h, port: "\${SMTP_PORT}", user: u, password: "\${PASS}" } }
`;
    const loaded = parseConfig(text, { TRUST: 'true', SMTP_PORT: '2525', PASS: '0123' });
    assert.ok(loaded.ok, JSON.stringify(loaded));
    assert.equal(loaded.config.server.trustProxy, true);
    assert.equal(loaded.config.channels.email?.smtp.port, 2525);
    assert.equal(loaded.config.channels.email.smtp.password, '0123');
    assert.match(
      faultsOf(text, { TRUST: 'yes', SMTP_PORT: '2525', PASS: 'x' })[0]!,
      /server\.trustProxy is a text; write true or false/,
    );
  });
});
