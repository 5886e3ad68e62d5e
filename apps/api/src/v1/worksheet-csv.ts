import type {
  OutageEvidence,
  WorksheetReasonView,
  WorksheetView,
} from '@upheld/services/read/worksheet-view.ts';
import { csvOf } from '@upheld/services/csv.ts';

const COLUMNS = [
  'component',
  'agreement',
  'part',
  'bucket',
  'from',
  'to',
  'seconds',
  'rule',
  'clause',
  'record',
  'level',
  'cause',
  'verdict',
  'incident',
  'title',
  'first failing check',
  'first good check',
  'not measured because',
  'closed revision',
  'closed hash',
] as const;

type Line = Readonly<Record<(typeof COLUMNS)[number], string | number>>;

/**
 * The intervals of a worksheet as CSV (RFC 4180), one line each, so that the seconds of a bucket can be
 * added up.
 */
export function worksheetCsv(view: WorksheetView): string {
  return csvOf(COLUMNS, linesOf(view));
}

function linesOf(view: WorksheetView): Line[] {
  const outages = new Map(view.outages.map((outage) => [outage.id, outage]));
  const works = new Map(view.maintenances.map((maintenance) => [maintenance.id, maintenance]));
  return view.parts.flatMap(({ part, rows }) =>
    rows.map(({ bucket, from, to, seconds, reasons }): Line => {
      const every = (tell: (reason: WorksheetReasonView) => string | null | undefined): string =>
        reasons.flatMap((reason) => tell(reason) ?? []).join('; ');
      const ofOutage = (tell: (outage: OutageEvidence) => string | null | undefined): string =>
        every((reason) => {
          const outage = outages.get(reason.id ?? '');
          return outage && tell(outage);
        });
      return {
        component: view.component.id,
        agreement: view.agreement.id,
        part,
        bucket,
        from,
        to,
        seconds,
        rule: every(({ rule }) => rule.en),
        clause: every(({ clause }) => clause),
        record: every(({ id }) => id),
        level: every(({ level }) => level),
        cause: every(({ cause }) => cause),
        verdict: every(({ verdict }) => verdict),
        incident: ofOutage(({ incident }) => incident.id),
        title: every(
          ({ id }) => outages.get(id ?? '')?.incident.title.en ?? works.get(id ?? '')?.title.en,
        ),
        'first failing check': ofOutage(({ found }) => found?.at),
        'first good check': ofOutage(({ mended }) => mended?.at),
        'not measured because': every(({ gaps }) => gaps?.join(' and ')),
        'closed revision': view.closed?.revision ?? '',
        'closed hash': view.closed?.hash ?? '',
      };
    }),
  );
}
