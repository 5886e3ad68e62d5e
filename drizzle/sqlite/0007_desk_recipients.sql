CREATE TABLE `__new_outbox` (
	`id` text PRIMARY KEY NOT NULL,
	`dedupe_key` text NOT NULL,
	`channel` text NOT NULL,
	`notification_id` text NOT NULL,
	`subscriber_id` text,
	`recipient` text,
	`lane` text NOT NULL,
	`state` text NOT NULL,
	`available_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`leased_by` text,
	`lease_until` integer,
	`attempts` integer NOT NULL,
	`doubt_since` integer,
	`reason` text,
	`receipt` text,
	`created_at` integer NOT NULL,
	`settled_at` integer,
	`version` integer NOT NULL,
	FOREIGN KEY (`notification_id`) REFERENCES `notifications`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`subscriber_id`) REFERENCES `subscribers`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
INSERT INTO `__new_outbox`("id", "dedupe_key", "channel", "notification_id", "subscriber_id", "lane", "state", "available_at", "expires_at", "leased_by", "lease_until", "attempts", "doubt_since", "reason", "receipt", "created_at", "settled_at", "version") SELECT "id", "dedupe_key", "channel", "notification_id", "subscriber_id", "lane", "state", "available_at", "expires_at", "leased_by", "lease_until", "attempts", "doubt_since", "reason", "receipt", "created_at", "settled_at", "version" FROM `outbox`;--> statement-breakpoint
DROP TABLE `outbox`;--> statement-breakpoint
ALTER TABLE `__new_outbox` RENAME TO `outbox`;--> statement-breakpoint
CREATE UNIQUE INDEX `outbox_dedupe` ON `outbox` (`dedupe_key`);--> statement-breakpoint
CREATE INDEX `outbox_due` ON `outbox` (`available_at`) WHERE "outbox"."settled_at" is null;--> statement-breakpoint
CREATE INDEX `outbox_lane` ON `outbox` (`lane`,`id`) WHERE "outbox"."settled_at" is null;--> statement-breakpoint
CREATE INDEX `outbox_subscriber` ON `outbox` (`subscriber_id`,`id`);--> statement-breakpoint
ALTER TABLE `alerts` ADD `escalation` text;--> statement-breakpoint
ALTER TABLE `ticket_events` ADD `message_id` text;--> statement-breakpoint
CREATE UNIQUE INDEX `ticket_events_message` ON `ticket_events` (`message_id`);