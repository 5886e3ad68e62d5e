import type { ReadAs } from '@upheld/domain/correction/correction.ts';
import { localDate, localMonth } from '@upheld/domain/time/zoned.ts';
import type { WorksheetView } from '@upheld/services/read/worksheet-view.ts';
import type { WorksheetTexts } from '../i18n/worksheet/texts.ts';
import type { Formats } from './format.ts';

/** A period to choose, as a link. */
export interface PeriodChoice {
  label: string;
  /** Null: the twelve months of the figure on the page. */
  period: string | null;
  current: boolean;
}

const MONTHS_OFFERED = 4;

/** The periods that people ask for: twelve months, this year and the last, and the last months. */
export function periodChoices(
  view: WorksheetView,
  now: number,
  w: WorksheetTexts,
  f: Formats,
): PeriodChoice[] {
  const month = localMonth(now, view.agreement.zone);
  const year = Number(month.slice(0, 4));
  const first = year * MONTHS_A_YEAR + Number(month.slice(5)) - 1;
  const months = Array.from({ length: MONTHS_OFFERED }, (_, ago) => monthText(first - ago));
  const choice = (period: string, label: string): PeriodChoice => ({
    label,
    period,
    current: view.period === period,
  });
  const isRolling = view.period.startsWith('rolling-12-months');
  return [
    { label: w.lastYear, period: null, current: isRolling },
    ...view.agreement.contractYears.map(({ period, from }) =>
      choice(period, w.contractYear(f.day(localDate(Date.parse(from), view.agreement.zone)))),
    ),
    choice(String(year), String(year)),
    choice(String(year - 1), String(year - 1)),
    ...months.map((one) => choice(one, f.month(one))),
  ];
}

const MONTHS_A_YEAR = 12;

function monthText(months: number): string {
  const year = Math.floor(months / MONTHS_A_YEAR);
  return `${year}-${String((months % MONTHS_A_YEAR) + 1).padStart(2, '0')}`;
}

/** Where the same worksheet is for programs: exactly what the page shows. */
export function downloads(
  view: WorksheetView,
  as: ReadAs = view.as,
): Readonly<Record<string, string>> {
  const { component, agreement, statement } = view;
  const isOver = statement.asOf === statement.period.to;
  const query = new URLSearchParams({
    agreement: agreement.id,
    period: view.period,
    ...(isOver ? {} : { asOf: statement.asOf }),
    ...(as === 'recorded' ? { as } : {}),
  }).toString();
  const base = `/api/v1/components/${encodeURIComponent(component.id)}`;
  return {
    facts: `${base}/facts?${query}`,
    agreement: `/api/v1/agreements/${encodeURIComponent(agreementFile(view))}`,
    statement: `${base}/statement?${query}`,
    worksheet: `${base}/worksheet?${query}`,
    csv: `${base}/worksheet.csv?${query}`,
  };
}

/** Where a worksheet tells how its period was closed. */
export const CLOSED = 'closed';

/** The document of a revision of its period, as it was frozen. */
export function documentAddress(
  { component, statement, period }: WorksheetView,
  revision: number,
): string {
  const [id, agreement, word] = [component.id, statement.agreement, period].map(encodeURIComponent);
  return `/api/v1/components/${id}/periods/${agreement}/${word}/revisions/${revision}`;
}

/** The name under which the facts look for the agreement, where it is not one of the shipped. */
export function agreementFile({ agreement, statement }: WorksheetView): string {
  const reference = statement.agreement;
  return reference.endsWith('.yaml') ? reference : `${agreement.id}.yaml`;
}
