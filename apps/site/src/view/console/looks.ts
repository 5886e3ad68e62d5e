import { isMonth } from '@upheld/services/maintenance/calendar.ts';

/*
 * Buttons of the planner that look and do nothing else: what they change of the form is worked out here,
 * for the page without scripts and for the part of it that a script asks for.
 */

const WALL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/;
const TWO_HOURS_MS = 7_200_000;

/** Whether a text is a wall clock time as a field of type datetime-local has it. */
export function isWall(text: string): boolean {
  return WALL.test(text);
}

/**
 * What was typed, with what the button that was pressed makes of it: another window, another month of the
 * calendar, or nothing. Null where the button is to do something.
 */
export function lookedAt(data: FormData): FormData | null {
  const button = textOf(data, 'do');
  const [what, value = ''] = splitAt(button);
  switch (what) {
    case 'check':
      return data;
    case 'next':
      for (const name of ['from', 'to']) data.set(name, textOf(data, `next.${name}`));
      return data;
    case 'month':
      data.set('month.shown', value || textOf(data, 'month.go'));
      data.set('month.for', textOf(data, 'from'));
      return data;
    case 'begin': {
      const { from, to } = beganAt(value, textOf(data, 'from'), textOf(data, 'to'));
      data.set('from', from);
      data.set('to', to);
      return data;
    }
    default:
      return null;
  }
}

/** The same length on the clock from another begin on; two hours where there was none. */
export function beganAt(begin: string, from: string, to: string): { from: string; to: string } {
  if (!isWall(begin)) return { from, to };
  const length = Date.parse(`${to}Z`) - Date.parse(`${from}Z`);
  const end = Date.parse(`${begin}Z`) + (length > 0 ? length : TWO_HOURS_MS);
  return Number.isFinite(end)
    ? { from: begin, to: new Date(end).toISOString().slice(0, 16) }
    : { from, to };
}

/** The month that was asked for, as long as the begin is the one for which it was; else that of the begin. */
export function monthIn(data: { text(name: string): string }): string | null {
  const [shown, begin] = [data.text('month.shown'), data.text('from')];
  if (isMonth(shown) && data.text('month.for') === begin) return shown;
  const own = begin.slice(0, 7);
  return isMonth(own) ? own : null;
}

function splitAt(button: string): [string, string?] {
  const colon = button.indexOf(':');
  return colon < 0 ? [button] : [button.slice(0, colon), button.slice(colon + 1)];
}

function textOf(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === 'string' ? value : '';
}
