import { publicTextOf } from '@upheld/config/agreement-text.ts';
import { parseAgreement } from '@upheld/config/agreements.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { statement } from '@upheld/domain/sla/statement.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { recordingLog } from '@upheld/testkit/log.ts';
import { recorder } from '@upheld/testkit/recorded.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { verifyAudit } from '../audit/verify.ts';
import { previewMaintenance } from '../maintenance/announce-maintenance.ts';
import { publicAgreement } from '../read/public-agreement.ts';
import { readFacts, readStatement } from '../read/read-statement.ts';
import { readRevision } from '../revision.ts';
import { adoptVersion, withdrawVersion, type AdoptVersion } from './adopt-version.ts';
import { leftOutVersions } from './left-out.ts';
import { agreementShelf } from './shelf.ts';
import { listAgreements, readAgreement } from './agreement-view.ts';
import { previewVersion } from './preview-version.ts';

const at = (text: string): number => Date.parse(text);
const NOW = at('2026-11-21T09:00:30Z');
const HOUR = 3_600_000;
const mia = { name: 'Mia de Wit', via: 'console' as const };
const bas = { name: 'Bas Smit', via: 'console' as const };
const AGREEMENT = 'spotonmedics';
const STRICTER = `label: '2027'
validFrom: 2027-01-01
source: Addendum of 1 December 2026
replaces:
  maintenance.notice.term: { hours: 72 }
  availability.parts.all.norm: '99.9'
`;
const adoption: AdoptVersion = { agreement: AGREEMENT, source: STRICTER, reason: 'the addendum' };

const config = testConfig({
  groups: [
    {
      id: 'products',
      name: 'Products',
      components: [
        {
          id: 'fysioone',
          name: 'FysioOne',
          agreements: [{ agreement: AGREEMENT, component: 'fysioone' }],
          monitors: [
            {
              id: 'web',
              kind: 'http' as const,
              url: 'http://one.example.test/',
              severity: { down: 'a', degraded: 'b' },
            },
          ],
        },
        {
          id: 'ketenone',
          name: 'KetenOne',
          agreements: [{ agreement: AGREEMENT, component: 'ketenone' }],
          monitors: [],
        },
        {
          id: 'shop',
          name: 'Shop',
          agreements: [{ agreement: 'standard' }],
          monitors: [
            {
              id: 'shop-web',
              kind: 'http' as const,
              url: 'http://shop.example.test/',
              severity: { down: 'outage' },
            },
          ],
        },
      ],
    },
  ],
});

eachDatabase('a version that is adopted', (databases) => {
  const open = async (): Promise<TestContext> => {
    const ctx = testContext(await databases.open(), { config, clock: controlledClock(NOW) });
    const record = recorder(ctx.db);
    await record.measured('fysioone', at('2024-01-01T00:00:00Z'));
    await record.beat(NOW);
    await record.outage({
      component: 'fysioone',
      from: at('2026-11-10T10:00:00Z'),
      to: at('2026-11-11T16:00:00Z'),
      severity: { [AGREEMENT]: 'a' },
    });
    return ctx;
  };
  const refused = async (work: Promise<unknown>): Promise<string> => {
    const error = await work.then(
      () => assert.fail('nothing was refused'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof DomainError, String(error));
    const faults = error.faults.map(({ path, message }) => `${path}: ${message}`);
    return [error.code, ...(faults.length > 0 ? faults : [error.message])].join('\n');
  };
  const adopting = (ctx: TestContext, source: string): Promise<string> =>
    refused(adoptVersion(ctx, mia, { ...adoption, source }));
  /** Whether work in so many hours from now is announced in time. */
  const inTime = async (ctx: TestContext, hours: number): Promise<boolean | undefined> => {
    const from = ctx.clock.now() + hours * HOUR;
    const { verdicts } = await previewMaintenance(ctx, {
      kind: 'planned',
      componentIds: ['fysioone'],
      from,
      to: from + HOUR,
    });
    return verdicts[0]?.inTime;
  };

  it('holds from midnight of its day, and leaves what was before', async () => {
    const ctx = await open();
    const asked = { componentId: 'fysioone', agreement: AGREEMENT } as const;
    const november = { ...asked, period: { kind: 'calendar-month', month: '2026-11' } } as const;
    const revision = await readRevision(ctx.db.read);
    const view = await adoptVersion(ctx, mia, adoption);
    assert.ok((await readRevision(ctx.db.read)) > revision);
    assert.deepEqual(
      view.versions.map(({ label, standing, adopted }) => [label, standing, adopted?.by]),
      [
        ['as published', 'in-force', undefined],
        ['2027', 'to-come', 'Mia de Wit'],
      ],
    );
    assert.equal(view.version, 2);
    const before = (await readStatement(ctx, november)).statement;
    assert.equal(before.availability[0]?.norm, '99');
    // Monday morning, for Wednesday in service hours.
    ctx.clock.set(at('2026-12-28T05:00:00+01:00'));
    assert.equal(await inTime(ctx, 52), true);
    ctx.clock.set(at('2026-12-31T23:59:59+01:00'));
    assert.equal((await readAgreement(ctx, AGREEMENT)).inForce.label, 'as published');
    assert.equal((await readStatement(ctx, asked)).statement.availability[0]?.norm, '99');
    ctx.clock.set(at('2027-01-01T00:00:00+01:00'));
    const after = await readAgreement(ctx, AGREEMENT);
    assert.deepEqual(after.inForce, { label: '2027', validFrom: '2027-01-01' });
    assert.deepEqual(
      after.versions.map(({ standing }) => standing),
      ['past', 'in-force'],
    );
    ctx.clock.set(at('2027-01-01T00:01:00+01:00'));
    assert.equal((await readStatement(ctx, asked)).statement.availability[0]?.norm, '99.9');
    // November is over at its own end now, and judged as it was.
    const [later] = (await readStatement(ctx, november)).statement.availability;
    assert.deepEqual([later?.norm, later?.verdict], ['99', before.availability[0].verdict]);
    ctx.clock.set(at('2027-01-04T20:00:00+01:00'));
    assert.equal(await inTime(ctx, 62), false);
    assert.equal(await inTime(ctx, 86), true);
  });

  it('gives the statement that the same item in the file gives, also without us', async () => {
    const ctx = await open();
    await adoptVersion(ctx, mia, adoption);
    ctx.clock.set(at('2027-02-01T12:00:00Z'));
    const query = { componentId: 'fysioone', agreement: AGREEMENT };
    const facts = await readFacts(ctx, query);
    const { statement: shown } = await readStatement(ctx, query);
    const text = publicAgreement(ctx, AGREEMENT) ?? '';
    assert.match(text, /# Replace|note: Replace the set|# yaml-language-server/);
    assert.deepEqual(statement(facts, parseAgreement(text, 'ours.yaml')), shown);
    const item = STRICTER.trim().replaceAll('\n', '\n    ');
    const file = publicTextOf(ctx.shelf.files().get(AGREEMENT));
    const byHand = parseAgreement(`${file}\nversions:\n  - ${item}\n`, 'ours.yaml');
    assert.deepEqual(statement(facts, byHand), shown);
    assert.notDeepEqual(statement(facts, ctx.shelf.files().get(AGREEMENT)), shown);
  });

  it('is seen beforehand, with what the last twelve months would have been', async () => {
    const ctx = await open();
    const seen = await previewVersion(ctx, { agreement: AGREEMENT, source: STRICTER });
    assert.deepEqual(
      seen.changes.map(({ path, before, after, clause }) => [path, before, after, clause]),
      [
        ['maintenance.notice.term', '48 hours', '72 hours', '6.8'],
        ['availability.parts.all.norm', '99%', '99.9%', '7.1'],
      ],
    );
    assert.equal(seen.begins, at('2026-12-31T23:00:00Z'));
    const [fysioone, ketenone] = seen.components;
    const verdictOf = (made: typeof fysioone, which: 'before' | 'after') =>
      made?.[which].availability[0]?.verdict;
    assert.deepEqual(
      [verdictOf(fysioone, 'before'), verdictOf(fysioone, 'after'), fysioone?.verdicts],
      ['not-proven', 'missed', 1],
    );
    assert.equal(ketenone?.verdicts, 0);
    assert.equal((await readAgreement(ctx, AGREEMENT)).version, 1);
  });

  it('is refused with every fault and its line', async () => {
    const ctx = await open();
    assert.match(
      await adopting(ctx, 'label: [\n'),
      /^invalid-input\nsource: line \d: is no valid YAML/,
    );
    assert.match(
      await adopting(ctx, 'label: x\nvalidfrom: 2027-01-01\nreplaces: {}\n'),
      /line 2: validfrom is no known key; did you mean "validFrom"\?/,
    );
    assert.match(
      await adopting(ctx, 'label: x\nvalidFrom: 2027-02-30\nreplaces: {}\n'),
      /line 2: validFrom .*there is no such day/,
    );
    assert.match(
      await adopting(
        ctx,
        `label: x
validFrom: 2027-01-01
replaces:
  maintenance.notice.term: { hours: soon }
  maintenance.notise.term: { hours: 1 }
`,
      ),
      /line 4: replaces\.maintenance\.notice\.term\.hours is a text; write a number/,
    );
    assert.match(
      await adopting(
        ctx,
        'label: x\nvalidFrom: 2027-01-01\nreplaces:\n  maintenance.notise.term: { hours: 1 }\n',
      ),
      /line 4: .*replaces nothing: there is no "notise"/,
    );
    assert.match(
      await adopting(ctx, 'label: x\nvalidFrom: 2027-01-01\nreplaces: { versions: [] }\n'),
      /line 3: .*"versions" is no part of this agreement/,
    );
    assert.match(
      await adopting(ctx, 'label: "a\\u0007"\nvalidFrom: 2027-01-01\nreplaces: {}\n'),
      /label has an invisible character/,
    );
    assert.match(
      await refused(adoptVersion(ctx, mia, { ...adoption, reason: ' ' })),
      /reason: is empty/,
    );
    assert.match(
      await refused(adoptVersion(ctx, mia, { ...adoption, agreement: 'spotonmedic' })),
      /not-found\n.*did you mean "spotonmedics"/,
    );
    const { q, t } = ctx.db.read;
    assert.equal((await q.select().from(t.agreementVersions)).length, 0);
  });

  it('is for days to come only, after every version that is there', async () => {
    const ctx = await open();
    const on = (day: string): string => STRICTER.replace('2027-01-01', day);
    assert.match(
      await adopting(ctx, on('2026-11-21')),
      /is not after today \(2026-11-21\).*put right in the file/,
    );
    assert.match(await adopting(ctx, on('2020-01-01')), /is not after today/);
    // In Amsterdam the day has begun while it is still yesterday in UTC.
    ctx.clock.set(at('2026-11-21T23:30:00Z'));
    assert.match(await adopting(ctx, on('2026-11-22')), /is not after today \(2026-11-22\)/);
    await adoptVersion(ctx, mia, adoption);
    assert.match(
      await adopting(ctx, STRICTER),
      /is not after 2027-01-01, from which version "2027" holds/,
    );
    assert.match(await adopting(ctx, on('2026-12-31')), /is not after 2027-01-01/);
    const { versions } = await adoptVersion(ctx, mia, { ...adoption, source: on('2027-01-02') });
    assert.equal(versions.length, 3);
  });

  it('is judged with the configuration that names parts of it', async () => {
    const ctx = await open();
    const levels = `label: x
validFrom: 2027-01-01
replaces:
  severity:
    - { id: down, countsAsDown: true, means: { nl: Weg, en: Gone }, clause: '1' }
  tickets: null
`;
    const given = { agreement: 'standard', source: levels, reason: 'no' };
    assert.equal(
      await refused(adoptVersion(ctx, mia, given)),
      'invalid-input\nsource: line 3: replaces makes upheld.yaml wrong: groups[0].components[2].monitors[0].severity.down "outage" is no known severity; known are down',
    );
  });

  it('is withdrawn while it is not in force, with a reason', async () => {
    const ctx = await open();
    const { versions } = await adoptVersion(ctx, mia, adoption);
    const versionId = versions[1]?.id ?? '';
    const given = { agreement: AGREEMENT, versionId, reason: 'the customer did not sign' };
    assert.match(
      await refused(withdrawVersion(ctx, bas, { ...given, versionId: 'x' })),
      /not-found/,
    );
    assert.match(
      await refused(withdrawVersion(ctx, bas, { ...given, expectedVersion: 1 })),
      /conflict\n.*you read version 1, it now has 2/,
    );
    const view = await withdrawVersion(ctx, bas, { ...given, expectedVersion: 2 });
    assert.deepEqual(
      [view.version, view.versions[1]?.standing, view.versions[1]?.adopted?.withdrawal],
      [3, 'withdrawn', { at: NOW, by: 'Bas Smit', reason: 'the customer did not sign' }],
    );
    assert.equal(ctx.agreements().get(AGREEMENT), ctx.shelf.files().get(AGREEMENT));
    assert.match(await refused(withdrawVersion(ctx, bas, given)), /already withdrawn/);
    // The day is free again.
    const again = await adoptVersion(ctx, mia, adoption);
    const { id = '' } = again.versions.find(({ standing }) => standing === 'to-come') ?? {};
    ctx.clock.set(at('2026-12-31T23:00:00Z'));
    assert.match(
      await refused(withdrawVersion(ctx, bas, { ...given, versionId: id ?? '' })),
      /conflict\n.*in force since 2027-01-01.*adopt another version/,
    );
    const audit = await verifyAudit(ctx);
    assert.equal(audit.ok, true);
    const { q, t } = ctx.db.read;
    const log = (await q.select().from(t.auditLog)).sort((a, b) => a.seq - b.seq);
    assert.deepEqual(
      log.map(({ action, actor }) => [action, actor]),
      [
        ['agreement.adopt', 'Mia de Wit'],
        ['agreement.withdraw', 'Bas Smit'],
        ['agreement.adopt', 'Mia de Wit'],
      ],
    );
  });

  it('is not withdrawn from under one that is built on it', async () => {
    const ctx = await open();
    const cap = `label: cap
validFrom: 2027-01-01
replaces:
  maintenance.cap: { perMonth: 4, clause: '8.3' }
`;
    const { versions } = await adoptVersion(ctx, mia, { ...adoption, source: cap });
    const fewer =
      'label: fewer\nvalidFrom: 2027-06-01\nreplaces: { maintenance.cap.perMonth: 2 }\n';
    await adoptVersion(ctx, mia, { ...adoption, source: fewer });
    const given = { agreement: AGREEMENT, versionId: versions[1]?.id ?? '', reason: 'no' };
    assert.match(
      await refused(withdrawVersion(ctx, mia, given)),
      /version "fewer" of 2027-06-01 is built on this one; withdraw that first/,
    );
  });

  it('is one of two that are adopted for the same day at once', async () => {
    const ctx = await open();
    const results = await Promise.allSettled(
      [mia, bas].map((who) => adoptVersion(ctx, who, adoption)),
    );
    const lost = results.filter((one) => one.status === 'rejected');
    assert.equal(lost.length, 1);
    const reason: unknown = lost[0]?.reason;
    assert.ok(reason instanceof DomainError);
    assert.match(reason.message, /is not after 2027-01-01/);
    const days = ['2027-03-01', '2027-02-01', '2027-05-01', '2027-04-01'];
    await Promise.allSettled(
      days.map((day) =>
        adoptVersion(ctx, mia, { ...adoption, source: STRICTER.replace('2027-01-01', day) }),
      ),
    );
    // Whoever came first, those that were adopted stand in order, each judged on the ones before it.
    const found = await readAgreement(ctx, AGREEMENT);
    const adopted = found.versions.filter((one) => one.adopted);
    const byTime = adopted.toSorted((a, b) => ((a.id ?? '') < (b.id ?? '') ? -1 : 1));
    assert.deepEqual(
      byTime.map(({ validFrom }) => validFrom),
      adopted.map(({ validFrom }) => validFrom),
    );
    assert.equal(found.version, adopted.length + 1);
  });

  it('reaches another process on the same database, without a restart', async () => {
    const ctx = await open();
    const other = testContext(ctx.db, { config, clock: ctx.clock, idPrefix: 'other' });
    await adoptVersion(ctx, mia, adoption);
    const asWritten = other.shelf.files().get(AGREEMENT);
    assert.equal(other.agreements().get(AGREEMENT), asWritten);
    assert.equal(await other.shelf.refresh(), true);
    const book = other.agreements();
    assert.equal(book.get(AGREEMENT).document.versions.length, 1);
    // Nothing new: the same objects, and with them every cache that hangs on them.
    assert.equal(await other.shelf.refresh(), false);
    assert.equal(other.agreements(), book);
    assert.deepEqual(other.log.lines, []);
  });

  it('is left out with a warning where the file of the agreement does not bear it any more', async () => {
    const ctx = await open();
    await adoptVersion(ctx, mia, adoption);
    const text = publicTextOf(ctx.shelf.files().get(AGREEMENT));
    const changed = parseAgreement(
      `${text}\nversions: [{ label: file, validFrom: 2027-01-01, replaces: {} }]\n`,
      'x.yaml',
    );
    const files = { ids: () => [], get: () => changed };
    const log = recordingLog();
    const shelf = agreementShelf({ db: ctx.db, log, config: () => config, files: () => files });
    await shelf.refresh();
    assert.equal(shelf.book().get(AGREEMENT).document.versions[0]?.label, 'file');
    shelf.book();
    const warnings = log.lines.filter(({ level }) => level === 'warn');
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0]?.message ?? '',
      /version of 2027-01-01 .* is left out, its file does not bear it/,
    );
    assert.deepEqual(
      (await leftOutVersions(ctx.db.read, config, files)).map(({ agreement, validFrom }) => [
        agreement,
        validFrom,
      ]),
      [[AGREEMENT, '2027-01-01']],
    );
    const beside = { ...ctx, shelf, agreements: () => shelf.book() };
    const view = await readAgreement(beside, AGREEMENT);
    assert.deepEqual(view.versions.map(({ label, standing }) => [label, standing]).slice(1), [
      ['file', 'to-come'],
      ['2027', 'left-out'],
    ]);
  });

  it('is told of with every agreement in use', async () => {
    const ctx = await open();
    const [first, second, ...rest] = await listAgreements(ctx);
    assert.deepEqual(rest, []);
    assert.deepEqual(
      first?.covers.map(({ component, as }) => [component.id, as]),
      [
        ['fysioone', 'FysioOne'],
        ['ketenone', 'KetenOne'],
      ],
    );
    assert.deepEqual(first.targets, [{ part: 'all', norm: '99' }]);
    assert.deepEqual(first.readings.map(({ id, chosen }) => `${id} ${chosen}`).slice(0, 2), [
      'S3 amsterdam',
      'S6 pause',
    ]);
    assert.equal(second?.reference, 'standard');
    const { sections } = await readAgreement(ctx, AGREEMENT);
    const says = new Map(sections.flatMap(({ rules }) => rules.map((one) => [one.path, one])));
    assert.equal(
      says.get('calendars.service')?.says,
      'Monday to Friday 08:00–12:00 and 14:00–17:30, closed on the official Dutch holidays (Europe/Amsterdam)',
    );
    assert.deepEqual(
      ['maintenance.notice.term', 'tickets.recovery.faults.targets.b'].map((path) => {
        const rule = says.get(path);
        return [rule?.what, rule?.says, rule?.clause, rule?.strength];
      }),
      [
        ['How long before', '48 hours', '6.8', 'right'],
        ['Incidents and bugs of severity b', 'within 48 hours', '2.7, 5.2', 'effort'],
      ],
    );
  });
});
