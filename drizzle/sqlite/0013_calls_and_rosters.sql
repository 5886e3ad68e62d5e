CREATE TABLE `calls` (
	`id` text PRIMARY KEY NOT NULL,
	`person_id` text NOT NULL,
	`channel` text NOT NULL,
	`number` integer NOT NULL,
	`made_at` integer NOT NULL,
	`is_last` integer NOT NULL,
	FOREIGN KEY (`id`) REFERENCES `outbox`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `calls_number` ON `calls` (`person_id`,`channel`,`number`);--> statement-breakpoint
CREATE TABLE `roster_overrides` (
	`id` text PRIMARY KEY NOT NULL,
	`roster_id` text NOT NULL,
	`person_id` text NOT NULL,
	`starts_at` integer NOT NULL,
	`ends_at` integer NOT NULL,
	`made_at` integer NOT NULL,
	`made_by` text NOT NULL,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `roster_overrides_end` ON `roster_overrides` (`ends_at`);