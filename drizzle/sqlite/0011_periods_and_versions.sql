CREATE TABLE `agreement_versions` (
	`id` text PRIMARY KEY NOT NULL,
	`agreement` text NOT NULL,
	`label` text NOT NULL,
	`valid_from` text NOT NULL,
	`source` text NOT NULL,
	`reason` text NOT NULL,
	`adopted_at` integer NOT NULL,
	`adopted_by` text NOT NULL,
	`withdrawn_at` integer,
	`withdrawn_by` text,
	`holds` text,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `agreement_versions_day` ON `agreement_versions` (`agreement`,`valid_from`,`holds`);--> statement-breakpoint
CREATE TABLE `closed_periods` (
	`id` text PRIMARY KEY NOT NULL,
	`component_id` text NOT NULL,
	`agreement` text NOT NULL,
	`period` text NOT NULL,
	`span_from` integer NOT NULL,
	`span_to` integer NOT NULL,
	`revision` integer NOT NULL,
	`document` text NOT NULL,
	`hash` text NOT NULL,
	`reason` text,
	`correction_id` text,
	`closed_at` integer NOT NULL,
	`closed_by` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `closed_periods_revision` ON `closed_periods` (`component_id`,`agreement`,`period`,`revision`);--> statement-breakpoint
CREATE INDEX `closed_periods_span` ON `closed_periods` (`component_id`,`span_from`);--> statement-breakpoint
CREATE TABLE `series_skips` (
	`series_id` text NOT NULL,
	`occurrence_at` integer NOT NULL,
	`reason` text NOT NULL,
	`skipped_at` integer NOT NULL,
	`skipped_by` text NOT NULL,
	PRIMARY KEY(`series_id`, `occurrence_at`),
	FOREIGN KEY (`series_id`) REFERENCES `maintenance_series`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
ALTER TABLE `ticket_events` ADD `sender_proof` text;--> statement-breakpoint
ALTER TABLE `tickets` ADD `sender_proof` text;--> statement-breakpoint
create trigger closed_periods_no_update before update on closed_periods begin select raise(abort, 'closed_periods is append-only'); end;
--> statement-breakpoint
create trigger closed_periods_no_delete before delete on closed_periods begin select raise(abort, 'closed_periods is append-only'); end;
--> statement-breakpoint
create trigger series_skips_no_update before update on series_skips begin select raise(abort, 'series_skips is append-only'); end;
--> statement-breakpoint
create trigger series_skips_no_delete before delete on series_skips begin select raise(abort, 'series_skips is append-only'); end;
