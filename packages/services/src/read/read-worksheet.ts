import { accountOf } from '@upheld/domain/sla/account.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Agreement } from '@upheld/domain/sla/agreement.ts';
import type { Facts } from '@upheld/domain/sla/facts.ts';
import { periodText } from '@upheld/domain/sla/period-text.ts';
import { spanOf } from '@upheld/domain/sla/period.ts';
import type { Rules } from '@upheld/domain/sla/rules.ts';
import {
  worksheetOf,
  type Worksheet,
  type WorksheetPart,
  type WorksheetRow,
} from '@upheld/domain/sla/worksheet.ts';
import { formatInstant } from '@upheld/domain/time/zoned.ts';
import type { Context } from '../context.ts';
import { coverOf, type Covered } from './facts.ts';
import { contractYearOf, isShown, readCovered, type FactsQuery } from './read-statement.ts';
import type { Recorded } from './recorded-types.ts';
import { closedView } from './worksheet-closed.ts';
import { comparedOf, readWorksheetCorrections } from './worksheet-corrections.ts';
import { gapsIn, readGaps, readOutageEvidence, type RecordedGap } from './worksheet-evidence.ts';
import type {
  MaintenanceEvidence,
  WorksheetPartView,
  WorksheetReading,
  WorksheetReasonView,
  WorksheetRowView,
  WorksheetView,
} from './worksheet-view.ts';
import { budgetWords, ruleWords, VERDICT_WORDS } from './worksheet-words.ts';

/**
 * How the statement of `readStatement` on the same query came about: every interval with its rule, its
 * clause and its evidence. Throws DomainError: 'not-found', 'invalid-input'.
 */
export async function readWorksheet(ctx: Context, query: FactsQuery): Promise<WorksheetView> {
  const read = await readCovered(ctx, query);
  const { facts, recorded, covered, asked } = read;
  const { component } = covered;
  const account = accountOf(facts, covered.agreement);
  // In the version that was in force.
  const { agreement } = account.rules;
  const worksheet = worksheetOf(account);
  const looked = { from: asked.span.from, to: Math.min(asked.span.to, asked.asOf) };
  const evidence = { componentId: component.id, recorded, facts, looked };
  const gaps = await readGaps(ctx, evidence);
  const { measuredSince: since } = recorded;
  const { source, version, zone } = agreement.document;
  return {
    component: { id: component.id, name: component.name },
    agreement: {
      id: agreement.id,
      name: agreement.name,
      source,
      version: version.label,
      zone,
      contractYears: contractYearsOf(covered, asked.knownAt),
    },
    agreements: coverOf(component, ctx.agreements()).map(({ agreement: { id, name } }) => ({
      id,
      name,
    })),
    period: periodText(asked.period),
    as: query.as ?? 'corrected',
    compared: comparedOf(read),
    corrections: await readWorksheetCorrections(ctx, read),
    closed: await closedView(ctx, read),
    measuredSince: since !== null && since > looked.from ? formatInstant(since) : null,
    leading: worksheet.leading,
    statement: isShown(read.closed, query) ? read.closed.document.statement : worksheet.statement,
    parts: worksheet.parts.map((part, index) =>
      partView(part, worksheet.statement.availability[index]?.budgetSeconds ?? null, (row) =>
        rowView(row, agreement, gaps),
      ),
    ),
    readings: readingsOf(worksheet, agreement),
    outages: await readOutageEvidence(ctx, evidence),
    maintenances: maintenancesOf(worksheet, facts, recorded, account.rules),
  };
}

function contractYearsOf(
  covered: Covered,
  at: Instant,
): WorksheetView['agreement']['contractYears'] {
  const current = contractYearOf(covered, at);
  if (!current) return [];
  const years = [current, { ...current, nth: current.nth - 1 }].filter(({ nth }) => nth > 0);
  return years.map((year) => ({
    period: periodText(year),
    from: formatInstant(spanOf(year, covered.agreement.document.zone).from),
  }));
}

function partView(
  { rows, ...part }: WorksheetPart,
  left: number | null,
  view: (row: WorksheetRow) => WorksheetRowView,
): WorksheetPartView {
  const allowed = part.allowedSeconds;
  return {
    ...part,
    budget: left === null || allowed === null ? null : budgetWords(left, allowed),
    rows: rows.map(view),
  };
}

function rowView(
  row: WorksheetRow,
  agreement: Agreement,
  gaps: readonly RecordedGap[],
): WorksheetRowView {
  const reasons = row.reasons.map((reason): WorksheetReasonView => ({
    ...reason,
    rule: ruleWords(row.bucket, reason, agreement),
    ...(reason.kind === 'unmeasured' ? { gaps: gapsIn(gaps, row) } : {}),
  }));
  const { bucket, from, to, stretch } = row;
  return {
    bucket,
    from: formatInstant(from),
    to: formatInstant(to),
    seconds: (to - from) / 1000,
    stretch: { from: formatInstant(stretch.from), to: formatInstant(stretch.to) },
    reasons,
  };
}

function readingsOf(worksheet: Worksheet, agreement: Agreement): WorksheetReading[] {
  return Object.entries(worksheet.statement.readings).flatMap(([id, option]) => {
    const reading = agreement.document.readings[id];
    if (!reading) return [];
    const meaning = (of: string) => reading.options[of]?.means ?? null;
    return {
      id,
      question: reading.question,
      clause: reading.clause,
      option,
      means: meaning(option),
      alternatives: worksheet.alternatives.flatMap(({ reading: changed, ...other }) =>
        changed === id
          ? {
              ...other,
              means: meaning(other.option),
              maintenances: other.maintenances.map((one) => ({
                ...one,
                words: VERDICT_WORDS[one.verdict],
              })),
            }
          : [],
      ),
    };
  });
}

function maintenancesOf(
  { statement, places }: Worksheet,
  facts: Facts,
  recorded: Recorded,
  { terms }: Rules,
): MaintenanceEvidence[] {
  const rows = new Map(recorded.maintenances.map((row) => [row.id, row]));
  return (facts.maintenances ?? []).flatMap((one, index) => {
    const judged = statement.maintenances[index];
    const row = rows.get(one.id);
    const place = places.get(one.id);
    if (!judged || !row || place === 'elsewhere') return [];
    return {
      id: one.id,
      title: { nl: row.titleNl, en: row.titleEn },
      kind: one.kind,
      announcements: one.announcements,
      cancelledAt: one.cancelledAt ?? null,
      work: one.work ? { from: one.work.from, to: one.work.to ?? null } : null,
      verdict: judged.verdict,
      verdictWords: VERDICT_WORDS[judged.verdict],
      clause: terms.maintenance.kinds[one.kind].clause,
      outsidePeriod: place === 'same-month',
      lastValidAnnouncement: judged.lastValidAnnouncement,
      qualifyingSeconds: judged.qualifyingSeconds,
    };
  });
}
