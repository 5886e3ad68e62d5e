import { TICKET_EVENT_KINDS } from '@upheld/domain/desk/ticket.ts';
import type { Kit } from '../kit.ts';
import { LANGUAGES } from '@upheld/domain/text.ts';

/** Reports of customers, what is owed because of them, and who is called. */
export function deskTables(k: Kit) {
  const tickets = k.table(
    'tickets',
    {
      id: k.id('id').primaryKey(),
      /** What people say to each other: 1, 2, 3 … */
      number: k.int('number').notNull(),
      componentId: k.id('component_id').notNull(),
      /** As the agreement of the component names them. */
      type: k.text('type').notNull(),
      severity: k.text('severity'),
      title: k.text('title').notNull(),
      reporter: k.text('reporter').notNull(),
      /** Where an answer goes to, when it came by mail. */
      reporterAddress: k.text('reporter_address'),
      language: k.oneOf('language', LANGUAGES).notNull(),
      source: k.oneOf('source', ['console', 'api', 'cli', 'mail']).notNull(),
      /** Of mail: whether its domain signed it or refuses it; null where nobody could tell. */
      senderProof: k.oneOf('sender_proof', ['proven', 'refuted']),
      incidentId: k.id('incident_id'),
      /** When the customer reported it, which its clocks start from; `recordedAt` is when we knew. */
      reportedAt: k.instant('reported_at').notNull(),
      recordedAt: k.instant('recorded_at').notNull(),
      recordedBy: k.text('recorded_by').notNull(),
      respondedAt: k.instant('responded_at'),
      recoveredAt: k.instant('recovered_at'),
      closedAt: k.instant('closed_at'),
      pausedAt: k.instant('paused_at'),
      /** Message-ID of the mail it came by: the same mail twice makes one ticket. */
      messageId: k.text('message_id'),
      version: k.int('version').notNull(),
    },
    (t) => [
      k.uniqueIndex('tickets_number').on(t.number),
      k.uniqueIndex('tickets_message').on(t.messageId),
      k.index('tickets_component').on(t.componentId, t.reportedAt),
    ],
  );

  // Append-only: all that was done and said, with when it held and when it was recorded.
  const ticketEvents = k.table(
    'ticket_events',
    {
      id: k.id('id').primaryKey(),
      ticketId: k
        .id('ticket_id')
        .notNull()
        .references(() => tickets.id),
      kind: k.oneOf('kind', TICKET_EVENT_KINDS).notNull(),
      at: k.instant('at').notNull(),
      /** The type after a recategorisation; why it waits; what happened that an agreement speaks of. */
      type: k.text('type'),
      severity: k.text('severity'),
      /** Why it waits, why it was recategorised; what was said. */
      text: k.text('text').notNull(),
      /** Message-ID of the mail it came by: the same mail twice is one event. */
      messageId: k.text('message_id'),
      /** As of the ticket itself. */
      senderProof: k.oneOf('sender_proof', ['proven', 'refuted']),
      recordedAt: k.instant('recorded_at').notNull(),
      recordedBy: k.text('recorded_by').notNull(),
    },
    (t) => [
      k.index('ticket_events_ticket').on(t.ticketId, t.at),
      k.uniqueIndex('ticket_events_message').on(t.messageId),
    ],
  );

  // What an agreement asks for at a moment, and the proof that it was done. One row a duty: its key.
  const dutiesDone = k.table('duties_done', {
    /** Agreement, rule and subject of the duty, as domain/desk/duties.ts makes it. */
    key: k.text('key').primaryKey(),
    doneAt: k.instant('done_at').notNull(),
    /** What was sent or done: an id of a message, an update, a document, or words. */
    evidence: k.text('evidence').notNull(),
    recordedAt: k.instant('recorded_at').notNull(),
    recordedBy: k.text('recorded_by').notNull(),
  });

  // Someone is to be called. Goes from one person to the next until somebody acknowledges it.
  const alerts = k.table(
    'alerts',
    {
      id: k.id('id').primaryKey(),
      /** What it is about, once: 'incident:…', 'duty:…'. */
      dedupeKey: k.text('dedupe_key').notNull(),
      subjectId: k.id('subject_id').notNull(),
      /** The escalation of the configuration that it follows. */
      escalation: k.text('escalation'),
      titleNl: k.text('title_nl').notNull(),
      titleEn: k.text('title_en').notNull(),
      raisedAt: k.instant('raised_at').notNull(),
      /** How many people were called so far, and when the next one is. */
      step: k.int('step').notNull(),
      nextStepAt: k.instant('next_step_at'),
      acknowledgedAt: k.instant('acknowledged_at'),
      acknowledgedBy: k.text('acknowledged_by'),
      closedAt: k.instant('closed_at'),
      version: k.int('version').notNull(),
    },
    (t) => [
      k.uniqueIndex('alerts_dedupe').on(t.dedupeKey),
      k.index('alerts_next').on(t.nextStepAt),
    ],
  );

  // Somebody is on call in the place of whoever the roster names.
  const rosterOverrides = k.table(
    'roster_overrides',
    {
      id: k.id('id').primaryKey(),
      /** Roster and person in the configuration. */
      rosterId: k.text('roster_id').notNull(),
      personId: k.text('person_id').notNull(),
      startsAt: k.instant('starts_at').notNull(),
      /** Moved forward by whoever hands back before it is over. */
      endsAt: k.instant('ends_at').notNull(),
      madeAt: k.instant('made_at').notNull(),
      madeBy: k.text('made_by').notNull(),
      version: k.int('version').notNull(),
    },
    (t) => [k.index('roster_overrides_end').on(t.endsAt)],
  );

  // Texts that engineers start from, in both languages.
  const templates = k.table('templates', {
    id: k.id('id').primaryKey(),
    kind: k.oneOf('kind', ['incident', 'maintenance']).notNull(),
    name: k.text('name').notNull(),
    titleNl: k.text('title_nl').notNull(),
    titleEn: k.text('title_en').notNull(),
    bodyNl: k.text('body_nl').notNull(),
    bodyEn: k.text('body_en').notNull(),
    /** Of an incident update. */
    status: k.text('status'),
    updatedAt: k.instant('updated_at').notNull(),
    updatedBy: k.text('updated_by').notNull(),
    removedAt: k.instant('removed_at'),
    version: k.int('version').notNull(),
  });

  return { tickets, ticketEvents, dutiesDone, alerts, rosterOverrides, templates };
}
