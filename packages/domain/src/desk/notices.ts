import type { Instant } from '../ports.ts';
import type { NotificationRule, ToldOf } from '../sla/agreement-duties.ts';
import type { Rules } from '../sla/rules.ts';
import { dutyKey, type Proof } from './duties.ts';

/** A way by which an agreement wants somebody told. */
export type NoticeChannel = NotificationRule['channels'][number];

/** What went out by one way, as far as the product did it. */
export interface Told {
  /** To so many. */
  sent: number;
  /** So many are still to go out. */
  waiting: number;
  /** So many were given up. */
  failed: number;
  firstAt: Instant | null;
}

/** One way that an agreement names, and what is known of it. */
export interface NoticeWay {
  channel: NoticeChannel;
  /** Null where only people can do it: a letter, a telephone call. */
  told: Told | null;
}

/** What an agreement asks to tell, and what was told. */
export interface Notice {
  /** The key of the duty by which people say that they told. */
  key: string;
  agreement: string;
  clause: string;
  /** In the words of the agreement file. */
  event: string;
  audience: NotificationRule['audience'];
  ways: readonly NoticeWay[];
  /** The agreement names no way: what went out by any is shown. */
  anyWay: boolean;
  /** What people said that they did. */
  byHand: Proof | null;
}

/** What happened, with what went out because of it, by the ways that the product has. */
export type Happened = ReadonlyMap<ToldOf, ReadonlyMap<NoticeChannel, Told>>;

const NOTHING: Told = { sent: 0, waiting: 0, failed: 0, firstAt: null };
const BY_PRODUCT: readonly NoticeChannel[] = ['email', 'sms', 'status-page', 'ticket'];

/**
 * What an agreement asks to tell because of what happened to one thing, and by which of its ways that went
 * out. It judges nothing: an agreement that names several ways does not say whether one of them is enough.
 */
export function noticesUnder(
  rules: Rules,
  agreement: string,
  { subjectId, happened }: { subjectId: string; happened: Happened },
  done: ReadonlyMap<string, Proof>,
): Notice[] {
  return Object.entries(rules.terms.notifications).flatMap(([name, rule]): Notice[] => {
    const found = (rule.on ?? []).flatMap((event) => happened.get(event) ?? []);
    if (found.length === 0) return [];
    const toldBy = (channel: NoticeChannel): Told | undefined =>
      found.flatMap((ways) => ways.get(channel) ?? []).at(0);
    const anyWay = rule.channels.length === 0;
    const ways = anyWay
      ? BY_PRODUCT.flatMap((channel) => {
          const told = toldBy(channel);
          return told ? [{ channel, told }] : [];
        })
      : rule.channels.map((channel) => ({
          channel,
          told: BY_PRODUCT.includes(channel) ? (toldBy(channel) ?? NOTHING) : null,
        }));
    const key = dutyKey(agreement, `tell-${name}`, subjectId);
    const { clause, event, audience } = rule;
    return [
      { key, agreement, clause, event, audience, ways, anyWay, byHand: done.get(key) ?? null },
    ];
  });
}

/** Whether people may still say that they told: nothing shows that it was done by every way. */
export function isToTick({ ways, anyWay, byHand }: Notice): boolean {
  if (byHand !== null) return false;
  return anyWay
    ? !ways.some(({ told }) => told !== null && told.sent > 0)
    : ways.some(({ told }) => told === null || told.sent + told.waiting === 0);
}
