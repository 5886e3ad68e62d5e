import { MAINTENANCE_KINDS, type MaintenanceKind } from '@upheld/domain/maintenance/maintenance.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { faultOfRule } from '@upheld/domain/maintenance/recurrence.ts';
import { wallOf, weekdayOfWall } from '@upheld/domain/time/zoned.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { componentsOf } from '@upheld/services/components.ts';
import type { Context } from '@upheld/services/context.ts';
import {
  maintenanceCalendar,
  type AskedCalendar,
  type MaintenanceCalendar,
} from '@upheld/services/maintenance/calendar.ts';
import {
  previewAnnouncement,
  previewReannouncement,
} from '@upheld/services/maintenance/preview-announcement.ts';
import { planMaintenance, type MaintenancePlan } from '@upheld/services/maintenance/plan.ts';
import { TITLES } from '@upheld/services/maintenance/new-maintenance.ts';
import { tellingOf } from '@upheld/services/maintenance/said.ts';
import { previewSeries } from '@upheld/services/maintenance/series.ts';
import { readMaintenance } from '@upheld/services/read/lists.ts';
import { previewNotification, type NotificationPreview } from '@upheld/services/outbox/preview.ts';
import { forms, type FormState, type Posted } from '../../console/forms.ts';
import { monthIn } from './looks.ts';
import { verdictWords } from './maintenance.ts';

const CALENDAR_DAYS = 14;
const DAY_SECONDS = 86_400;

/** What was filled in so far, as the planner takes it. */
export interface Planned {
  componentIds: string[];
  kind: MaintenanceKind;
  from: number;
  to: number;
  title: Localised | undefined;
  text: Localised;
  reason: string | undefined;
}

/** What the page shows of what was filled in. */
export interface Check {
  plan: MaintenancePlan | null;
  /** Two weeks around it. */
  calendar: MaintenanceCalendar | null;
  /** The month that is looked at; null while nothing is chosen that it could be of. */
  month: { month: string; calendar: MaintenanceCalendar } | null;
  /** The begin and the end as they are typed. */
  typed: { from: string; to: string };
  preview: NotificationPreview | null;
  /** When it would come back; null where it would not. */
  next: { from: number; to: number }[] | null;
  /** What keeps it from being judged. */
  message: string | null;
  /** Whether announcing it now would break a contract. */
  breaks: boolean;
}

/** How often: a choice of the form, and the rule that it means for a first start. */
export const REPEATS = [
  { value: 'once', label: 'Once' },
  { value: 'weekly', label: 'Every week' },
  { value: 'fortnightly', label: 'Every two weeks' },
  { value: 'monthly', label: 'Every month on that weekday' },
  { value: 'custom', label: 'By a rule (RRULE)' },
] as const;

const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/** Throws DomainError('invalid-input') for moments that are none. */
export function plannedOf(form: Posted, zone: string): Planned {
  const title = form.pair('title');
  return {
    componentIds: form.texts('componentIds'),
    kind: MAINTENANCE_KINDS.find((kind) => kind === form.text('kind')) ?? 'planned',
    from: form.moment('from', zone) ?? NaN,
    to: form.moment('to', zone) ?? NaN,
    title: title.nl === '' && title.en === '' ? undefined : title,
    text: form.pair('text'),
    reason: form.optional('reason'),
  };
}

/** The rule of a maintenance that comes back; null for one that does not. */
export function ruleFrom(form: Posted, from: number, zone: string): string | null {
  const wall = wallOf(from, zone);
  const weekday = WEEKDAYS[weekdayOfWall(wall) - 1] ?? 'SU';
  // The fifth one of a month is not in every month: then it is the last.
  const nth = Math.ceil(new Date(wall).getUTCDate() / 7);
  switch (form.text('repeat')) {
    case 'weekly':
      return `FREQ=WEEKLY;BYDAY=${weekday}`;
    case 'fortnightly':
      return `FREQ=WEEKLY;INTERVAL=2;BYDAY=${weekday}`;
    case 'monthly':
      return `FREQ=MONTHLY;BYDAY=${nth > 4 ? '-1' : nth}${weekday}`;
    case 'custom':
      return form.text('rrule');
    default:
      return null;
  }
}

/** The series that a form describes, as its verb takes it; null where it comes once. */
export function seriesFrom(form: Posted, planned: Planned, zone: string) {
  const rrule = ruleFrom(form, planned.from, zone);
  if (rrule === null) return null;
  const { componentIds, title, text, from, to } = planned;
  return {
    componentIds,
    title,
    text,
    rrule,
    localStart: new Date(wallOf(from, zone)).toISOString().slice(0, 19),
    durationSeconds: (to - from) / 1000,
    announceSeconds: Math.round(Number(form.text('announceDays')) * DAY_SECONDS),
  };
}

/** Everything that is to be seen before the button is pressed. Stores nothing. */
export async function checkOf(ctx: Context, form: Posted): Promise<Check> {
  const zone = ctx.config().timezone;
  const componentIds = form.texts('componentIds');
  const nothing = await nothingOf(ctx, form, { componentIds });
  if (componentIds.length === 0)
    return {
      ...nothing,
      message: 'Choose what the work touches to see what it means for each contract.',
    };
  if (!form.has('from') || form.text('from') === '' || form.text('to') === '')
    return { ...nothing, message: 'Say when the work begins and ends to see what it means.' };
  return faultsAsMessage(nothing, async () => {
    const planned = plannedOf(form, zone);
    const { kind, from, to } = planned;
    const plan = await planMaintenance(ctx, { componentIds, kind, from, to });
    const series = seriesFrom(form, planned, zone);
    const isRule = series !== null && faultOfRule(series.rrule) === null;
    return {
      ...nothing,
      plan,
      calendar: await around(ctx, { componentIds }, from),
      preview: await previewOf(ctx, planned),
      next: isRule ? previewSeries(ctx, pick(series)) : null,
      message: null,
      // Each occurrence of a series is announced at its own moment, not now.
      breaks: series === null && plan.verdicts.some((one) => verdictWords(one).breaks),
    };
  });
}

/** The same for a maintenance that is announced and would get another window. */
export async function checkMoveOf(ctx: Context, form: Posted, id: string): Promise<Check> {
  const zone = ctx.config().timezone;
  const view = await readMaintenance(ctx, id);
  const touched = { componentIds: view?.componentIds ?? [], except: id };
  const nothing = await nothingOf(ctx, form, touched);
  return faultsAsMessage(nothing, async () => {
    const from = form.moment('from', zone) ?? NaN;
    const to = form.moment('to', zone) ?? NaN;
    const plan = await planMaintenance(ctx, { maintenanceId: id, from, to });
    return {
      ...nothing,
      plan,
      calendar: await around(ctx, { ...touched, componentIds: plan.componentIds }, from),
      preview: await previewOfMove(ctx, form, id),
      next: null,
      message: null,
      breaks: plan.verdicts.some((one) => verdictWords(one).breaks),
    };
  });
}

/** What a calendar is of. */
type Touched = Pick<AskedCalendar, 'componentIds' | 'except'>;

/** What is seen while nothing can be judged: the calendar of what it touches. */
async function nothingOf(
  ctx: Context,
  form: Posted,
  { componentIds, except }: Touched,
): Promise<Check> {
  const month = monthIn(form);
  const known = componentIds.filter((id) => componentsOf(ctx.config()).has(id));
  const calendar =
    month !== null && known.length > 0
      ? await maintenanceCalendar(ctx, { componentIds: known, except, span: { month } })
      : null;
  return {
    plan: null,
    calendar: null,
    month: month !== null && calendar ? { month, calendar } : null,
    typed: { from: form.text('from'), to: form.text('to') },
    preview: null,
    next: null,
    message: null,
    breaks: false,
  };
}

function around(ctx: Context, touched: Touched, at: number): Promise<MaintenanceCalendar> {
  return maintenanceCalendar(ctx, { ...touched, span: { around: at, days: CALENDAR_DAYS } });
}

async function faultsAsMessage(nothing: Check, work: () => Promise<Check>): Promise<Check> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const line = error.message.replace(/^(from|to) /, (_, name) =>
      name === 'from' ? 'The begin ' : 'The end ',
    );
    return { ...nothing, message: `${line.charAt(0).toUpperCase()}${line.slice(1)}.` };
  }
}

function pick(series: NonNullable<ReturnType<typeof seriesFrom>>) {
  const { rrule, localStart, durationSeconds } = series;
  return { rrule, localStart, durationSeconds };
}

/**
 * What announcing what was filled in would send; of a change where the form names a maintenance. Null while
 * there is no text in both languages. Throws DomainError as announcing it would.
 */
export async function sentOf(ctx: Context, form: Posted): Promise<NotificationPreview | null> {
  const zone = ctx.config().timezone;
  const text = form.pair('text');
  if (text.nl === '' || text.en === '') return null;
  const planned = plannedOf(form, zone);
  const { from, to } = planned;
  const maintenanceId = form.optional('maintenanceId');
  return maintenanceId === undefined
    ? previewAnnouncement(ctx, planned)
    : previewReannouncement(ctx, { maintenanceId, from, to, text });
}

async function previewOfMove(
  ctx: Context,
  form: Posted,
  id: string,
): Promise<NotificationPreview | null> {
  const zone = ctx.config().timezone;
  const view = await readMaintenance(ctx, id);
  const text = form.pair('text');
  const from = form.moment('from', zone);
  const to = form.moment('to', zone);
  if (!view || text.nl === '' || text.en === '' || from === undefined || to === undefined)
    return null;
  const { title, componentIds } = view;
  const content = tellingOf(ctx, {
    event: 'changed',
    maintenanceId: id,
    title,
    text,
    componentIds,
    from,
    to,
    at: ctx.clock.now(),
  });
  return previewNotification(ctx, content, componentIds);
}

/** Null while there is no text in both languages. */
async function previewOf(ctx: Context, planned: Planned): Promise<NotificationPreview | null> {
  const { text, title, componentIds, from, to } = planned;
  if (text.nl === '' || text.en === '') return null;
  const content = tellingOf(ctx, {
    event: 'announced',
    maintenanceId: 'preview',
    title: title && title.nl !== '' && title.en !== '' ? title : TITLES[planned.kind],
    text,
    componentIds,
    from,
    to,
    at: ctx.clock.now(),
  });
  return previewNotification(ctx, content, componentIds);
}

/** A form that was sent to be looked at and not to be done: it shows what was typed, and refuses nothing. */
export function typedForm(verb: string, data: FormData): FormState {
  return { ...forms({ verb, data, message: '', faults: [] }, null).form(verb), refused: false };
}
