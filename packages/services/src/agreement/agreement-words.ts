import type { Agreement } from '@upheld/domain/sla/agreement.ts';
import type { AgreementDocument, KindRule, Terms } from '@upheld/domain/sla/agreement-schema.ts';
import { rulesUnder } from '@upheld/domain/sla/rules.ts';
import { TERMS } from '@upheld/domain/terms.ts';
import { VERDICT_WORDS } from '../read/worksheet-words.ts';
import { amountWords, calendarWords, listed, spaced, withinWords } from './value-words.ts';
import { ruleRow, type RuleWords } from './rule-words.ts';
import { attainmentRows, ticketRows } from './ticket-words.ts';

export interface SectionWords {
  id: string;
  title: string;
  rules: readonly RuleWords[];
}

/**
 * What an agreement says, under the default of each of its readings. Give the version that is meant; an
 * agreement as it was read is that of its file's beginning. Sections without a rule are left out.
 */
export function agreementWords(agreement: Agreement): SectionWords[] {
  const { terms } = rulesUnder(agreement);
  const sections: [id: string, title: string, rules: RuleWords[]][] = [
    ['covers', 'What it covers', coverRows(agreement.document)],
    ['availability', 'Availability', availabilityRows(terms)],
    ['severity', 'Severity', severityRows(terms)],
    ['causes', 'Causes that are left out of the figure', causeRows(terms)],
    ['hours', 'Hours', calendarRows(terms)],
    ['maintenance', 'Maintenance', maintenanceRows(terms)],
    ['response', 'Response times', ticketRows(terms, 'response')],
    ['recovery', 'Recovery times', ticketRows(terms, 'recovery')],
    ['attainment', 'Other norms', [...attainmentRows(terms), ...limitRows(terms)]],
    ['compensation', 'Compensation', compensationRows(terms)],
    ['obligations', 'Obligations', obligationRows(terms)],
    ['notifications', 'Who is told', notificationRows(terms)],
    ['controls', 'What is checked', controlRows(terms)],
  ];
  return sections.flatMap(([id, title, rules]) =>
    rules.length === 0 ? [] : [{ id, title, rules }],
  );
}

function coverRows({ components, outside }: AgreementDocument): RuleWords[] {
  const plain = { clause: '-' };
  const covered =
    components === 'any'
      ? [ruleRow('components', 'Any component', 'whatever its name', plain)]
      : components.map(({ id, name, deployment, environment, essential, usedBy, note }) => {
          const traits = [
            deployment === 'cloud' ? [] : [spaced(deployment)],
            environment === 'production' ? [] : [`${environment} environment`],
            essential === true ? ['an essential function'] : [],
            usedBy === undefined ? [] : [`used by ${listed(usedBy)}`],
          ].flat();
          const says = traits.length === 0 ? 'covered' : `covered: ${traits.join(', ')}`;
          return ruleRow(`components.${id}`, name, says, { ...plain, note });
        });
  const others = outside.map(({ name, leading, ...ruled }) => {
    const led = leading === undefined ? '' : `; the figures at ${leading} lead`;
    return ruleRow(`outside.${name}`, name, `not covered${led}`, ruled);
  });
  return [...covered, ...others];
}

/** Over what an agreement counts, where nobody asks for another period. */
export const PERIOD_WORDS = {
  'calendar-month': 'each calendar month',
  'calendar-year': 'each calendar year',
  'contract-year': 'each contract year',
  'rolling-12-months': 'the last twelve months',
  range: 'a range of days',
} as const;

const TREATED = {
  'left-out': 'is left out of the figure',
  'as-up': 'counts as up',
  'as-down': 'counts as down',
} as const;

function availabilityRows({ availability }: Terms): RuleWords[] {
  const { parts, defaultPeriod, excluded, maintenance, leading, ...ruled } = availability;
  const rows = Object.entries(parts).map(([name, { within, norm, ...own }]) =>
    ruleRow(
      `availability.parts.${name}`,
      `In ${withinWords(within)}`,
      norm === undefined ? 'no norm' : `at least ${norm}%`,
      own,
    ),
  );
  const row = (key: string, what: string, says: string): RuleWords =>
    ruleRow(`availability.${key}`, what, says, ruled);
  return [
    ...rows,
    row('defaultPeriod', 'Period', PERIOD_WORDS[defaultPeriod]),
    row('excluded', 'Time of a cause that is left out', TREATED[excluded]),
    row('maintenance', 'Time of maintenance that qualifies', TREATED[maintenance]),
    ...(leading === 'own-probes'
      ? []
      : [row('leading', 'Figures that lead', `those at ${leading}, not ours`)]),
  ];
}

function severityRows({ severity }: Terms): RuleWords[] {
  return severity.map(({ id, countsAsDown, means, ...ruled }) =>
    ruleRow(
      `severity.${id}`,
      `Severity ${id}`,
      `${means.en} ${countsAsDown ? 'Counts as down.' : 'Does not count as down.'}`,
      ruled,
    ),
  );
}

function causeRows({ causes }: Terms): RuleWords[] {
  return Object.entries(causes.excluded).map(([cause, ruled]) => {
    const words = TERMS.en.cause[cause as keyof typeof causes.excluded];
    const what = words.charAt(0).toUpperCase() + words.slice(1);
    return ruleRow(`causes.excluded.${cause}`, what, 'is left out', ruled);
  });
}

function calendarRows({ calendars }: Terms): RuleWords[] {
  return Object.entries(calendars).map(([name, rule]) => {
    const words = spaced(name);
    return ruleRow(
      `calendars.${name}`,
      words.charAt(0).toUpperCase() + words.slice(1),
      calendarWords(rule),
      rule,
    );
  });
}

const QUALIFIES = {
  'in-time-work': 'the work that was announced in time is maintenance',
  'in-time-window': 'the window that was announced in time is maintenance',
  'announced-work': 'the work that was announced is maintenance, in time or not',
  'all-work': 'all work is maintenance',
} as const;

function kindWords(rule: KindRule): string {
  switch (rule.judged) {
    case 'by-notice':
      return `judged by its notice: ${QUALIFIES[rule.qualifies]}${rule.late === 'qualifies' ? '; late notice does not matter' : ''}`;
    case 'free':
      return `needs no notice: ${VERDICT_WORDS[rule.verdict].en}`;
    case 'counts':
      return 'counts like any other time: the contract makes no exception';
  }
}

function maintenanceRows({ maintenance }: Terms): RuleWords[] {
  const { kinds, notice, preferred, cap } = maintenance;
  const at = 'maintenance';
  return [
    ...(notice
      ? [
          ruleRow(
            `${at}.notice`,
            'Notice',
            notice.words.en +
              (notice.channels === undefined
                ? ''
                : `, by ${listed(notice.channels.map(spaced), 'or')}`),
            notice,
          ),
          ...(notice.term
            ? [ruleRow(`${at}.notice.term`, 'How long before', amountWords(notice.term), notice)]
            : []),
        ]
      : []),
    ...Object.entries(kinds).map(([kind, rule]) =>
      ruleRow(
        `${at}.kinds.${kind}`,
        TERMS.en.maintenanceKind[kind as keyof typeof kinds],
        kindWords(rule),
        rule,
      ),
    ),
    ...(preferred
      ? [
          ruleRow(
            `${at}.preferred`,
            'Preferred',
            `in ${withinWords(preferred.calendar)}`,
            preferred,
          ),
        ]
      : []),
    ...(cap
      ? [
          ruleRow(
            `${at}.cap`,
            'At most',
            `${cap.perMonth} a month; a late one ${cap.lateUsesTurn ? 'uses a turn too' : 'uses no turn'}`,
            cap,
          ),
        ]
      : []),
  ];
}

function limitRows({ interruptions, performance }: Terms): RuleWords[] {
  return [
    ...(interruptions
      ? [
          ruleRow(
            'interruptions',
            'Interruptions',
            `${interruptions.limitPerMonth === undefined ? 'counted' : `at most ${interruptions.limitPerMonth}`} a month, for each ${interruptions.counted === 'incident' ? 'incident' : 'stretch of down time'}`,
            interruptions,
          ),
        ]
      : []),
    ...(performance
      ? [
          ruleRow(
            'performance',
            'Response of the service',
            `within ${performance.limitMs} milliseconds`,
            performance,
          ),
        ]
      : []),
  ];
}

function compensationRows({ compensation }: Terms): RuleWords[] {
  if (!compensation) return [];
  const { period, part, below, allowedHours, yearHours, deducted, gross } = compensation;
  const off = deducted.map((cause) => TERMS.en.cause[cause]);
  return [
    ruleRow(
      'compensation',
      'Due',
      `when the availability (${spaced(part)}) of ${PERIOD_WORDS[period]} is below ${below}%`,
      compensation,
    ),
    ruleRow(
      'compensation.allowedHours',
      'How much',
      `max(0, (A − B − C) × D / E): A the down time in hours${gross ? '' : ', without that of the causes below'}, B ${allowedHours} hours, C ${off.length === 0 ? 'nothing' : `the down time by ${listed(off)}`}, D what is paid in the year, E ${yearHours} hours`,
      { clause: compensation.clause },
    ),
  ];
}

function withinTime(within: Terms['obligations'][string]['within']): string {
  if (within === 'at-once') return 'at once';
  return within === 'no-term' ? 'without a term' : `within ${amountWords(within)}`;
}

function obligationRows({ obligations }: Terms): RuleWords[] {
  return Object.entries(obligations).map(([id, { does, when, within, to, on, ...ruled }]) => {
    const kept = on === undefined ? '' : ' Kept as a duty.';
    const whom = to === undefined ? '' : ` (to ${to})`;
    return ruleRow(
      `obligations.${id}`,
      does.en + whom,
      `${withinTime(within)} after ${when}.${kept}`.replace(/^without a term after/, 'When'),
      ruled,
    );
  });
}

function notificationRows({ notifications }: Terms): RuleWords[] {
  return Object.entries(notifications).map(([id, { event, audience, channels, ...ruled }]) =>
    ruleRow(
      `notifications.${id}`,
      event.charAt(0).toUpperCase() + event.slice(1),
      `${spaced(audience)}${channels.length === 0 ? '' : `, by ${listed(channels.map(spaced), 'or')}`}`,
      ruled,
    ),
  );
}

function controlRows({ controls }: Terms): RuleWords[] {
  return Object.entries(controls).map(([id, { checks, every, ...ruled }]) =>
    ruleRow(`controls.${id}`, checks.en, `every ${every}`, ruled),
  );
}
