import { readVersion, withAdopted } from '@upheld/config/adopted.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Agreement } from '@upheld/domain/sla/agreement.ts';
import type { AgreementDocument } from '@upheld/domain/sla/agreement-schema.ts';
import { date } from '@upheld/domain/sla/agreement-values.ts';
import type { FactsPeriod } from '@upheld/domain/sla/facts.ts';
import { spanOf } from '@upheld/domain/sla/period.ts';
import { periodText } from '@upheld/domain/sla/period-text.ts';
import { versionAt } from '@upheld/domain/sla/version.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { startOfDate } from '@upheld/domain/time/zoned.ts';
import type { Context } from '../context.ts';
import { invalidInput } from '../input.ts';
import { contractYearOf } from '../read/read-statement.ts';
import { HOLDS, versionOfAll, versionsOf, type AdoptedRow } from './adopted-rows.ts';
import { agreementWords, type SectionWords } from './agreement-words.ts';
import { agreementsInUse, usedAgreement, type UsedAgreement } from './in-use.ts';

/** How a version stands now. */
export const VERSION_STANDINGS = ['past', 'in-force', 'to-come', 'withdrawn', 'left-out'] as const;
export type VersionStanding = (typeof VERSION_STANDINGS)[number];

export interface AgreementVersionView {
  /** Of one that was adopted here; null of one that stands in the file. */
  id: string | null;
  label: string;
  /** YYYY-MM-DD; null where the file does not say from when. */
  validFrom: string | null;
  /** Midnight of that day in the zone of the agreement. */
  begins: Instant | null;
  /** The document of the version, where it has one of its own. */
  source: string | null;
  standing: VersionStanding;
  /** Of one that is left out: why. */
  why: string | null;
  adopted: AdoptionView | null;
}

export interface AdoptionView {
  at: Instant;
  by: string;
  reason: string;
  /** What was written, as YAML. */
  written: string;
  withdrawal: { at: Instant; by: string; reason: string } | null;
}

/** An agreement in use, in a few lines. */
export interface AgreementSummary {
  /** As the public knows it; the name to ask for it by. */
  reference: string;
  id: string;
  name: string;
  /** The document that it puts into data. */
  source: string;
  /** Of its days, months and periods. */
  zone: string;
  /** Of what was adopted for it, for `expectedVersion`. */
  version: number;
  inForce: { label: string; validFrom: string | null };
  /** The oldest first, withdrawn ones among them. */
  versions: readonly AgreementVersionView[];
  covers: readonly CoveredView[];
  /** What is promised of each part of time, by the version in force. */
  targets: readonly { part: string; norm: string | null }[];
  defaultPeriod: FactsPeriod['kind'];
  /** Points that can be read in more than one way, with the option that figures are made with. */
  readings: readonly ReadingView[];
}

export interface CoveredView {
  component: { id: string; name: Localised };
  /** The agreement's own name of it, where that differs. */
  as: string | null;
  contractYear: { period: string; from: Instant } | null;
}

export interface ReadingView {
  id: string;
  question: Localised;
  clause: string;
  /** The first is the default. */
  options: readonly { option: string; means: Localised | null }[];
  chosen: string;
}

export interface AgreementView extends AgreementSummary {
  /** How changes are made known, as its head says. */
  changes: string | null;
  /** The version that is told of. */
  told: { label: string; validFrom: string | null };
  /** What it says. */
  sections: readonly SectionWords[];
}

/** Every agreement in use, in the order in which the configuration names them. */
export async function listAgreements(ctx: Context): Promise<AgreementSummary[]> {
  const now = ctx.clock.now();
  const views: AgreementSummary[] = [];
  for (const used of agreementsInUse(ctx))
    views.push(summaryOf(used, await versionsOf(ctx.db.read, used.reference), now));
  return views;
}

/**
 * One with all that it says on a day (YYYY-MM-DD in its zone), by default now; see `usedAgreement` for its
 * names. Throws DomainError: 'not-found', 'invalid-input'.
 */
export async function readAgreement(
  ctx: Context,
  name: string,
  { on }: { on?: string | undefined } = {},
): Promise<AgreementView> {
  const now = ctx.clock.now();
  const used = usedAgreement(ctx, name);
  const { zone, version } = used.agreement.document;
  const asked = on === undefined ? now : startOfDay(on, zone);
  const rows = await versionsOf(ctx.db.read, used.reference);
  const told = versionAt(used.agreement, asked);
  const { label, validFrom = null } = told.document.version;
  return {
    ...summaryOf(used, rows, now),
    changes: version.changes ?? null,
    told: { label, validFrom },
    sections: agreementWords(told),
  };
}

function startOfDay(text: string, zone: string): Instant {
  const start = date.safeParse(text).success ? startOfDate(text, zone) : null;
  if (start === null) throw invalidInput([{ path: 'on', message: 'is no day; write 2027-01-31' }]);
  return start;
}

function summaryOf(
  used: UsedAgreement,
  rows: readonly AdoptedRow[],
  now: Instant,
): AgreementSummary {
  const { reference, agreement, covers } = used;
  const { zone } = agreement.document;
  const current = versionAt(agreement, now).document;
  return {
    reference,
    id: agreement.id,
    name: agreement.name,
    source: agreement.document.source,
    zone,
    version: versionOfAll(rows),
    inForce: { label: current.version.label, validFrom: current.version.validFrom ?? null },
    versions: versionViews(used, rows, now),
    covers: covers.map(({ component, use }) => {
      const year = contractYearOf({ agreement, use }, now);
      return {
        component: { id: component.id, name: component.name },
        as: use.component === undefined ? null : nameIn(agreement, use.component),
        contractYear: year && { period: periodText(year), from: spanOf(year, zone).from },
      };
    }),
    targets: Object.entries(current.availability.parts).map(([part, { norm = null }]) => ({
      part,
      norm,
    })),
    defaultPeriod: current.availability.defaultPeriod,
    readings: readingViews(current),
  };
}

function nameIn({ components }: Agreement, id: string): string {
  return components.find((one) => one.id === id)?.name ?? id;
}

function readingViews({ readings }: AgreementDocument): ReadingView[] {
  return Object.entries(readings).map(([id, { question, clause, options }]) => {
    const known = Object.entries(options).map(([option, { means = null }]) => ({ option, means }));
    return { id, question, clause, options: known, chosen: known[0]?.option ?? '' };
  });
}

function versionViews(
  { file }: UsedAgreement,
  rows: readonly AdoptedRow[],
  now: Instant,
): AgreementVersionView[] {
  const { zone, version: first } = file.document;
  const begins = (day: string): Instant => startOfDate(day, zone) ?? Infinity;
  const { leftOut } = withAdopted(
    file,
    rows.filter(({ holds }) => holds === HOLDS),
  );
  const out = new Map(leftOut.map(({ adopted, why }) => [adopted.id, why]));
  const written = file.document.versions.map((one) => fileVersion(one, begins(one.validFrom)));
  const adopted = rows.map((row) =>
    adoptedVersion(row, { begins: begins(row.validFrom), why: out.get(row.id) ?? null }),
  );
  const head = fileVersion(first, first.validFrom === undefined ? null : begins(first.validFrom));
  const later = [...written, ...adopted].toSorted(
    (a, b) => (a.begins ?? 0) - (b.begins ?? 0) || (a.adopted?.at ?? 0) - (b.adopted?.at ?? 0),
  );
  const all = [head, ...later];
  // The head judges until a later version begins, whenever it says that it began itself.
  const inForce = all.findLast(
    (one) => one === head || (one.standing === 'to-come' && (one.begins ?? Infinity) <= now),
  );
  return all.map((one) => ({ ...one, standing: standingOf(one, inForce, now) }));
}

function standingOf(
  one: AgreementVersionView,
  inForce: AgreementVersionView | undefined,
  now: Instant,
): VersionStanding {
  if (one === inForce) return 'in-force';
  if (one.standing !== 'to-come') return one.standing;
  return (one.begins ?? 0) <= now ? 'past' : 'to-come';
}

function fileVersion(
  {
    label,
    validFrom = null,
    source = null,
  }: { label: string; validFrom?: string | undefined | null; source?: string | undefined | null },
  begins: Instant | null,
): AgreementVersionView {
  return {
    id: null,
    label,
    validFrom,
    begins,
    source,
    standing: 'to-come',
    why: null,
    adopted: null,
  };
}

function adoptedVersion(
  row: AdoptedRow,
  { begins, why }: { begins: Instant; why: string | null },
): AgreementVersionView {
  const { withdrawnAt: at, withdrawnBy: by, withdrawnReason: reason } = row;
  const read = readVersion(row.source);
  return {
    id: row.id,
    label: row.label,
    validFrom: row.validFrom,
    begins,
    source: (read.ok ? read.version.source : undefined) ?? null,
    standing: row.holds === null ? 'withdrawn' : why === null ? 'to-come' : 'left-out',
    why,
    adopted: {
      at: row.adoptedAt,
      by: row.adoptedBy,
      reason: row.reason,
      written: row.source,
      withdrawal: at === null ? null : { at, by: by ?? '', reason: reason ?? '' },
    },
  };
}
