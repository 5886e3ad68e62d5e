CREATE TABLE "agreement_versions" (
	"id" text PRIMARY KEY NOT NULL,
	"agreement" text NOT NULL,
	"label" text NOT NULL,
	"valid_from" text NOT NULL,
	"source" text NOT NULL,
	"reason" text NOT NULL,
	"adopted_at" bigint NOT NULL,
	"adopted_by" text NOT NULL,
	"withdrawn_at" bigint,
	"withdrawn_by" text,
	"holds" text,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "closed_periods" (
	"id" text PRIMARY KEY NOT NULL,
	"component_id" text NOT NULL,
	"agreement" text NOT NULL,
	"period" text NOT NULL,
	"span_from" bigint NOT NULL,
	"span_to" bigint NOT NULL,
	"revision" integer NOT NULL,
	"document" text NOT NULL,
	"hash" text NOT NULL,
	"reason" text,
	"correction_id" text,
	"closed_at" bigint NOT NULL,
	"closed_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "series_skips" (
	"series_id" text NOT NULL,
	"occurrence_at" bigint NOT NULL,
	"reason" text NOT NULL,
	"skipped_at" bigint NOT NULL,
	"skipped_by" text NOT NULL,
	CONSTRAINT "series_skips_series_id_occurrence_at_pk" PRIMARY KEY("series_id","occurrence_at")
);
--> statement-breakpoint
ALTER TABLE "ticket_events" ADD COLUMN "sender_proof" text;--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "sender_proof" text;--> statement-breakpoint
ALTER TABLE "series_skips" ADD CONSTRAINT "series_skips_series_id_maintenance_series_id_fk" FOREIGN KEY ("series_id") REFERENCES "public"."maintenance_series"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "agreement_versions_day" ON "agreement_versions" USING btree ("agreement","valid_from","holds");--> statement-breakpoint
CREATE UNIQUE INDEX "closed_periods_revision" ON "closed_periods" USING btree ("component_id","agreement","period","revision");--> statement-breakpoint
CREATE INDEX "closed_periods_span" ON "closed_periods" USING btree ("component_id","span_from");--> statement-breakpoint
create trigger closed_periods_append_only before update or delete on closed_periods for each row execute function upheld_append_only();
--> statement-breakpoint
create trigger series_skips_append_only before update or delete on series_skips for each row execute function upheld_append_only();
