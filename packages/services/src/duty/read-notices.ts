import type { Handle } from '@upheld/db/database.ts';
import { and, asc, eq } from '@upheld/db/query.ts';
import type { Duty, DutySubject } from '@upheld/domain/desk/duties.ts';
import {
  noticesUnder,
  type Happened,
  type Notice,
  type NoticeChannel,
  type Told,
} from '@upheld/domain/desk/notices.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { TicketMessage } from '@upheld/domain/notify/desk-messages.ts';
import type { NotificationContent } from '@upheld/domain/notify/message.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { ToldOf } from '@upheld/domain/sla/agreement-duties.ts';
import { rulesUnder } from '@upheld/domain/sla/rules.ts';
import { versionAt } from '@upheld/domain/sla/version.ts';
import type { Context } from '../context.ts';
import { coveringAgreements } from '../incident/owed.ts';
import { doneByHand } from './duty-facts.ts';

/** One thing that agreements may want told. */
interface Subject extends DutySubject {
  /** From when on it could be told. */
  since: Instant;
  /** By which version of an agreement it goes. */
  at: Instant;
  happened: Happened;
}

/**
 * What the agreements of an incident, a maintenance or a ticket ask to tell because of it, to whom and by
 * which ways, and what of it went out. Throws DomainError('not-found').
 */
export async function readNotices(ctx: Context, subjectId: string): Promise<Notice[]> {
  const h = ctx.db.read;
  const subject = await subjectOf(h, subjectId);
  if (!subject)
    throw new DomainError(
      'not-found',
      `there is no incident, maintenance or ticket "${subjectId}"`,
    );
  return noticesOf(h, ctx, subject);
}

/** The notice of that key as a duty without a term, which people can say they did; null where there is none. */
export async function noticeAsDuty(ctx: Context, key: string): Promise<Duty | null> {
  const h = ctx.db.read;
  const subject = await subjectOf(h, key.slice(key.lastIndexOf('/') + 1));
  const found = subject && (await noticesOf(h, ctx, subject)).find((one) => one.key === key);
  if (!found) return null;
  const { id, kind, title, componentIds, since } = subject;
  const { agreement, clause, event, byHand } = found;
  return {
    ...{ key, agreement, clause, since },
    what: { nl: event, en: event },
    subject: { id, kind, title, componentIds },
    ...{ due: null, atOnce: false, left: null, inTime: null },
    state: byHand ? 'done' : 'open',
    doneAt: byHand?.at ?? null,
    evidence: byHand?.evidence ?? null,
  };
}

async function noticesOf(h: Handle, ctx: Context, subject: Subject): Promise<Notice[]> {
  const done = await doneByHand(h);
  const covering = coveringAgreements(ctx, subject.componentIds).map(({ agreement }) => agreement);
  return [...new Set(covering)].flatMap((reference) => {
    const agreement = versionAt(ctx.agreements().get(reference), subject.at);
    const { id: subjectId, happened } = subject;
    return noticesUnder(rulesUnder(agreement), reference, { subjectId, happened }, done);
  });
}

async function subjectOf(h: Handle, id: string): Promise<Subject | null> {
  return (
    (await incidentSubject(h, id)) ??
    (await maintenanceSubject(h, id)) ??
    (await ticketSubject(h, id))
  );
}

async function incidentSubject(h: Handle, id: string): Promise<Subject | null> {
  const { q, t } = h;
  const [row] = await q.select().from(t.incidents).where(eq(t.incidents.id, id));
  if (!row) return null;
  const { incidentComponents: c, postmortems: p } = t;
  const touched = await q.select().from(c).where(eq(c.incidentId, id));
  const [postmortem] = await q
    .select({ at: p.recordedAt })
    .from(p)
    .where(and(eq(p.incidentId, id), eq(p.published, true)))
    .orderBy(asc(p.recordedAt))
    .limit(1);
  const messages = await messagesOf(h, id);
  const happened = new Map<ToldOf, ReadonlyMap<NoticeChannel, Told>>([
    ['outage', withRecord(tally(messages), 'status-page', row.noticedAt)],
  ]);
  if (postmortem) happened.set('rca', withRecord(new Map(), 'status-page', postmortem.at));
  return {
    id,
    kind: 'incident',
    title: { nl: row.titleNl, en: row.titleEn },
    since: row.startedAt,
    at: row.startedAt,
    componentIds: touched.map(({ componentId }) => componentId),
    happened,
  };
}

async function maintenanceSubject(h: Handle, id: string): Promise<Subject | null> {
  const { q, t } = h;
  const [row] = await q.select().from(t.maintenances).where(eq(t.maintenances.id, id));
  if (!row) return null;
  const { maintenanceComponents: c, announcements: a } = t;
  const touched = await q.select().from(c).where(eq(c.maintenanceId, id));
  const [first] = await q
    .select({ at: a.announcedAt })
    .from(a)
    .where(eq(a.maintenanceId, id))
    .orderBy(asc(a.announcedAt))
    .limit(1);
  const told = tally(await messagesOf(h, id, ({ kind }) => kind === 'maintenance'));
  return {
    id,
    kind: 'maintenance',
    title: { nl: row.titleNl, en: row.titleEn },
    since: row.createdAt,
    at: row.windowFrom,
    componentIds: touched.map(({ componentId }) => componentId),
    happened: new Map([
      ['maintenance', first ? withRecord(told, 'status-page', first.at) : told] as const,
    ]),
  };
}

/** Which messages to its reporter tell of what happened to a ticket. */
const TELLS: readonly [ToldOf, readonly TicketMessage[]][] = [
  ['received', ['received']],
  ['progress', ['responded', 'updated', 'paused', 'resumed', 'reopened', 'recovered', 'closed']],
  ['recategorised', ['recategorised']],
  ['restored', ['recovered']],
];

async function ticketSubject(h: Handle, id: string): Promise<Subject | null> {
  const { q, t } = h;
  const [row] = await q.select().from(t.tickets).where(eq(t.tickets.id, id));
  if (!row) return null;
  const events = await q
    .select({ kind: t.ticketEvents.kind, at: t.ticketEvents.recordedAt })
    .from(t.ticketEvents)
    .where(eq(t.ticketEvents.ticketId, id))
    .orderBy(asc(t.ticketEvents.recordedAt));
  const messages = await messagesOf(h, id);
  const happened = TELLS.flatMap(([event, kinds]): [ToldOf, ReadonlyMap<NoticeChannel, Told>][] => {
    const at =
      event === 'received'
        ? row.recordedAt
        : events.find(({ kind }) => kinds.some((one) => one === kind))?.at;
    if (at === undefined) return [];
    const told = messages.filter(
      ({ content }) => content.kind === 'ticket' && kinds.some((one) => one === content.event),
    );
    return [[event, withRecord(tally(told), 'ticket', at)]];
  });
  return {
    id,
    kind: 'ticket',
    title: { nl: `#${row.number} ${row.title}`, en: `#${row.number} ${row.title}` },
    since: row.reportedAt,
    at: row.reportedAt,
    componentIds: [row.componentId],
    happened: new Map(happened),
  };
}

interface MessageRow {
  channel: 'email' | 'sms' | 'webhook';
  state: string;
  settledAt: Instant | null;
  content: NotificationContent;
}

/** What the outbox has about one thing, the first settled first; confirmations and alerts are not about it. */
async function messagesOf(
  { q, t }: Handle,
  subjectId: string,
  wanted: (content: NotificationContent) => boolean = () => true,
): Promise<MessageRow[]> {
  const rows = await q
    .select({
      channel: t.outbox.channel,
      state: t.outbox.state,
      settledAt: t.outbox.settledAt,
      content: t.notifications.content,
    })
    .from(t.outbox)
    .innerJoin(t.notifications, eq(t.notifications.id, t.outbox.notificationId))
    .where(eq(t.notifications.subjectId, subjectId))
    .orderBy(asc(t.outbox.id));
  return rows.filter(({ content }) => wanted(content));
}

function tally(messages: readonly MessageRow[]): Map<NoticeChannel, Told> {
  const ways = new Map<NoticeChannel, Told>();
  for (const [channel, rows] of Map.groupBy(messages, (row) => row.channel)) {
    if (channel === 'webhook') continue;
    const sent = rows.filter(({ state }) => state === 'sent');
    const at = sent.flatMap(({ settledAt }) => settledAt ?? []);
    ways.set(channel, {
      sent: sent.length,
      waiting: rows.filter(({ settledAt }) => settledAt === null).length,
      failed: rows.filter(({ state }) => state === 'dead' || state === 'expired').length,
      firstAt: at.length === 0 ? null : Math.min(...at),
    });
  }
  return ways;
}

/** What is recorded is thereby on the page, or in the ticket. */
function withRecord(
  ways: ReadonlyMap<NoticeChannel, Told>,
  channel: 'status-page' | 'ticket',
  at: Instant,
): ReadonlyMap<NoticeChannel, Told> {
  return new Map([...ways, [channel, { sent: 1, waiting: 0, failed: 0, firstAt: at }]]);
}
