ALTER TABLE "incidents" ADD COLUMN "merged_at" bigint;--> statement-breakpoint
ALTER TABLE "incidents" ADD COLUMN "split_from_id" text;