CREATE TABLE `announcements` (
	`id` text PRIMARY KEY NOT NULL,
	`maintenance_id` text NOT NULL,
	`announced_at` integer NOT NULL,
	`window_from` integer NOT NULL,
	`window_to` integer NOT NULL,
	`text_nl` text NOT NULL,
	`text_en` text NOT NULL,
	`announced_by` text NOT NULL,
	FOREIGN KEY (`maintenance_id`) REFERENCES `maintenances`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `announcements_maintenance` ON `announcements` (`maintenance_id`,`announced_at`);--> statement-breakpoint
CREATE TABLE `api_tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`hash` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_tokens_hash` ON `api_tokens` (`hash`);--> statement-breakpoint
CREATE TABLE `check_rollups` (
	`monitor_id` text NOT NULL,
	`bucket_at` integer NOT NULL,
	`ok` integer NOT NULL,
	`degraded` integer NOT NULL,
	`failed` integer NOT NULL,
	`inconclusive` integer NOT NULL,
	`latency_sum_ms` integer NOT NULL,
	`latency_max_ms` integer NOT NULL,
	PRIMARY KEY(`bucket_at`, `monitor_id`)
);
--> statement-breakpoint
CREATE TABLE `components` (
	`id` text PRIMARY KEY NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`removed_at` integer,
	`measured_since` integer
);
--> statement-breakpoint
CREATE TABLE `gaps` (
	`id` text PRIMARY KEY NOT NULL,
	`component_id` text NOT NULL,
	`monitor_id` text NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer,
	`reason` text NOT NULL,
	`detail` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `gaps_one_open_for_monitor` ON `gaps` (`monitor_id`) WHERE "gaps"."ended_at" is null;--> statement-breakpoint
CREATE INDEX `gaps_component` ON `gaps` (`component_id`,`started_at`);--> statement-breakpoint
CREATE TABLE `incident_changes` (
	`id` text PRIMARY KEY NOT NULL,
	`incident_id` text NOT NULL,
	`component_id` text NOT NULL,
	`agreement` text,
	`severity` text,
	`cause` text,
	`effective_from` integer NOT NULL,
	`reason` text NOT NULL,
	`recorded_at` integer NOT NULL,
	`recorded_by` text NOT NULL,
	FOREIGN KEY (`incident_id`) REFERENCES `incidents`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `incident_changes_incident` ON `incident_changes` (`incident_id`,`effective_from`);--> statement-breakpoint
CREATE TABLE `incident_components` (
	`incident_id` text NOT NULL,
	`component_id` text NOT NULL,
	PRIMARY KEY(`incident_id`, `component_id`),
	FOREIGN KEY (`incident_id`) REFERENCES `incidents`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`component_id`) REFERENCES `components`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `incident_updates` (
	`id` text PRIMARY KEY NOT NULL,
	`incident_id` text NOT NULL,
	`status` text NOT NULL,
	`body_nl` text NOT NULL,
	`body_en` text NOT NULL,
	`recorded_at` integer NOT NULL,
	`recorded_by` text NOT NULL,
	FOREIGN KEY (`incident_id`) REFERENCES `incidents`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `incident_updates_incident` ON `incident_updates` (`incident_id`,`recorded_at`);--> statement-breakpoint
CREATE TABLE `incidents` (
	`id` text PRIMARY KEY NOT NULL,
	`title_nl` text NOT NULL,
	`title_en` text NOT NULL,
	`status` text NOT NULL,
	`impact` text NOT NULL,
	`started_at` integer NOT NULL,
	`noticed_at` integer NOT NULL,
	`resolved_at` integer,
	`created_by` text NOT NULL,
	`open_for_component` text,
	`updated_at` integer NOT NULL,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `incidents_one_open_for_component` ON `incidents` (`open_for_component`) WHERE "incidents"."open_for_component" is not null;--> statement-breakpoint
CREATE INDEX `incidents_started` ON `incidents` (`started_at`);--> statement-breakpoint
CREATE TABLE `maintenance_components` (
	`maintenance_id` text NOT NULL,
	`component_id` text NOT NULL,
	PRIMARY KEY(`maintenance_id`, `component_id`),
	FOREIGN KEY (`maintenance_id`) REFERENCES `maintenances`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `maintenances` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`title_nl` text NOT NULL,
	`title_en` text NOT NULL,
	`reason` text,
	`window_from` integer NOT NULL,
	`window_to` integer NOT NULL,
	`cancelled_at` integer,
	`work_started_at` integer,
	`work_ended_at` integer,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`updated_at` integer NOT NULL,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `maintenances_window` ON `maintenances` (`window_from`);--> statement-breakpoint
CREATE TABLE `monitors` (
	`id` text PRIMARY KEY NOT NULL,
	`component_id` text NOT NULL,
	`state` text NOT NULL,
	`pending_state` text,
	`pending_since` integer,
	`pending_count` integer NOT NULL,
	`last_result_at` integer,
	`last_evidence` text,
	`version` integer NOT NULL,
	FOREIGN KEY (`component_id`) REFERENCES `components`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `notifications` (
	`id` text PRIMARY KEY NOT NULL,
	`subject_id` text NOT NULL,
	`content` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `notifications_subject` ON `notifications` (`subject_id`);--> statement-breakpoint
CREATE TABLE `outages` (
	`id` text PRIMARY KEY NOT NULL,
	`component_id` text NOT NULL,
	`monitor_id` text,
	`incident_id` text NOT NULL,
	`state` text NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer,
	`noticed_at` integer NOT NULL,
	FOREIGN KEY (`component_id`) REFERENCES `components`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`incident_id`) REFERENCES `incidents`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `outages_one_open_for_monitor` ON `outages` (`monitor_id`) WHERE "outages"."ended_at" is null and "outages"."monitor_id" is not null;--> statement-breakpoint
CREATE INDEX `outages_component` ON `outages` (`component_id`,`started_at`);--> statement-breakpoint
CREATE TABLE `outbox` (
	`id` text PRIMARY KEY NOT NULL,
	`dedupe_key` text NOT NULL,
	`channel` text NOT NULL,
	`notification_id` text NOT NULL,
	`subscriber_id` text NOT NULL,
	`lane` text NOT NULL,
	`state` text NOT NULL,
	`available_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`leased_by` text,
	`lease_until` integer,
	`attempts` integer NOT NULL,
	`reason` text,
	`receipt` text,
	`created_at` integer NOT NULL,
	`settled_at` integer,
	`version` integer NOT NULL,
	FOREIGN KEY (`notification_id`) REFERENCES `notifications`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`subscriber_id`) REFERENCES `subscribers`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `outbox_dedupe` ON `outbox` (`dedupe_key`);--> statement-breakpoint
CREATE INDEX `outbox_due` ON `outbox` (`available_at`) WHERE "outbox"."settled_at" is null;--> statement-breakpoint
CREATE INDEX `outbox_lane` ON `outbox` (`lane`,`id`) WHERE "outbox"."settled_at" is null;--> statement-breakpoint
CREATE TABLE `settings` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `subscribers` (
	`id` text PRIMARY KEY NOT NULL,
	`channel` text NOT NULL,
	`address` text NOT NULL,
	`address_key` text NOT NULL,
	`language` text NOT NULL,
	`state` text NOT NULL,
	`component_ids` text,
	`challenge_nonce` text,
	`challenge_expires_at` integer,
	`challenge_tries` integer NOT NULL,
	`challenge_sent_at` integer,
	`created_at` integer NOT NULL,
	`confirmed_at` integer,
	`unsubscribed_at` integer,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `subscribers_address` ON `subscribers` (`channel`,`address_key`);--> statement-breakpoint
CREATE INDEX `subscribers_state` ON `subscribers` (`state`);--> statement-breakpoint
CREATE TABLE `transitions` (
	`id` text PRIMARY KEY NOT NULL,
	`monitor_id` text NOT NULL,
	`component_id` text NOT NULL,
	`from_state` text NOT NULL,
	`to_state` text NOT NULL,
	`at` integer NOT NULL,
	`noticed_at` integer NOT NULL,
	`cause` text,
	`evidence` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `transitions_once` ON `transitions` (`monitor_id`,`at`,`to_state`);--> statement-breakpoint
CREATE INDEX `transitions_component` ON `transitions` (`component_id`,`at`);--> statement-breakpoint
CREATE TABLE `workers` (
	`id` text PRIMARY KEY NOT NULL,
	`started_at` integer NOT NULL,
	`beat_at` integer NOT NULL,
	`stopped_at` integer
);
