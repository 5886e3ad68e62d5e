ALTER TABLE `incidents` ADD `merged_at` integer;--> statement-breakpoint
ALTER TABLE `incidents` ADD `split_from_id` text;