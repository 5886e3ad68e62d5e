import { REMINDERS, type Reminder } from '@upheld/domain/notify/reminders.ts';
import type { PageView } from '@upheld/services/read/page-view.ts';

/** What a visitor filled in to get messages. */
export interface SubscribeWish {
  channel: 'email' | 'sms';
  email: string;
  phone: string;
  scope: 'all' | 'some';
  componentIds: readonly string[];
  /** Null: the usual reminders of the channel. */
  reminders: readonly Reminder[] | null;
  /** The page it was filled in on; null for the main page. */
  pageId: string | null;
}

export const EMPTY_WISH: SubscribeWish = {
  channel: 'email',
  email: '',
  phone: '',
  scope: 'all',
  componentIds: [],
  reminders: null,
  pageId: null,
};

/** What is wrong with a form: a reason that the dictionary knows, and the field it is about. */
export interface Problem {
  reason: string;
  field: string | null;
}

/**
 * The fields of a POST; null when its body is not a form, is too long to be one of ours, or has a NUL in
 * it, which no browser lets anybody type and no database of ours keeps.
 */
export async function readForm(request: Request): Promise<FormData | null> {
  try {
    const data = await request.formData();
    const texts = [...data.values()].filter((value) => typeof value === 'string');
    return texts.some((text) => text.includes('\0')) ? null : data;
  } catch {
    return null;
  }
}

export function field(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

export function subscribeWish(form: FormData): SubscribeWish {
  return {
    channel: field(form, 'channel') === 'sms' ? 'sms' : 'email',
    email: field(form, 'email'),
    phone: field(form, 'phone'),
    ...chosenComponents(form),
    reminders: chosenReminders(form) ?? null,
    pageId: field(form, 'page') || null,
  };
}

export function chosenComponents(form: FormData): Pick<SubscribeWish, 'scope' | 'componentIds'> {
  const ids = form.getAll('component').filter((id) => typeof id === 'string');
  return { scope: field(form, 'scope') === 'some' ? 'some' : 'all', componentIds: ids };
}

/** The reminders of a form; null for the usual ones, undefined where it does not ask for them. */
export function chosenReminders(form: FormData): readonly Reminder[] | null | undefined {
  if (!form.has('remind')) return undefined;
  if (field(form, 'remind') !== 'own') return null;
  const given = form.getAll('reminder');
  return REMINDERS.filter((reminder) => given.includes(reminder));
}

/** What can be told before the desk is asked; null when there is nothing. */
export function problemOf(wish: SubscribeWish, view: PageView): Problem | null {
  if (!view.channels[wish.channel]) return { reason: 'channel-off', field: 'channel' };
  if (addressOf(wish) === '')
    return { reason: 'invalid-address', field: wish.channel === 'sms' ? 'phone' : 'email' };
  return problemOfChoice(wish, view);
}

export function problemOfChoice(
  { scope, componentIds }: Pick<SubscribeWish, 'scope' | 'componentIds'>,
  view: PageView,
): Problem | null {
  if (scope === 'all') return null;
  if (componentIds.length === 0) return { reason: 'choose-one', field: 'component' };
  const known = idsOf(view);
  return componentIds.every((id) => known.includes(id))
    ? null
    : { reason: 'unknown-component', field: 'component' };
}

/** A refusal of the desk, in the fields of the form: that has one for the address of each channel. */
export function problemOfDesk(
  answer: { reason: string; field?: string },
  { channel }: SubscribeWish,
): Problem {
  const { reason, field: about } = answer;
  if (about === 'address') return { reason, field: channel === 'sms' ? 'phone' : 'email' };
  return { reason, field: about === 'componentIds' ? 'component' : null };
}

export function addressOf({ channel, email, phone }: SubscribeWish): string {
  return channel === 'sms' ? phone : email;
}

/** What the desk stores: null stands for everything, also what is added later. */
export function idsToStore(wish: SubscribeWish, view: PageView): readonly string[] | null {
  if (wish.scope === 'some') return wish.componentIds;
  return wish.pageId === null ? null : idsOf(view);
}

export function idsOf(view: PageView): readonly string[] {
  return view.groups.flatMap((group) => group.components.map(({ id }) => id));
}

const STATUS_OF_REASON: ReadonlyMap<string, number> = new Map([
  ['too-many-requests', 429],
  ['channel-off', 503],
]);

/** The HTTP status of a refused form; 422 unless its reason has one of its own. */
export function statusOf({ reason }: Problem): number {
  return STATUS_OF_REASON.get(reason) ?? 422;
}
