import type { StatementAvailability } from '@upheld/domain/sla/statement-types.ts';
import type { AgreementSummary, AgreementView } from '@upheld/services/agreement/agreement-view.ts';
import type { SectionWords } from '@upheld/services/agreement/agreement-words.ts';
import type { VersionPreview } from '@upheld/services/agreement/preview-version.ts';
import type { Context } from '@upheld/services/context.ts';
import { localTime } from './moment.ts';
import { oneLine, table } from './tables.ts';

/** Every agreement in use as a table. */
export function agreementList(views: readonly AgreementSummary[]): string {
  if (views.length === 0) return 'No component has an agreement.';
  return table([
    ['AGREEMENT', 'IN FORCE', 'TO COME', 'COVERS', 'NAME'],
    ...views.map((view) => [
      view.reference,
      oneLine(view.inForce.label),
      view.versions
        .flatMap(({ standing, label, validFrom }) =>
          standing === 'to-come' ? [`${oneLine(label)} from ${validFrom ?? ''}`] : [],
        )
        .join(', ') || '-',
      view.covers.map(({ component }) => component.id).join(', '),
      view.name,
    ]),
  ]);
}

/** One with its versions and its rules. */
export function agreementText(ctx: Context, view: AgreementView): string {
  const zone = ctx.config().timezone;
  const versions = table([
    ['VERSION', 'FROM', 'STANDS', 'ADOPTED', 'BY', 'ID'],
    ...view.versions.map(({ id, label, validFrom, standing, adopted }) => [
      oneLine(label),
      validFrom ?? '-',
      standing,
      adopted ? localTime(adopted.at, zone) : '(in the file)',
      adopted?.by ?? '-',
      id ?? '-',
    ]),
  ]);
  const leftOut = view.versions.flatMap(({ label, why }) =>
    why === null ? [] : [`${oneLine(label)} is left out, the file does not bear it: ${why}`],
  );
  const head = `${view.name}\n${view.source} (${view.zone})`;
  const told = `What version "${oneLine(view.told.label)}" says:`;
  return [head, versions, ...leftOut, told, sectionsText(view.sections)].join('\n\n');
}

/** What an agreement says, a line a rule. */
export function sectionsText(sections: readonly SectionWords[]): string {
  return sections
    .map(({ title, rules }) => {
      const lines = rules.map(
        ({ what, says, clause }) => `  ${what}: ${says}${clause === null ? '' : ` [${clause}]`}`,
      );
      return [title, ...lines].join('\n');
    })
    .join('\n\n');
}

/** What a version changes and would have meant. */
export function versionPreviewText(ctx: Context, seen: VersionPreview): string {
  const begins = localTime(seen.begins, ctx.config().timezone);
  const changes =
    seen.changes.length === 0
      ? 'It says nothing otherwise.'
      : table([
          ['PIECE', 'UNTIL THEN', 'FROM THEN ON', 'CLAUSE'],
          ...seen.changes.map(({ path, before, after, clause }) => [
            path,
            before ?? 'nothing',
            after ?? 'nothing any more',
            clause ?? '-',
          ]),
        ]);
  const figures = seen.components.flatMap(({ component, before, after, verdicts }) =>
    after.availability.map((is) => [
      component.id,
      is.part,
      figure(before.availability.find(({ part }) => part === is.part)),
      figure(is),
      String(verdicts),
    ]),
  );
  return [
    `Version "${oneLine(seen.label)}" of ${seen.agreement.name}, from ${begins} on`,
    changes,
    'The last twelve months, had it been in force all along:',
    table([['COMPONENT', 'PART', 'AS IT IS', 'UNDER IT', 'VERDICTS THAT DIFFER'], ...figures]),
    'Nothing is changed yet.',
  ].join('\n\n');
}

function figure(part: StatementAvailability | undefined): string {
  if (!part) return 'not promised';
  const norm = part.norm === null ? '' : ` of ${part.norm}`;
  return `${part.percent ?? '-'}${norm} ${part.verdict}`;
}
