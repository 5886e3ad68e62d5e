CREATE TABLE `alerts` (
	`id` text PRIMARY KEY NOT NULL,
	`dedupe_key` text NOT NULL,
	`subject_id` text NOT NULL,
	`title_nl` text NOT NULL,
	`title_en` text NOT NULL,
	`raised_at` integer NOT NULL,
	`step` integer NOT NULL,
	`next_step_at` integer,
	`acknowledged_at` integer,
	`acknowledged_by` text,
	`closed_at` integer,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `alerts_dedupe` ON `alerts` (`dedupe_key`);--> statement-breakpoint
CREATE INDEX `alerts_next` ON `alerts` (`next_step_at`);--> statement-breakpoint
CREATE TABLE `audit_log` (
	`seq` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`via` text NOT NULL,
	`address` text,
	`action` text NOT NULL,
	`subject` text NOT NULL,
	`before` text,
	`after` text,
	`previous_hash` text NOT NULL,
	`hash` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_log_subject` ON `audit_log` (`subject`,`seq`);--> statement-breakpoint
CREATE TABLE `corrections` (
	`id` text PRIMARY KEY NOT NULL,
	`outage_id` text NOT NULL,
	`kind` text NOT NULL,
	`cause` text,
	`agreement` text,
	`severity` text,
	`maintenance_id` text,
	`reason` text NOT NULL,
	`evidence` text NOT NULL,
	`withdraws` text,
	`recorded_at` integer NOT NULL,
	`recorded_by` text NOT NULL,
	FOREIGN KEY (`outage_id`) REFERENCES `outages`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `corrections_outage` ON `corrections` (`outage_id`,`recorded_at`);--> statement-breakpoint
CREATE TABLE `duties_done` (
	`key` text PRIMARY KEY NOT NULL,
	`done_at` integer NOT NULL,
	`evidence` text NOT NULL,
	`recorded_at` integer NOT NULL,
	`recorded_by` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `idempotency` (
	`token_id` text NOT NULL,
	`key` text NOT NULL,
	`request_hash` text NOT NULL,
	`status` integer,
	`body` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`token_id`, `key`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_age` ON `idempotency` (`created_at`);--> statement-breakpoint
CREATE TABLE `maintenance_series` (
	`id` text PRIMARY KEY NOT NULL,
	`component_ids` text NOT NULL,
	`title_nl` text NOT NULL,
	`title_en` text NOT NULL,
	`text_nl` text NOT NULL,
	`text_en` text NOT NULL,
	`rrule` text NOT NULL,
	`zone` text NOT NULL,
	`local_start` text NOT NULL,
	`duration_seconds` integer NOT NULL,
	`announce_seconds` integer NOT NULL,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`ended_at` integer,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `postmortems` (
	`id` text PRIMARY KEY NOT NULL,
	`incident_id` text NOT NULL,
	`body_nl` text NOT NULL,
	`body_en` text NOT NULL,
	`published` integer NOT NULL,
	`recorded_at` integer NOT NULL,
	`recorded_by` text NOT NULL,
	FOREIGN KEY (`incident_id`) REFERENCES `incidents`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `postmortems_incident` ON `postmortems` (`incident_id`,`recorded_at`);--> statement-breakpoint
CREATE TABLE `templates` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`title_nl` text NOT NULL,
	`title_en` text NOT NULL,
	`body_nl` text NOT NULL,
	`body_en` text NOT NULL,
	`status` text,
	`updated_at` integer NOT NULL,
	`updated_by` text NOT NULL,
	`removed_at` integer,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `ticket_events` (
	`id` text PRIMARY KEY NOT NULL,
	`ticket_id` text NOT NULL,
	`kind` text NOT NULL,
	`at` integer NOT NULL,
	`type` text,
	`severity` text,
	`text` text NOT NULL,
	`recorded_at` integer NOT NULL,
	`recorded_by` text NOT NULL,
	FOREIGN KEY (`ticket_id`) REFERENCES `tickets`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `ticket_events_ticket` ON `ticket_events` (`ticket_id`,`at`);--> statement-breakpoint
CREATE TABLE `tickets` (
	`id` text PRIMARY KEY NOT NULL,
	`number` integer NOT NULL,
	`component_id` text NOT NULL,
	`type` text NOT NULL,
	`severity` text,
	`title` text NOT NULL,
	`reporter` text NOT NULL,
	`reporter_address` text,
	`language` text NOT NULL,
	`source` text NOT NULL,
	`incident_id` text,
	`reported_at` integer NOT NULL,
	`recorded_at` integer NOT NULL,
	`recorded_by` text NOT NULL,
	`responded_at` integer,
	`recovered_at` integer,
	`closed_at` integer,
	`paused_at` integer,
	`message_id` text,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tickets_number` ON `tickets` (`number`);--> statement-breakpoint
CREATE UNIQUE INDEX `tickets_message` ON `tickets` (`message_id`);--> statement-breakpoint
CREATE INDEX `tickets_component` ON `tickets` (`component_id`,`reported_at`);--> statement-breakpoint
ALTER TABLE `api_tokens` ADD `scopes` text;--> statement-breakpoint
ALTER TABLE `api_tokens` ADD `expires_at` integer;--> statement-breakpoint
ALTER TABLE `api_tokens` ADD `created_by` text;--> statement-breakpoint
ALTER TABLE `incident_changes` ADD `evidence` text;--> statement-breakpoint
ALTER TABLE `incident_changes` ADD `nature` text;--> statement-breakpoint
ALTER TABLE `incidents` ADD `acknowledged_at` integer;--> statement-breakpoint
ALTER TABLE `incidents` ADD `acknowledged_by` text;--> statement-breakpoint
ALTER TABLE `incidents` ADD `merged_into_id` text;--> statement-breakpoint
ALTER TABLE `maintenances` ADD `series_id` text;--> statement-breakpoint
ALTER TABLE `maintenances` ADD `occurrence_at` integer;--> statement-breakpoint
CREATE UNIQUE INDEX `maintenances_occurrence` ON `maintenances` (`series_id`,`occurrence_at`);--> statement-breakpoint
ALTER TABLE `subscribers` ADD `reminders` text;