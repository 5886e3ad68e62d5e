import { addLocalDays, startOfDate, wallOfDate } from '@upheld/domain/time/zoned.ts';
import type { AuditFilter, AuditView } from '@upheld/services/audit/list.ts';

/** The kinds of things that changes are done to, as the beginning of their actions. */
export const THINGS = [
  'account',
  'agreement',
  'alert',
  'correction',
  'duty',
  'incident',
  'maintenance',
  'outbox',
  'period',
  'roster',
  'series',
  'settings',
  'subscriber',
  'template',
  'ticket',
  'token',
] as const;

/** What an address of the page asks for, as it is typed into its fields. */
export interface AuditWish {
  actor: string;
  action: string;
  subject: string;
  address: string;
  /** Dates, both of them included. */
  from: string;
  to: string;
}

const NAMES = ['actor', 'action', 'subject', 'address', 'from', 'to'] as const;
const ACTION = /^[a-z-]+(\.[a-z-]+)?$/;

/** What is asked for; words that are no action and dates that are none are left out. */
export function auditWish(query: URLSearchParams): AuditWish {
  const asked = (name: string): string => (query.get(name) ?? '').trim().slice(0, 200);
  const date = (name: string): string => (wallOfDate(asked(name)) === null ? '' : asked(name));
  const action = asked('action');
  return {
    actor: asked('actor'),
    action: ACTION.test(action) ? action : '',
    subject: asked('subject'),
    address: asked('address'),
    from: date('from'),
    to: date('to'),
  };
}

/** The same as the services take it. */
export function auditFilter(wish: AuditWish, zone: string): AuditFilter {
  const { actor, action, subject, address, from, to } = wish;
  const lastDay = startOfDate(to, zone);
  return {
    actor: actor || undefined,
    action: action || undefined,
    subject: subject || undefined,
    address: address || undefined,
    from: startOfDate(from, zone) ?? undefined,
    to: lastDay === null ? undefined : addLocalDays(lastDay, 1, zone),
  };
}

/** The address of the log, or of `path`, with what is set of a wish. */
export function auditLink(
  wish: Partial<AuditWish> & { before?: string },
  path = '/console/audit',
): string {
  const set = [...NAMES, 'before' as const].flatMap((name): [string, string][] => {
    const value = wish[name] ?? '';
    return value === '' ? [] : [[name, value]];
  });
  return set.length === 0 ? path : `${path}?${new URLSearchParams(set).toString()}`;
}

/** What the changed thing is called, where the record says; an id tells a person little. */
export function subjectName({ before, after }: AuditView): string | null {
  for (const record of [after, before]) {
    if (record === null || typeof record !== 'object') continue;
    const { name, title, email } = record as Partial<Record<string, unknown>>;
    for (const one of [name, englishOf(title), title, email])
      if (typeof one === 'string' && one !== '') return one;
  }
  return null;
}

function englishOf(title: unknown): unknown {
  return title !== null && typeof title === 'object' && 'en' in title ? title.en : null;
}
