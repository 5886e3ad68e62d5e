import type { DeskClock, Left } from '@upheld/domain/desk/clocks.ts';
import type { Duty, DutyState } from '@upheld/domain/desk/duties.ts';
import type { ToldEvent } from '@upheld/domain/desk/report-events.ts';
import type { TicketKind } from '@upheld/domain/sla/facts.ts';
import type { ClockVerdict } from '@upheld/domain/sla/statement-types.ts';
import type { AlertState } from '@upheld/services/alert/alert-view.ts';
import type { Context } from '@upheld/services/context.ts';
import { listIncidents, readIncident } from '@upheld/services/read/lists.ts';
import type { TicketEventKind, TicketState } from '@upheld/domain/desk/ticket.ts';
import { DESK_WORDS } from '@upheld/domain/desk/words.ts';
import { TERMS } from '@upheld/domain/terms.ts';
import { localDate } from '@upheld/domain/time/zoned.ts';
import type { Formats } from '../format.ts';
import type { Tone } from '../tones.ts';

/** What a state is called, and how it looks. */
export interface Shown {
  text: string;
  tone: Tone;
}

const { state, kind, waitsFor, level } = DESK_WORDS.en;

export const TICKET_STATE: Readonly<Record<TicketState, Shown>> = {
  open: { text: state.open, tone: 'down' },
  waiting: { text: state.waiting, tone: 'degraded' },
  recovered: { text: state.recovered, tone: 'ok' },
  closed: { text: state.closed, tone: 'unknown' },
};

export const DUTY_STATE: Readonly<Record<DutyState, Shown>> = {
  open: { text: 'Open', tone: 'unknown' },
  'due-soon': { text: 'Due soon', tone: 'degraded' },
  late: { text: 'Late', tone: 'down' },
  done: { text: 'Done', tone: 'ok' },
};

export const ALERT_STATE: Readonly<Record<AlertState, Shown>> = {
  calling: { text: 'Calling', tone: 'down' },
  unanswered: { text: 'Nobody answered', tone: 'down' },
  acknowledged: { text: 'Somebody is on it', tone: 'degraded' },
  over: { text: 'Over', tone: 'unknown' },
};

const VERDICT: Readonly<Record<ClockVerdict, Shown>> = {
  met: { text: 'Met', tone: 'ok' },
  missed: { text: 'Missed', tone: 'down' },
  running: { text: 'Running', tone: 'degraded' },
  'no-target': { text: 'No target', tone: 'unknown' },
};

/** How a clock stands, in a word. */
export function clockState({ verdict, paused, startedAt }: DeskClock): Shown {
  if (paused) return { text: 'Stands still', tone: 'unknown' };
  if (verdict === 'running' && startedAt === null) return { text: 'Not started', tone: 'unknown' };
  return VERDICT[verdict];
}

/** What is left until a moment, in the calendar of the agreement. */
export function serviceLeft({ serviceMs }: Left, f: Formats): string {
  const text = f.hours(Math.abs(serviceMs) / 1000);
  return serviceMs < 0 ? `${text} of service hours over` : `${text} of service hours left`;
}

export const TYPE_WORDS = kind;
export const PAUSE_WORDS = waitsFor;

/** A type and a level in words: "Incident, level B". */
export function placeWords(place: { type: TicketKind; severity: string | null }): string {
  return kind[place.type] + (place.severity === null ? '' : `, ${level(place.severity)}`);
}

export const TOLD_WORDS: Readonly<Record<ToldEvent, string>> = {
  'complaint-received': 'A complaint was received',
  'complaint-discussed': 'A complaint was talked about',
  'leak-established': 'A data leak was established',
  'rca-requested': 'An analysis of the cause was asked for',
  'restore-approved': 'The costs of a restore were approved',
  'restore-requested': 'A restore was asked for',
  'abuse-found': 'Abuse of an account was found',
  'change-refused': 'A change that was asked for will not be made',
  'test-environment-requested': 'A test environment was asked for',
  'data-requested': 'A copy of the data was asked for',
  'agreement-requested': 'A copy of an agreement was asked for',
  'audit-delivered': 'An audit report was delivered',
};

const EVENT_WORDS: Readonly<Record<TicketEventKind, string>> = {
  reported: 'Reported',
  responded: 'Answered',
  'work-started': 'Work started',
  'root-cause-found': TERMS.en.incidentStatus.identified,
  'workaround-delivered': 'Workaround delivered',
  updated: 'Update',
  'customer-said': 'The reporter wrote',
  happened: 'Happened',
  linked: 'Linked',
  paused: 'Waits',
  resumed: 'Waits no longer',
  recategorised: 'Placed elsewhere',
  recovered: state.recovered,
  reopened: 'Reopened',
  closed: 'Closed',
};

/** What was recorded, in a few words. */
export function eventWords(event: {
  kind: TicketEventKind;
  type: string | null;
  severity: string | null;
}): string {
  const { kind, type, severity } = event;
  const what = EVENT_WORDS[kind];
  if (type === null) return what;
  const words: Readonly<Record<string, string>> = {
    ...TYPE_WORDS,
    ...(kind === 'paused' ? PAUSE_WORDS : {}),
    ...(kind === 'happened' ? TOLD_WORDS : {}),
  };
  const said = Object.hasOwn(words, type) ? (words[type] ?? type) : type;
  return `${what}: ${said}${severity === null ? '' : `, ${level(severity)}`}`;
}

/** Every component, to choose from. */
export function componentOptions(ctx: Context) {
  return ctx
    .config()
    .groups.flatMap((group) => group.components)
    .map(({ id, name }) => ({ value: id, label: name.en }));
}

const MOST_INCIDENTS = 30;
const MOST_LOOKED_AT = 300;

/** The latest incidents of a component, to choose from; `chosen` is among them whatever it is of. */
export async function incidentOptions(ctx: Context, chosen: string | null, componentId: string) {
  const latest = (await listIncidents(ctx, { limit: MOST_LOOKED_AT }))
    .filter((one) => one.componentIds.includes(componentId))
    .slice(0, MOST_INCIDENTS);
  const isKnown = !chosen || latest.some(({ id }) => id === chosen);
  const other = isKnown ? null : await readIncident(ctx, chosen);
  return [
    { value: '', label: 'None' },
    ...[...(other ? [other] : []), ...latest].map(({ id, title, startedAt }) => ({
      value: id,
      label: `${title.en} (${localDate(startedAt, ctx.config().timezone)})`,
    })),
  ];
}

/** The obligations that somebody has to set off, of the agreements of a component. */
export function toldOptions(ctx: Context, componentId: string) {
  const [component] = ctx
    .config()
    .groups.flatMap((group) => group.components)
    .filter(({ id }) => id === componentId);
  const events = new Map<ToldEvent, string[]>();
  for (const { agreement } of component?.agreements ?? [])
    for (const { on, does } of Object.values(
      ctx.agreements().get(agreement).document.obligations,
    )) {
      const event = (Object.keys(TOLD_WORDS) as ToldEvent[]).find((known) => known === on?.event);
      if (event) events.set(event, [...(events.get(event) ?? []), does.en]);
    }
  return [...events].map(([value, does]) => ({
    value,
    label: `${TOLD_WORDS[value]}: ${does.join('; ')}`,
  }));
}

/** Where a duty is looked at more closely. */
export function subjectPath({ subject }: Pick<Duty, 'subject'>): string {
  const area = { ticket: 'tickets', incident: 'incidents', maintenance: 'maintenance' };
  return `/console/${area[subject.kind]}/${subject.id}`;
}
