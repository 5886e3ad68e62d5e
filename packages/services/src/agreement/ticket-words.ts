import type { Terms } from '@upheld/domain/sla/agreement-schema.ts';
import type { ClockRule } from '@upheld/domain/sla/agreement-tickets.ts';
import type { ClockName } from '@upheld/domain/sla/statement-types.ts';
import { ruleRow, type RuleWords } from './rule-words.ts';
import { amountWords, listed, spaced, withinWords } from './value-words.ts';

const COUNTED = {
  'day-fraction': 'the open part of each day that has passed',
  'same-clock-time': 'the same clock time so many open days later',
  'end-of-day': 'the end of the last day',
} as const;

/** The clocks of one kind, one row for each target. */
export function ticketRows({ tickets }: Terms, clock: ClockName): RuleWords[] {
  if (!tickets) return [];
  const rows = Object.entries(tickets[clock]).flatMap(([name, rule]) => {
    const at = `tickets.${clock}.${name}`;
    const about = aboutWords(rule);
    const targets =
      rule.target === undefined
        ? Object.entries(rule.targets ?? {})
        : [[null, rule.target] as const];
    const runs = ruleRow(`${at}.start`, `${about}: the clock`, clockWords(rule, tickets), rule);
    const within = targets.map(([level, target]) =>
      ruleRow(
        level === null ? `${at}.target` : `${at}.targets.${level}`,
        level === null ? about : `${about} of severity ${level}`,
        `within ${amountWords(target)}`,
        { clause: rule.clause, strength: rule.strength },
      ),
    );
    return [
      ...(within.length > 0
        ? within
        : [ruleRow(`${at}.target`, about, 'no target', { clause: rule.clause })]),
      runs,
    ];
  });
  return rows.length > 0 && clock === 'response'
    ? [
        ...rows,
        ruleRow('tickets.workingDays', 'A working day', COUNTED[tickets.workingDays], {
          clause: '-',
        }),
        ruleRow(
          'tickets.recategorised',
          'Another severity',
          tickets.recategorised === 'restarts' ? 'starts the clock again' : 'leaves the clock',
          { clause: '-' },
        ),
      ]
    : rows;
}

function aboutWords({ kinds, levels }: ClockRule): string {
  const what = kinds === undefined ? 'Every report' : listed(kinds.map((kind) => `${kind}s`));
  const which = levels === undefined ? '' : ` of severity ${listed(levels, 'or')}`;
  return what.charAt(0).toUpperCase() + what.slice(1) + which;
}

function clockWords(rule: ClockRule, tickets: NonNullable<Terms['tickets']>): string {
  const { start, stop, calendar = tickets.calendar, pauses = tickets.pauses } = rule;
  const begins =
    'earliest' in start
      ? listed(start.earliest.map(spaced), 'or')
      : `${start.preferred.map(spaced).join(', else ')}${start.else === undefined ? '' : ', else at its own stop'}`;
  const stands = pauses.length === 0 ? '' : `; stands still for ${listed(pauses.map(spaced))}`;
  const half = rule.halfTimeUpdate ? '; an update is due at half time' : '';
  return `from ${begins} to ${listed(stop.earliest.map(spaced), 'or')}, in ${withinWords(calendar)}${stands}${half}`;
}

/** The share of reports that must be within target. */
export function attainmentRows({ attainment }: Terms): RuleWords[] {
  return Object.entries(attainment?.groups ?? {}).map(([name, { levels, norm, ...ruled }]) =>
    ruleRow(
      `attainment.groups.${name}`,
      `Reports of severity ${listed(levels, 'or')}`,
      `${norm}% within target`,
      ruled,
    ),
  );
}
