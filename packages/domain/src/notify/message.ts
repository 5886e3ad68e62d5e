import type { IncidentStatus } from '../incident/incident.ts';
import type { Instant } from '../ports.ts';
import type { Language, Localised } from '../text.ts';
import type {
  AccountNotification,
  AlertNotification,
  InvitationNotification,
  TestNotification,
  TicketNotification,
} from './desk-messages.ts';
import type { Reminder } from './reminders.ts';

/** What there is to tell, with everything a message needs: rendering reads nothing else. */
export type NotificationContent =
  | IncidentNotification
  | MaintenanceNotification
  | ReminderNotification
  | ChallengeNotification
  | AlertNotification
  | TicketNotification
  | InvitationNotification
  | TestNotification
  | AccountNotification;

export interface IncidentNotification {
  kind: 'incident';
  event: 'opened' | 'updated' | 'resolved';
  incidentId: string;
  title: Localised;
  status: IncidentStatus;
  body: Localised;
  components: readonly { id: string; name: Localised }[];
  startedAt: Instant;
  at: Instant;
}

export interface MaintenanceNotification {
  kind: 'maintenance';
  event: 'announced' | 'changed' | 'cancelled';
  maintenanceId: string;
  title: Localised;
  body: Localised;
  components: readonly { id: string; name: Localised }[];
  from: Instant;
  to: Instant;
  at: Instant;
}

/** What somebody was told before, at the moment when it matters. */
export interface ReminderNotification {
  kind: 'reminder';
  reminder: Reminder;
  maintenanceId: string;
  title: Localised;
  /** Of the last announcement. */
  body: Localised;
  components: readonly { id: string; name: Localised }[];
  from: Instant;
  to: Instant;
  /** From here on it is not sent any more. */
  until: Instant;
}

/** "Is this you?": the token or code is derived from the subscriber's nonce when it is rendered. */
export interface ChallengeNotification {
  kind: 'challenge';
  subscriberId: string;
  nonce: string;
  /** What they wish; in force once they prove that the address is theirs. */
  choice?: {
    language: Language;
    componentIds: readonly string[] | null;
    /** Null: those of the channel's default. Left out by versions that knew of no choice. */
    reminders?: readonly Reminder[] | null;
  };
}
